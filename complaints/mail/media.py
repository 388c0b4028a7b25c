"""By what messages go: one adapter a medium. E-mail is the only one wired (complaints/registrations.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from complaints.models import Message
from complaints.registry import Registry


class Undeliverable(Exception):
    """There is nobody to send this to, or no reason any more; the row is dropped with these words."""


class Unreachable(OSError):
    """The carrier went away and does not come back; what was claimed is given back."""


class Adapter(Protocol):
    """Hands messages of one medium to their carrier. The outbox sees to leases, attempts and order."""

    def open(self) -> None:
        """OSError when the carrier cannot be reached; nothing is claimed then."""

    def send(self, group: list[Message]) -> None:
        """Sends `group` as one: several messages only as a digest for one person.

        Raises Undeliverable, Unreachable, or anything else, after which it is tried again later.
        """

    def close(self) -> None: ...


@dataclass(frozen=True)
class Wire:
    """A medium that is wired, and what makes its adapter."""

    medium: Message.Medium
    adapter: Callable[[], Adapter]

    @property
    def code(self) -> str:
        return str(self.medium.value)


MEDIA: Registry[Wire] = Registry()
