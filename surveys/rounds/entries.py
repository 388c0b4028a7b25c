"""What rounds write into the ledger itself, for everybody: opened, prolonged, closed, annulled, and how many answers a
day brought, with a digest of them. No answer, no person."""

from datetime import date

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.ledger.entries import EntryType
from complaints.models import LedgerEntry


class RoundEntry(models.TextChoices):
    """Kinds of entries."""

    OPENED = "survey_opened", gettext_lazy("Survey round opened")
    PROLONGED = "survey_prolonged", gettext_lazy("Survey round prolonged")
    CLOSED = "survey_closed", gettext_lazy("Survey round closed")
    ANNULLED = "survey_annulled", gettext_lazy("Survey round annulled")
    DAY = "survey_day", gettext_lazy("Answers of a day")
    CORRECTED = "survey_corrected", gettext_lazy("Slip of a survey corrected")
    TEXT_ERASED = "survey_text_erased", gettext_lazy("Text of a survey erased")


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j M Y")


def _opened(entry: LedgerEntry) -> str:
    data = entry.data
    return _("Survey %(round)s opened by %(agency)s: %(first)s – %(last)s, sample asked for: %(target)s") % {
        **data,
        "first": _day(data["from"]),
        "last": _day(data["to"]),
        "target": data.get("target") or "–",
    }


def _prolonged(entry: LedgerEntry) -> str:
    return _("Survey %(round)s prolonged until %(last)s") % {**entry.data, "last": _day(entry.data["to"])}


def _closed(entry: LedgerEntry) -> str:
    return str(_("Survey %(round)s closed with %(answers)s answers. Their SHA-256: %(digest)s") % entry.data)


def _annulled(entry: LedgerEntry) -> str:
    return str(_("Survey %(round)s annulled with %(answers)s answers") % entry.data)


def _of_day(entry: LedgerEntry) -> str:
    parts = [f"{code}: {told[0]} ({told[1][:16]}…)" for code, told in entry.data["rounds"].items()]
    return _("Answers to surveys on %(day)s: %(rounds)s") % {
        "day": _day(entry.data["day"]),
        "rounds": ", ".join(parts),
    }


def _corrected(entry: LedgerEntry) -> str:
    return str(_("Survey %(round)s: a slip was typed anew; what was typed first is kept") % entry.data)


def _text_erased(entry: LedgerEntry) -> str:
    return str(_("Survey %(round)s: a text was erased; the answer counts as before") % entry.data)


ENTRIES = (
    EntryType(RoundEntry.OPENED, _opened),
    EntryType(RoundEntry.PROLONGED, _prolonged),
    EntryType(RoundEntry.CLOSED, _closed),
    EntryType(RoundEntry.ANNULLED, _annulled),
    EntryType(RoundEntry.DAY, _of_day),
    EntryType(RoundEntry.CORRECTED, _corrected),
    EntryType(RoundEntry.TEXT_ERASED, _text_erased),
)
