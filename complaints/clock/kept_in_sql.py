"""What kept.py says of one case, as an expression over many."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from complaints.clock.kept import ANSWERED, Kept
from complaints.models import Clock, Complaint, Stopped
from complaints.models.policy import Stage
from complaints.states import ACTIVE


def kept(now: datetime, *, extended: bool = False) -> Case:
    """How each case stands at `now`, one of `Kept`; by the first promise of each round, or with extensions counted
    as kept."""
    promise = "due_at" if extended else "promised_at"
    rounds = Clock.objects.filter(complaint=OuterRef("pk"), stage=Stage.RESOLUTION).order_by()
    is_late = Q(stopped_at__gt=F(promise)) | Q(**{"stopped_at": None, f"{promise}__lt": now})
    is_active = Q(state__in=sorted(ACTIVE))
    past_target = (is_active & Q(target_at__lt=now)) | ~is_active & (
        Q(ended_at=None, target_at__isnull=False) | Q(ended_at__gt=F("target_at"))
    )
    answered = rounds.filter(cycle=OuterRef("cycle"), stopped_by=Stopped.DONE)
    return Case(
        When(Exists(rounds.filter(is_late)), then=Value(Kept.LATE.value)),
        When(past_target & ~Exists(rounds), then=Value(Kept.LATE.value)),
        When(Q(target_at=None) & ~Exists(rounds), then=Value(Kept.NO_TARGET.value)),
        When(is_active & Q(target_at=None), then=Value(Kept.STANDING_STILL.value)),
        When(is_active, then=Value(Kept.NOT_YET_DUE.value)),
        When(Q(state__in=sorted(ANSWERED)) | Exists(answered), then=Value(Kept.ON_TIME.value)),
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
