"""Who stands aside from which cases, in SQL (docs/decisions/0027).

Written out: every list and count of the desk holds it, and putting it together each time took longer than asking it.
"""

from django.db.models.expressions import RawSQL

from accounts.models import User
from complaints.database.once import once

# In one statement, so that the scope costs no query of its own; UNION ends a circle, should there be one.
_UP_FROM = (
    "WITH RECURSIVE line(id, parent_id) AS ("
    "SELECT id, parent_id FROM accounts_agency WHERE {begin}"
    " UNION SELECT up.id, up.parent_id FROM accounts_agency up JOIN line ON up.id = line.parent_id"
    ") SELECT id FROM line"
)
LINE_OF = _UP_FROM.format(begin="id = %s")
LINE_OF_INSPECTORATES = _UP_FROM.format(begin="is_oversight")
_CASES = "SELECT complaint_id FROM complaints_reportedparty WHERE cleared_at IS NULL AND "
_AGAINST_PERSON = once(f"{_CASES} user_id = %s")
_AGAINST = once(f"{_CASES} (user_id = %s OR agency_id IN ({LINE_OF}))")
_ABOUT_INSPECTORATE = once(f"{_CASES} agency_id IN ({LINE_OF_INSPECTORATES})")


def cases_against(user: User) -> RawSQL:
    """Keys of the cases from which this person stands aside: they, their agency or one above it is named."""
    if user.agency_id is None:
        return RawSQL(_AGAINST_PERSON, [user.pk])  # noqa: S611 - a constant and a key
    return RawSQL(_AGAINST, [user.pk, user.agency_id])  # noqa: S611 - a constant and two keys


def cases_about_inspectorate() -> RawSQL:
    """Keys of the cases that no inspectorate may take: one, or an agency above one, is complained about."""
    return RawSQL(_ABOUT_INSPECTORATE, [])  # noqa: S611 - a constant
