"""What is printed, in one language: the report of a snapshot, the file of a case, and how a PDF is made of them."""
