"""Tools for those who test: the checks that compare an Earth Engine with what this provider assumes of it."""
