"""The pages of what people said: in public, from a mail, at the desk."""
