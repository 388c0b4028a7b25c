"""Reads what a report counts out of the database: a streaming query a table, rows under pseudonyms."""
