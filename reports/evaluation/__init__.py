"""One file for who evaluates the city."""
