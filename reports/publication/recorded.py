"""What the ledger holds fast of reports (complaints/history/rows.py): their life and what was frozen of them. What is
written while one is prepared is in the text that is reviewed."""

from django.utils.translation import gettext_lazy as _

from complaints.history.rows import Table
from complaints.history.untold import Untold
from reports.publication.models import (
    Comparison,
    Remark,
    Report,
    ReportPaper,
    ReportPolicy,
    ReportSnapshot,
    ReportStep,
    ReportText,
    SentenceEdit,
    Subscription,
)

POLICY = Table.of_settings("report_policy", ReportPolicy)
# The pieces of a snapshot and the content of a text are held to their digests by verifying.py.
OWN_ROWS = (
    Table.of_entries("report", Report, plain=["code", "stem"], salt="secret"),
    Table.of_entries("report_snapshot", ReportSnapshot, plain=["digest"], salt="salt"),
    Table.of_entries("report_text", ReportText, plain=["digest"], told_elsewhere=["content"]),
)
WORK = (
    "count_due_at",
    "count_lease",
    "count_attempts",
    "count_error",
    "sweep_error",
    "next_action_at",
    "level",
)
DRAFTED = ("foreword_id", "foreword_en", "foreword_by", "recipients_as")
TELLING = ("head_size", "told_at", "told_withdrawn_at")
UNTOLD = (
    Untold(
        "reports-at-work",
        _(
            "How a report is prepared: remarks, sentences in other words, who receives it, the files made of it"
        ),
        _(
            "The words that were reviewed are one text, whose SHA-256 is in the history when the report is published, "
            "as are those of its snapshot and of its files."
        ),
        {
            Report: (*WORK, *DRAFTED, *TELLING),
            **dict.fromkeys(
                (
                    Report.recipients.through,
                    Remark,
                    SentenceEdit,
                    Comparison,
                    ReportPaper,
                    ReportStep,
                    Subscription,
                ),
                (),
            ),
        },
    ),
)
