"""What audits write into the ledger itself, for everybody: announced, drawn, cancelled. No case, no count of cases
that a reader may not know of, no name."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.ledger.entries import EntryType
from complaints.models import LedgerEntry
from complaints.models.catalogue import Kind
from escalation.audits.models import AuditSample


class AuditEntry(models.TextChoices):
    """Kinds of entries."""

    ANNOUNCED = "audit_announced", gettext_lazy("Audit announced")
    DRAWN = "audit_drawn", gettext_lazy("Audit drawn")
    CANCELLED = "audit_cancelled", gettext_lazy("Audit cancelled")


def _announced(entry: LedgerEntry) -> str:
    data = entry.data
    return _(
        "Audit %(sample)s announced: at most %(asked)s reports out of those %(what)s. The list has the SHA-256 "
        "%(list)s. The root of the first signature over this entry draws them."
    ) % {**data, "what": ", ".join(_scope(data))}


def _scope(data: dict[str, Any]) -> list[str]:
    basis = dict(AuditSample.Basis.choices).get(data.get("basis", ""), "")
    days = [date_format(date.fromisoformat(data[name]), "j M Y") for name in ("from", "to")]
    found = [f"{basis} {days[0]} – {days[1]}", data.get("agency") or _("the whole city")]
    if data.get("kind"):
        found.append(str(dict(Kind.choices).get(data["kind"], data["kind"])))
    return [*found, data["category"]] if data.get("category") else found


def _drawn(entry: LedgerEntry) -> str:
    words = _("Audit %(sample)s drawn: the seed is the root of the signature of %(head)s events, %(seed)s")
    return str(words % entry.data)


def _cancelled(entry: LedgerEntry) -> str:
    reason = dict(AuditSample.CancelReason.choices).get(entry.data.get("why", ""), "")
    return _("Audit %(sample)s cancelled before it was drawn: %(why)s") % {**entry.data, "why": reason}


ENTRIES = (
    EntryType(AuditEntry.ANNOUNCED, _announced),
    EntryType(AuditEntry.DRAWN, _drawn),
    EntryType(AuditEntry.CANCELLED, _cancelled),
)
