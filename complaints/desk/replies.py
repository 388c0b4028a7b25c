"""Standard replies with their placeholders filled in for one case."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from complaints.clock.arithmetic import due_at
from complaints.clock.calendars import Calendars
from complaints.clock.city_time import day_of
from complaints.identity import Identity
from complaints.models import Complaint, StandardReply
from complaints.models.policy import Stage, target_of

# What {due_date} means, by what the reply is for: how long the citizen then has.
STAGE_AFTER = {StandardReply.Use.ASK: Stage.CITIZEN_ANSWER, StandardReply.Use.RESOLVE: Stage.CONFIRMATION}


@dataclass(frozen=True)
class Reply:
    code: str
    use: str
    name: str
    text: str


def replies_for(
    case: Complaint, uses: set[str], *, identity: Identity, known: Calendars, now: datetime
) -> list[Reply]:
    """The replies for these uses, in the citizen's language; `identity` is empty where it is protected."""
    if not uses:
        return []
    rows = StandardReply.objects.filter(is_active=True, use__in=sorted(uses))
    rows = rows.filter(Q(agency__isnull=True) | Q(agency_id=case.agency_id))
    return [
        Reply(row.code, row.use, row.name, fill(row, case, identity=identity, known=known, now=now))
        for row in rows
    ]


def fill(
    reply: StandardReply, case: Complaint, *, identity: Identity, known: Calendars, now: datetime
) -> str:
    """The text for this case. Plain replacement: braces in a subject stay what they are."""
    with override(case.language):
        values = {
            "{number}": case.number,
            "{subject}": case.subject,
            "{agency}": case.agency.local_name if case.agency else _("the responsible agency"),
            "{citizen}": identity.name or _("Dear citizen"),
            "{due_date}": _due_date(reply.use, case, known, now),
        }
        parts = [reply.text]
        for name, value in values.items():
            # Only what the reply itself says is looked at, never what was put in.
            parts = [piece for part in parts for piece in _put(part, name, value)]
        return "".join(parts)


class _Filled(str):
    """A piece that came from the case."""

    __slots__ = ()


def _put(part: str, name: str, value: str) -> list[str]:
    if isinstance(part, _Filled):
        return [part]
    first, *others = part.split(name)
    return [first, *(piece for other in others for piece in (_Filled(value), other))]


def _due_date(use: str, case: Complaint, known: Calendars, now: datetime) -> str:
    stage = STAGE_AFTER.get(StandardReply.Use(use))
    if stage is not None and stage in case.policy:
        at = due_at(now, target_of(case.policy, stage), known.of(case.agency_id))
    else:
        at = case.target_at
    return date_format(day_of(at), "j F Y") if at else ""
