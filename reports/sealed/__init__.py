"""The sealed file of a case: everything in one ZIP that can be checked without the server."""
