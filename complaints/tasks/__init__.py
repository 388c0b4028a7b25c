"""Work that is found, not queued: named querysets of rows that carry their own due time, lease and attempts."""
