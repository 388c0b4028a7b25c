"""The few figures at the top of the supervisors' desk."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import User
from complaints.database.kept_statements import values_of
from complaints.models import Complaint
from complaints.models.complaint import Complaints
from complaints.querysets import scope_of
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


def headline(user: User, now: datetime, kept: tuple[Standing, datetime] | None = None) -> Headline:
    """A few queries, over what is open; the cases' figures from sums that were `kept` for this reader, if any."""
    roster = None if kept else Roster.read(now)
    standing, counted_at = kept or (_counted(user, now, roster), now)
    key = ("escalated by level", *scope_of(user))
    counts = Counter[int]()
    for level, count in values_of(key, "", "", lambda _none: _levels(user)):
        counts[level] += count
    inputs_alone = unwatched_inputs(now, roster).order_by().values("pk")
    return Headline(
        standing,
        counted_at,
        unwatched_inputs=ForumInput.objects.visible_to(user).filter(pk__in=inputs_alone).count(),
        escalated={level: counts[level] for level in Level},
    )


def _levels(user: User) -> QuerySet[Escalation, tuple[int, int]]:
    """How many wait on each level, and taken off them those that this supervisor may not know of: to ask of each
    whether it is one of these few would look it up, where to count all reads an index."""
    everything = Escalation.objects.open().order_by().values("level")
    hidden = everything.filter(complaint__in=Complaint.objects.kept_from(user).values("pk"))
    counted = everything.annotate(count=Count("pk")).values_list("level", "count")
    return counted.union(hidden.annotate(count=-Count("pk")).values_list("level", "count"), all=True)


def _counted(user: User, now: datetime, roster: Roster | None) -> Standing:
    cases = Complaint.objects.visible_to(user)
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
