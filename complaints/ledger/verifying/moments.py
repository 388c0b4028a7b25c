"""Whether events are dated where they stand: none before the head that was signed before it came."""

import json
from datetime import UTC, datetime, timedelta

from complaints.ledger.verifying import spelling

# As far as heads are apart. A change is dated when it begins and stored when it ends, a great sweep or import a good
# while later; hosts' clocks differ.
TOLERANCE = timedelta(hours=1)
NEVER = ""


class Moments:
    """Told every leaf in the order of the tree, by the times of signed heads (size → when)."""

    def __init__(self, heads: dict[int, datetime]) -> None:
        self._heads = sorted(heads.items())
        self._since = NEVER
        self._spell = spelling.moment_reader()

    def is_backdated(self, index: int, seq: int, at: str, imported: str | None) -> bool:
        """`imported`: the data of an event that took a case over. It is dated where the case came in, elsewhere, and
        says when it was taken over; only the first event of a case can be one."""
        while self._heads and self._heads[0][0] <= index:
            since = (self._heads.pop(0)[1] - TOLERANCE).astimezone(UTC).isoformat(timespec="microseconds")
            self._since = max(self._since, since)
        moment = self._spell(at)
        if imported is not None and seq == 1:
            moment = _taken_at(imported) or moment
        return moment < self._since


def _taken_at(imported: str) -> str:
    """In the spelling of the ledger; empty when it does not say."""
    try:
        return (
            datetime.fromisoformat(json.loads(imported)["taken_at"])
            .astimezone(UTC)
            .isoformat(timespec="microseconds")
        )
    except (KeyError, TypeError, ValueError):
        return ""
