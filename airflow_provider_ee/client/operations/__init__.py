"""Long-running operations: start exactly one, find, wait for, cancel."""
