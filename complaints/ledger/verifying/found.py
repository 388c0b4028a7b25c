"""What a check found."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class BadEvent:
    """An event that does not fit, and why (a code). `index` is its leaf's, where the tree says so.

    Without number: nothing is left that says which event it was, as when the whole database is an older one.
    """

    number: str
    seq: int
    why: str
    index: int | None = None
    # The chain is whole and rows differ from it; where events are missing, that is the cause and this the sign.
    of_rows: bool = field(default=False, compare=False)

    def as_dict(self) -> dict[str, Any]:
        named = {"case": self.number or None, "seq": self.seq if self.number else None, "why": self.why}
        return named if self.index is None else named | {"index": self.index}

    def __str__(self) -> str:
        where = f"{self.number} event {self.seq}" if self.number else f"leaf {self.index}"
        return f"{where}: {self.why}"
