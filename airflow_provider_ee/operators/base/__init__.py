"""What operators share: run at once, or start, wait for and cancel an operation."""
