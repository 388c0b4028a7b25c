"""How figures are counted: pure functions over the tables of a snapshot, by subject. Nothing is rounded here."""
