"""What apps above add to standards: the words and page of changes that they brought about, panels of the public page,
buttons beside a counter (complaints/registry.py)."""

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


@dataclass(frozen=True)
class CounterLink:
    """Something about a counter and a service of it, at the desk of standards: a button, since it makes something. Its
    address takes the codes of service and counter."""

    url_name: str
    label: str | Promise
    icon: str

    @property
    def code(self) -> str:
        return self.url_name


COUNTER_LINKS: Registry[CounterLink] = Registry()
CAUSES: Registry[Cause] = Registry()
STANDARD_PANELS: Registry[StandardPanel] = Registry()
