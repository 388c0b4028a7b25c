"""What apps above add to the desk's page of a round."""

from dataclasses import dataclass

from django.utils.functional import Promise

from complaints.permissions import Right
from complaints.registry import Registry


@dataclass(frozen=True)
class RoundLink:
    """Something about a round that asks anybody, for those who have `right`: a button, since it makes something. Its
    address takes the round's code."""

    url_name: str
    label: str | Promise
    icon: str
    right: Right

    @property
    def code(self) -> str:
        return self.url_name


ROUND_LINKS: Registry[RoundLink] = Registry()
