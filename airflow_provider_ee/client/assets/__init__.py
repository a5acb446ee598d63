"""What is stored at Earth Engine: the tree of assets, what is written on each, and who may do what with it.

https://developers.google.com/earth-engine/guides/asset_manager
"""
