"""Wait for what happens at Earth Engine."""
