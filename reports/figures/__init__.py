"""The figures of a period: read out of the database, counted, and frozen as a snapshot."""
