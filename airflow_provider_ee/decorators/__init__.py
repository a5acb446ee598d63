"""Functions that use `ee`, as tasks."""
