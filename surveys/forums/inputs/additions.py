"""What an app above adds to inputs."""

from django.urls import reverse

# The name of the public page of a promise, by its number; promises stand in an app above.
COMMITMENT_PAGE: list[str] = []


def commitment_page(number: str) -> str:
    """Where everybody reads of this promise; "" where no app has promises."""
    return reverse(COMMITMENT_PAGE[0], args=[number]) if COMMITMENT_PAGE and number else ""
