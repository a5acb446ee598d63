"""Pixel grids: describe, choose and cut them into tiles."""
