"""A document that somebody asks for: a report, the file of a case, a sealed file. Its way is in services.py."""
