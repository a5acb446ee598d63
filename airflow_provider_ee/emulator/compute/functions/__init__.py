"""Earth Engine's functions, by subject. `table.py` beside this folder gives each its name and signature."""
