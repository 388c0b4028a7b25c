"""Which inputs without an answer nobody watches: the one definition for pages and check_integrity."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q

from escalation.voices.people import Lies, is_watched, roster_for
from surveys.forums.inputs.models import InputMark
from surveys.forums.models import ForumInput

SHOWN = 5


def unwatched_inputs(now: datetime) -> Any:
    """Waiting inputs that the sweep does not come to, or in which nobody may act on one side or the other. A few
    queries: by the places in which they lie, and one by one where an input speaks of somebody."""
    waiting = ForumInput.objects.waiting()
    marked = list(
        InputMark.objects.filter(cleared_at=None, input__state="waiting").values_list("input", flat=True)
    )
    roster = roster_for(marked, now)
    rows = waiting.order_by()
    broken = Q(next_action_at=None)
    for place, level in rows.exclude(pk__in=marked).values_list("agency", "level").distinct():
        if not is_watched(roster, Lies(0, place, level)):
            broken |= Q(agency=place, level=level) & ~Q(pk__in=marked)
    for pk, place, level in rows.filter(pk__in=marked).values_list("pk", "agency", "level"):
        if not is_watched(roster, Lies(pk, place, level)):
            broken |= Q(pk=pk)
    return rows.filter(broken)


def count(now: datetime) -> int:
    return int(unwatched_inputs(now).count())


def nobody_watches(now: datetime) -> Iterable[str]:
    return list(unwatched_inputs(now).values_list("number", flat=True)[:SHOWN])


def supports_that_do_not_add_up(now: datetime) -> Iterable[str]:
    rows = ForumInput.objects.annotate(counted=Count("supporters")).exclude(supports=F("counted"))
    return list(rows.order_by("pk").values_list("number", flat=True)[:SHOWN])
