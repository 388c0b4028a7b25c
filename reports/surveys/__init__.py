"""The report and the poster of a survey round, from a frozen snapshot."""
