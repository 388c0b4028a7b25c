"""What is published, as data: editions of reports and of statistics, their files, and the catalogue of all of them."""
