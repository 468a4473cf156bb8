"""The guards and their order."""
