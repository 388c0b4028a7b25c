"""What this app adds below (complaints/registry.py)."""

from complaints.history.untold import UNTOLD
from complaints.permissions import grant
from surveys import on_record
from surveys.rights import RIGHTS

grant(RIGHTS)
UNTOLD.add(*on_record.UNTOLD)
