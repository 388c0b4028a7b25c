"""Minutes, against what the ledger says of them: a text that was changed after a side has signed it shows."""

from collections.abc import Iterator

from complaints.ledger.verifying.found import BadEvent
from complaints.models import LedgerEntry
from complaints.models.ledger import LEDGER
from surveys.forums.meetings.entries import ForumEntry
from surveys.forums.meetings.models.minutes import Minutes, MinutesState
from surveys.forums.meetings.text import changed_since_signing, digest_of


def check_minutes() -> BadEvent | None:
    """The first that does not fit."""
    return next(_faults(), None)


def _faults() -> Iterator[BadEvent]:
    rows = {row.forum.code: row for row in Minutes.objects.select_related("forum__agency")}
    published: dict[str, int] = {}
    for entry in LedgerEntry.objects.filter(kind__in=[ForumEntry.SIGNED, ForumEntry.PUBLISHED]).order_by(
        "seq"
    ):
        code = entry.data["forum"]
        why = _fault(rows.get(code), entry)
        if why:
            yield BadEvent(LEDGER, entry.seq, why, of_rows=True)
        if entry.kind == ForumEntry.PUBLISHED:
            published[code] = entry.seq
    for code, row in rows.items():
        if (row.state == MinutesState.PUBLISHED) != (code in published):
            yield BadEvent(LEDGER, published.get(code, 0), "minutes_state_differs", of_rows=True)


def _fault(row: Minutes | None, entry: LedgerEntry) -> str:
    if row is None:
        return "minutes_missing"
    version = row.latest
    if version is None or digest_of(row, version) != entry.data["digest"] or changed_since_signing(row):
        return "minutes_text_differs"
    if entry.kind == ForumEntry.SIGNED:
        side, digest = entry.data["side"], entry.data["digest"]
        if not row.signatures.filter(side=side, digest=digest, how=entry.data["how"]).exists():
            return "minutes_signature_differs"
    return ""
