"""What an app above says of changes that it brought about: its words and its page (complaints/registry.py)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from complaints.registry import Registry
from surveys.standards.models import StandardChange


@dataclass(frozen=True)
class Cause:
    """`words` has %(number)s; `url` leads to what changed it."""

    code: str
    words: str | Promise
    url: Callable[[StandardChange], str]


@dataclass(frozen=True)
class StandardPanel:
    """A template put into the public page of a standard; it finds `service` and `now` there."""

    template: str

    @property
    def code(self) -> str:
        return self.template


CAUSES: Registry[Cause] = Registry()
STANDARD_PANELS: Registry[StandardPanel] = Registry()
