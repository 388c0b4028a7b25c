"""A living demo city: cases played out by the real services over the last years, the same for the same seed."""
