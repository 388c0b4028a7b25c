"""The few figures at the top of the supervisors' desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from accounts.actors import Actor
from complaints.models import Complaint
from complaints.models.complaint import Complaints
from complaints.roster import Roster
from complaints.watching import unwatched
from escalation.ladder.models import Escalation, Level
from escalation.voices.watching import unwatched_inputs
from surveys.forums.models import ForumInput


@dataclass(frozen=True)
class Standing:
    """Of cases: open is what nobody has answered yet, as in the reports; `oldest` when the oldest of these came."""

    open: int
    overdue: int
    unwatched: int
    oldest: datetime | None

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            self.open + other.open,
            self.overdue + other.overdue,
            self.unwatched + other.unwatched,
            min((each for each in (self.oldest, other.oldest) if each), default=None),
        )


@dataclass(frozen=True)
class Headline:
    """`standing` as of `counted_at`, all else as it is now."""

    standing: Standing
    counted_at: datetime
    unwatched_inputs: int
    escalated: dict[Level, int]

    @property
    def escalations(self) -> int:
        return sum(self.escalated.values())


def headline(actor: Actor, now: datetime, kept: tuple[Standing, datetime] | None = None) -> Headline:
    """A few queries, over what is open; the cases' figures from sums that were `kept` for this actor, if any."""
    roster = Roster.read(now)
    standing, counted_at = kept or (_counted(actor, now, roster), now)
    levels = (
        Escalation.objects.visible_to(actor).open().order_by().values("level").annotate(count=Count("pk"))
    )
    counts = {each["level"]: each["count"] for each in levels}
    inputs_alone = unwatched_inputs(now, roster).order_by().values("pk")
    return Headline(
        standing,
        counted_at,
        unwatched_inputs=ForumInput.objects.visible_to(actor).filter(pk__in=inputs_alone).count(),
        escalated={level: counts.get(level, 0) for level in Level},
    )


def _counted(actor: Actor, now: datetime, roster: Roster) -> Standing:
    cases = Complaint.objects.visible_to(actor)
    alone = unwatched(now, roster).order_by().values("pk")
    return standing_of(cases, now, cases.filter(pk__in=alone).count())


def standing_of(cases: Complaints, now: datetime, unwatched: int) -> Standing:
    """One query; history taken over from other systems is not counted."""
    active = cases.order_by().active().filter(is_live=True)
    row: dict[str, Any] = active.aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)), oldest=Min("received_at")
    )
    return Standing(**row, unwatched=unwatched)


def unwatched_keys(now: datetime) -> list[int]:
    return list(unwatched(now).order_by().values_list("pk", flat=True))
