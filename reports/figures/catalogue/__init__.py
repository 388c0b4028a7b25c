"""Every figure, declared once, by subject."""
