"""What call-backs write into the ledger itself, for everybody: announced, drawn, closed. No case, nobody's answer."""

from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.clock.periods import quarter_words
from complaints.ledger.entries import EntryType
from complaints.models import LedgerEntry


class CallBackEntry(models.TextChoices):
    """Kinds of entries."""

    ANNOUNCED = "call_back_announced", gettext_lazy("Call-back announced")
    DRAWN = "call_back_drawn", gettext_lazy("Call-back drawn")
    CLOSED = "call_back_closed", gettext_lazy("Call-back closed")


def _of(entry: LedgerEntry, words: str) -> str:
    quarter = quarter_words(date.fromisoformat(entry.data["quarter"]))
    return words % {**entry.data, "quarter": quarter}


def _announced(entry: LedgerEntry) -> str:
    return _of(
        entry,
        _(
            "Call-back announced: at least %(asked)s of the reports answered in the %(quarter)s, or all where there "
            "are fewer, are asked whether it was done. The list has the SHA-256 %(list)s. The root of the first "
            "signature over this entry draws them."
        ),
    )


def _drawn(entry: LedgerEntry) -> str:
    return _of(
        entry,
        _(
            "Call-back of the %(quarter)s drawn: the seed is the root of the signature of %(head)s events, %(seed)s"
        ),
    )


def _closed(entry: LedgerEntry) -> str:
    return _of(entry, _("Call-back of the %(quarter)s closed: no answer is taken any more"))


ENTRIES = (
    EntryType(CallBackEntry.ANNOUNCED, _announced),
    EntryType(CallBackEntry.DRAWN, _drawn),
    EntryType(CallBackEntry.CLOSED, _closed),
)
