"""What the API accepts: every request message of the emulator, field by field.

Written by hand from Google's REST reference, so that the emulator and the provider cannot share a misunderstanding.
"""
