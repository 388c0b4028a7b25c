"""What a public edition may not show: counts under five, and whatever would give one away. Pure: no Django."""
