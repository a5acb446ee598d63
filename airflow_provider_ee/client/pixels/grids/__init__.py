"""Which pixels: a grid from the arguments of a user or from a region, its tiles, and their requests."""
