"""Signs that a figure was looked after rather than the case behind it: for review, never a verdict."""
