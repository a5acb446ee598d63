"""Wait for Earth Engine on the event loop of a triggerer, at no worker's cost."""
