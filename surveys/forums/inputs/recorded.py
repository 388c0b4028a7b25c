"""The setting that the ledger's own entries record (complaints/ledger/settings.py)."""

from complaints.history.rows import Table
from surveys.forums.inputs.models import InputTerm

TERM = Table.of_settings("input_term", InputTerm)
