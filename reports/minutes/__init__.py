"""The minutes of a meeting on paper, once they are published."""
