"""Takes over cases from another system's export: a mapping says what each column means, rows are read,
checked and stored in batches. Reading and checking touch no database."""
