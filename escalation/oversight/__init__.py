"""What the supervisors' desk reads. Nothing here writes; every set of cases begins with `visible_to`."""
