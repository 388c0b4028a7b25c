"""One function a verb, as in complaints.services."""
