"""The life of a report: built by itself, read by a second person, published, withdrawn and replaced."""
