"""What the printed report says: the snapshot's figures as sentences, charts and tables, in one language."""
