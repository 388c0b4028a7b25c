"""Running an installation: copies, moves, what is watched, what is refused."""
