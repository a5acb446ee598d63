"""What the emulator knows: operations, assets, callers, and what it was asked. No HTTP."""
