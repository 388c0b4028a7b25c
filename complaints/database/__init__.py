"""What both databases are asked for below the ORM: bulk writes, keys in advance, triggers."""
