"""The setting that the ledger's own entries record (complaints/ledger/settings.py)."""

from complaints.history.rows import Table
from surveys.aftercase.models import AfterCaseTerm

TERM = Table.of_settings("after_case_term", AfterCaseTerm)
