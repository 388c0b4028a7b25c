"""Audit by sampling: draw, review, agree, count."""
