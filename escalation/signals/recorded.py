"""What of signs the ledger's own entries record (complaints/history/rows.py): who was asked by when, and the answers by
digests alone."""

from complaints.history.rows import Table
from escalation.signals.models import SignAnswer, StandingSign

OWN_ROWS = (
    Table.of_entries("standing_sign", StandingSign, digested=["signal", "agency_id"], salt="salt"),
    Table.of_entries("sign_answer", SignAnswer, digested=["signs", "base", "by_id"], salt="sign__salt"),
)
