"""What the ledger's own entries say of changes of standards: what, of which service, from when. The rows stand beside
it, words and all: they are public."""

from datetime import date

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.ledger.entries import EntryType
from complaints.models import LedgerEntry
from surveys.standards.models import Part


class StandardEntry(models.TextChoices):
    """Kinds of entries."""

    CHANGED = "standard_changed", gettext_lazy("Service standard changed")
    ENTERED = "standards_entered", gettext_lazy("Service standards entered")


def _changed(entry: LedgerEntry) -> str:
    data = entry.data
    words = {
        "part": Part(data["part"]).label,
        "of": data["of"],
        "day": date_format(date.fromisoformat(data["from"]), "j M Y"),
        "number": data.get("promise", ""),
    }
    if data.get("promise"):
        return (
            _("Service standard of %(of)s changed from %(day)s, as promised in %(number)s: %(part)s") % words
        )
    return _("Service standard of %(of)s changed from %(day)s: %(part)s") % words


def _entered(entry: LedgerEntry) -> str:
    return _("%(n)d parts of service standards were entered from a file.") % {"n": entry.data["parts"]}


ENTRIES = (EntryType(StandardEntry.CHANGED, _changed), EntryType(StandardEntry.ENTERED, _entered))
