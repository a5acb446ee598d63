"""Poll Earth Engine once for all triggers of a process."""
