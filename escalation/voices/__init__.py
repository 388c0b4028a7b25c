"""Nobody lets an input lie, nor the minutes of a meeting; and what becomes a promise."""
