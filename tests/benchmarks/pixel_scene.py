"""The image that is fetched in several ways. Apart from Earth Engine's code, which is not to be in their memory."""

from airflow_provider_ee.client.pixels.grids.grid import PixelGrid

__all__ = ["ASSET", "BANDS", "GRID", "SCENE", "SIDE"]

#: The first so many columns and rows of an asset.
ASSET, SIDE, BANDS = "EMULATOR/S2", 8192, ("B4", "B3", "B2")
GRID = PixelGrid("EPSG:32632", (10.0, 0.0, 600000.0, 0.0, -10.0, 5400000.0), SIDE, SIDE)

#: The file of a folder in which the right pixels are.
SCENE = "scene.npy"
