"""Files that exports write and imports read."""
