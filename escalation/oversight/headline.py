"""The few figures at the top of the supervisors' desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from accounts.actors import Actor
from complaints.models import Complaint
from complaints.roster import Roster
from complaints.states import ACTIVE
from complaints.watching import unwatched
from escalation.ladder.models import Escalation, Level
from escalation.voices.watching import unwatched_inputs
from surveys.forums.models import ForumInput


@dataclass(frozen=True)
class Headline:
    """Open is what nobody has answered yet, as in the reports; `oldest` when the oldest of these came."""

    open: int
    overdue: int
    unwatched: int
    unwatched_inputs: int
    oldest: datetime | None
    escalated: dict[Level, int]

    @property
    def escalations(self) -> int:
        return sum(self.escalated.values())


def headline(actor: Actor, now: datetime) -> Headline:
    """A few queries, over what is open; history taken over from other systems is not counted."""
    active = Q(state__in=sorted(ACTIVE))
    cases = Complaint.objects.visible_to(actor).open().filter(is_live=True)
    row: dict[str, Any] = cases.aggregate(
        open=Count("pk", filter=active),
        overdue=Count("pk", filter=active & Q(due_at__lt=now)),
        oldest=Min("received_at", filter=active),
    )
    levels = (
        Escalation.objects.visible_to(actor).open().order_by().values("level").annotate(count=Count("pk"))
    )
    counts = {each["level"]: each["count"] for each in levels}
    roster = Roster.read(now)
    cases_alone = unwatched(now, roster).order_by().values("pk")
    inputs_alone = unwatched_inputs(now, roster).order_by().values("pk")
    return Headline(
        **row,
        unwatched=Complaint.objects.visible_to(actor).filter(pk__in=cases_alone).count(),
        unwatched_inputs=ForumInput.objects.visible_to(actor).filter(pk__in=inputs_alone).count(),
        escalated={level: counts.get(level, 0) for level in Level},
    )
