"""Google's own client against the emulator, over a real port: it keeps the emulator honest."""
