"""Send requests: the only code of the client that does I/O."""
