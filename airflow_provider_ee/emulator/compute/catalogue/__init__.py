"""The public catalogue, and how anything is loaded by its id."""
