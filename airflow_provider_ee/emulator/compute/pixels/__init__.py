"""Grids of pixels, lazy rasters, and the bytes of small images."""
