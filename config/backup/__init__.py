"""Copies of an installation that are whole: database, files, heads apart, keys apart and sealed (docs/backups.md)."""
