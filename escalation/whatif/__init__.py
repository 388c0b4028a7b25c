"""Replays a past period under another policy, and counts what would have come of it."""
