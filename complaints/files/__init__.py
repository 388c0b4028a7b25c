"""Files that people attach: made harmless, kept, and handed out through the scope."""
