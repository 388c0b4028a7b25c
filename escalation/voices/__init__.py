"""Nobody lets an input lie: the sweep's part for what people said, and what becomes a promise."""
