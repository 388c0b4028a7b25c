"""A report's figures counted again from the data in its PDF, by the program that anybody can run without Tuntas."""
