"""Start work at Earth Engine, and finish when it has finished."""
