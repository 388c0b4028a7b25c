"""What the ledger's own entries record of forums from the announcement on, and of their minutes: days, states, steps;
of words, of what leads to a report and of the code on the wall a digest. Nobody's name, and not who came."""

from django.db.models import Q

from complaints.history.rows import Table
from surveys.forums.meetings.models.minutes import Agreement, Minutes, MinutesVersion, Objection, Signature
from surveys.forums.meetings.models.record import ForumPolicy, ForumStep
from surveys.forums.models import Forum

POLICY = Table.of_settings("forum_policy", ForumPolicy)
_OF_FORUM = Q(forum__announced_at__isnull=False)
OWN_ROWS = (
    Table.of_entries("forum", Forum, plain=["code"], salt="salt", only=Q(announced_at__isnull=False)),
    Table.of_entries("forum_agency", Forum.agencies.through, only=_OF_FORUM),
    Table.of_entries("forum_service", Forum.services.through, only=_OF_FORUM),
    Table.of_entries(
        "forum_case",
        Forum.cases.through,
        digested=["complaint_id"],
        salt="forum__salt",
        only=_OF_FORUM,
    ),
    Table.of_entries("forum_step", ForumStep, salt="forum__salt", only=_OF_FORUM),
    Table.of_entries("minutes", Minutes, plain=["policy"], salt="forum__salt"),
    Table.of_entries("minutes_version", MinutesVersion, salt="minutes__forum__salt"),
    Table.of_entries("agreement", Agreement, salt="version__minutes__forum__salt"),
    Table.of_entries("objection", Objection, salt="minutes__forum__salt"),
    Table.of_entries("signature", Signature, salt="minutes__forum__salt"),
)
