"""What forums write into the ledger itself, for everybody: that they were announced, moved, held or cancelled, and each
step of their minutes with the SHA-256 of the text. No name, and nothing of who came."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.clock.dates import moment_words
from complaints.ledger.entries import EntryType
from complaints.models import LedgerEntry


class ForumEntry(models.TextChoices):
    """Kinds of entries."""

    ANNOUNCED = "forum_announced", gettext_lazy("Forum announced")
    MOVED = "forum_moved", gettext_lazy("Forum moved")
    HELD = "forum_held", gettext_lazy("Forum held")
    CANCELLED = "forum_cancelled", gettext_lazy("Forum cancelled")
    CIRCULATED = "minutes_circulated", gettext_lazy("Minutes open to objections")
    ANSWERED = "minutes_answered", gettext_lazy("Objection to minutes answered")
    SIGNED = "minutes_signed", gettext_lazy("Minutes signed")
    PUBLISHED = "minutes_published", gettext_lazy("Minutes published")


def _announced(entry: LedgerEntry) -> str:
    return _("Forum %(forum)s of %(agency)s announced for %(day)s") % _data(entry)


def _moved(entry: LedgerEntry) -> str:
    return _("Forum %(forum)s moved to %(day)s") % _data(entry)


def _held(entry: LedgerEntry) -> str:
    return _("Forum %(forum)s held; on the attendance list so far: %(present)s") % _data(entry)


def _cancelled(entry: LedgerEntry) -> str:
    return _("Forum %(forum)s cancelled") % _data(entry)


def _circulated(entry: LedgerEntry) -> str:
    words = _(
        "Minutes of forum %(forum)s open to objections until %(day)s: text %(version)s, SHA-256 %(digest)s"
    )
    return words % _data(entry)


def _answered(entry: LedgerEntry) -> str:
    return _("Objection %(objection)s to the minutes of forum %(forum)s answered") % _data(entry)


def _signed(entry: LedgerEntry) -> str:
    sides = {"provider": _("for the provider"), "public": _("for the public")}
    hows = {"account": _("with an account"), "link": _("by a mailed link"), "paper": _("on paper")}
    data = _data(entry)
    data |= {"side": sides.get(data.get("side", ""), ""), "how": hows.get(data.get("how", ""), "")}
    return _("Minutes of forum %(forum)s signed %(side)s, %(how)s: SHA-256 %(digest)s") % data


def _published(entry: LedgerEntry) -> str:
    return _("Minutes of forum %(forum)s published: SHA-256 %(digest)s") % _data(entry)


def _data(entry: LedgerEntry) -> dict[str, Any]:
    at = str(entry.data.get("at", ""))
    return {**entry.data, "day": moment_words(datetime.fromisoformat(at)) if at else ""}


ENTRIES = (
    EntryType(ForumEntry.ANNOUNCED, _announced),
    EntryType(ForumEntry.MOVED, _moved),
    EntryType(ForumEntry.HELD, _held),
    EntryType(ForumEntry.CANCELLED, _cancelled),
    EntryType(ForumEntry.CIRCULATED, _circulated),
    EntryType(ForumEntry.ANSWERED, _answered),
    EntryType(ForumEntry.SIGNED, _signed),
    EntryType(ForumEntry.PUBLISHED, _published),
)
