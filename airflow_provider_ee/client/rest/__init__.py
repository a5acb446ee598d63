"""What can be asked of Earth Engine's REST API, and what an answer means. No I/O."""
