"""Pages of the ladder and of the supervisors' desk."""
