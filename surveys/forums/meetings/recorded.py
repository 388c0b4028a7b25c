"""The setting that the ledger's own entries record (complaints/ledger/settings.py)."""

from complaints.history.rows import Table
from surveys.forums.meetings.models.record import ForumPolicy

POLICY = Table.of_settings("forum_policy", ForumPolicy)
