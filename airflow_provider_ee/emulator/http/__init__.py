"""From HTTP to calls of Earth Engine's methods and back, and where the two are made to go wrong."""
