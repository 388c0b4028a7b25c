"""What people said, its whole life: said, supported, moderated, gathered, answered."""
