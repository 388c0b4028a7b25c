"""What an app above adds to inputs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from accounts.roles import Role
from complaints.permissions import Right, role_may
from surveys.forums.models import Contact

# What further goes with a contact who asks to be forgotten, and whether their words go too; in the same transaction.
ERASERS: list[Callable[[Contact, bool], None]] = []
# The name of the public page of a promise, by its number; promises stand in an app above.
COMMITMENT_PAGE: list[str] = []


def commitment_page(number: str) -> str:
    """Where everybody reads of this promise; "" where no app has promises."""
    return reverse(COMMITMENT_PAGE[0], args=[number]) if COMMITMENT_PAGE and number else ""


@dataclass(frozen=True)
class ActLink:
    """A page of an app above by which an input, or a finding, becomes something; reached by its number."""

    url_name: str
    label: str | Promise
    right: Right


ACT_LINKS: list[ActLink] = []


def act_links(number: str, role: Role) -> list[dict[str, str]]:
    return [
        {"url": reverse(link.url_name, args=[number]), "label": str(link.label)}
        for link in ACT_LINKS
        if role_may(role, link.right)
    ]
