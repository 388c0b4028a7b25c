"""What reports write into the ledger itself, for everybody: that one was published, printed or withdrawn, with the
SHA-256 of what was frozen. No name."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.ledger.entries import EntryType
from complaints.models import LedgerEntry
from reports.publication.models.report import WithdrawReason


class ReportEntry(models.TextChoices):
    """Kinds of entries."""

    PUBLISHED = "report_published", gettext_lazy("Report published")
    PRINTED = "report_printed", gettext_lazy("Report printed")
    WITHDRAWN = "report_withdrawn", gettext_lazy("Report withdrawn")


def _published(entry: LedgerEntry) -> str:
    words = _(
        "Report %(report)s published: SHA-256 of the snapshot %(snapshot)s, of the reviewed words %(text)s"
    )
    papers = entry.data.get("papers", {})
    printed = [
        _("PDF (%(language)s) %(sha256)s") % {"language": language, "sha256": found}
        for language, found in sorted(papers.items())
    ]
    return ", ".join([words % entry.data, *printed])


def _printed(entry: LedgerEntry) -> str:
    data: dict[str, str] = entry.data
    return _("Report %(report)s printed (%(language)s): SHA-256 %(sha256)s") % data


def _withdrawn(entry: LedgerEntry) -> str:
    reasons = dict(WithdrawReason.choices)
    said = {"report": entry.data["report"], "reason": reasons.get(entry.data["reason"], "")}
    return _("Report %(report)s withdrawn: %(reason)s") % said


ENTRIES = (
    EntryType(ReportEntry.PUBLISHED, _published),
    EntryType(ReportEntry.PRINTED, _printed),
    EntryType(ReportEntry.WITHDRAWN, _withdrawn),
)
