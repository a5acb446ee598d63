"""Manifests: which files become which asset. Checked field by field before anything is sent.

https://developers.google.com/earth-engine/guides/image_manifest
https://developers.google.com/earth-engine/guides/table_manifest
"""
