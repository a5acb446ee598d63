"""The other side of the emulator: what tests set, arm, seed and read."""
