"""Earth Engine's functions, by subject. `algorithms.py` beside this folder gives each its name and signature."""
