"""A public meeting from its announcement to its signed minutes (Permenpan-RB 16/2017)."""
