"""How an app above joins this one without being named here.

Each app has a module `registrations.py` that adds what it brings: rights, kinds of events with their words,
messages, entries of the navigation, panels and links of the case page. Django imports them when it starts;
`manage.py check` says what leads nowhere (complaints/checks.py).
"""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured


class Coded(Protocol):
    @property
    def code(self) -> str: ...


Entry = TypeVar("Entry", bound=Coded)


class Registry(Generic[Entry]):
    """Entries by their code, in the order in which they were added. A code is taken once."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def add(self, *entries: Entry) -> None:
        for entry in entries:
            code = str(entry.code)
            if self.entries.setdefault(code, entry) is not entry:
                raise ImproperlyConfigured(f"{code!r} is registered twice")

    def __getitem__(self, code: str) -> Entry:
        return self.entries[code]

    def get(self, code: str, default: Entry) -> Entry:
        return self.entries.get(code, default)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __contains__(self, code: str) -> bool:
        return code in self.entries
