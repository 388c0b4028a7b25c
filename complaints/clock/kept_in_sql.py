"""What kept.py says of one case, as an expression over many."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from complaints.clock.kept import ANSWERED, Kept
from complaints.models import Clock, Complaint, Stopped
from complaints.models.complaint import Complaints
from complaints.models.policy import Stage
from complaints.states import ACTIVE

Condition = Q | Exists
JUDGED_BY = ("cycle", "target_at", "ended_at", "state")  # besides its clocks


def kept(now: datetime, *, extended: bool = False) -> Case:
    """How each case stands at `now`, one of `Kept`; by the first promise of each round, or with extensions counted
    as kept."""
    rounds = Clock.objects.filter(complaint=OuterRef("pk"), stage=Stage.RESOLUTION).order_by()
    answered = rounds.filter(cycle=OuterRef("cycle"), stopped_by=Stopped.DONE)
    return _stands(now, Exists(rounds.filter(_is_late(now, extended))), Exists(rounds), Exists(answered))


def with_kept(cases: Complaints, now: datetime, *fields: str) -> QuerySet[Complaint, dict[str, Any]]:
    """The same of many cases at once: these fields of each, and how it stands as `first` and, with extensions counted
    as kept, as `extended`. Their clocks are joined and read once, and not those of all other cases with them."""
    of_case = cases.order_by().annotate(
        own=FilteredRelation("clocks", condition=Q(clocks__stage=Stage.RESOLUTION))
    )
    answered = Q(own__stopped_by=Stopped.DONE, own__cycle=F("cycle"))
    asked = of_case.values(*dict.fromkeys(("pk", *JUDGED_BY, *fields))).annotate(
        rounds=Count("own"),
        answered=Count(Case(When(answered, then=1))),
        late=Count(Case(When(_is_late(now, False, "own__"), then=1))),
        late_extended=Count(Case(When(_is_late(now, True, "own__"), then=1))),
    )
    rest = Q(rounds__gt=0), Q(answered__gt=0)
    return asked.annotate(
        first=_stands(now, Q(late__gt=0), *rest), extended=_stands(now, Q(late_extended__gt=0), *rest)
    ).values(*fields, "state", "first", "extended")


def _is_late(now: datetime, extended: bool, prefix: str = "") -> Q:
    """Of one clock."""
    promise, stopped = f"{prefix}{'due_at' if extended else 'promised_at'}", f"{prefix}stopped_at"
    return Q(**{f"{stopped}__gt": F(promise)}) | Q(**{stopped: None, f"{promise}__lt": now})


def _stands(now: datetime, is_late: Condition, has_rounds: Condition, is_answered: Condition) -> Case:
    """What is asked of the rounds of a case: whether one is late, there are any, the last was answered."""
    is_active = Q(state__in=sorted(ACTIVE))
    past_target = (is_active & Q(target_at__lt=now)) | ~is_active & (
        Q(ended_at=None, target_at__isnull=False) | Q(ended_at__gt=F("target_at"))
    )
    return Case(
        When(is_late, then=Value(Kept.LATE.value)),
        When(past_target & ~has_rounds, then=Value(Kept.LATE.value)),
        When(Q(target_at=None) & ~has_rounds, then=Value(Kept.NO_TARGET.value)),
        When(is_active & Q(target_at=None), then=Value(Kept.STANDING_STILL.value)),
        When(is_active, then=Value(Kept.NOT_YET_DUE.value)),
        When(Q(state__in=sorted(ANSWERED)) | is_answered, then=Value(Kept.ON_TIME.value)),
        default=F("state"),
        output_field=CharField(),
    )


def standings(cases: Iterable[Complaint], now: datetime) -> dict[int, Kept]:
    """How those of these cases stand that were answered or are over, by key; one query, none where all are active."""
    keys = [case.pk for case in cases if case.state not in ACTIVE]
    if not keys:
        return {}
    rows = Complaint.objects.filter(pk__in=keys).annotate(kept=kept(now)).values_list("pk", "kept")
    return {pk: Kept(stands) for pk, stands in rows}
