"""Which inputs without an answer nobody watches: the one definition for pages and check_integrity."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from complaints.database.kept_statements import values_of
from complaints.roster import Roster
from escalation.voices.people import Lies, forums_about_somebody, is_watched, roster_for
from surveys.forums.inputs.models import InputMark
from surveys.forums.models import ForumInput

SHOWN = 5
PLACE = ("agency", "level", "key", "alone")


def unwatched_inputs(now: datetime, roster: Roster | None = None) -> Any:
    """Waiting inputs that the sweep does not come to, or in which nobody may act on one side or the other. One query
    for the places in which they lie, of which each input from which somebody stands aside is one; two for who that is;
    and those of the roster, unless the caller has read it."""
    rows = values_of("where inputs lie", "", "", _places)
    if not rows:
        return ForumInput.objects.none()
    waiting = ForumInput.objects.waiting().order_by()
    marked = _marked()
    roster = roster_for([key for _agency, _level, key, _alone in rows if key], now, roster)
    broken = Q()
    for place, level, key, is_alone in rows:
        if is_alone or not is_watched(roster, Lies(key, place, level)):
            lies = Q(agency=place, level=level) & (Q(next_action_at=None) if is_alone else ~Q(pk__in=marked))
            broken |= Q(pk=key) if key else lies
    return waiting.filter(broken) if broken else ForumInput.objects.none()


def _marked() -> Any:
    """Keys of those from which somebody stands aside."""
    marks = InputMark.objects.filter(cleared_at=None, input__state="waiting").order_by().values("input")
    waiting = ForumInput.objects.waiting().order_by()
    return waiting.filter(Q(pk__in=marks) | Q(forum__in=forums_about_somebody())).values("pk")


def _places(_none: str) -> Any:
    waiting, marked = ForumInput.objects.waiting().order_by(), _marked()
    alone = Case(When(next_action_at=None, then=1), default=0, output_field=IntegerField())
    alike = waiting.exclude(pk__in=marked).annotate(key=Value(0), alone=alone).values_list(*PLACE)
    single = waiting.filter(pk__in=marked).annotate(key=F("pk"), alone=alone).values_list(*PLACE)
    return alike.distinct().union(single)


def count(now: datetime) -> int:
    return int(unwatched_inputs(now).count())


def nobody_watches(now: datetime) -> Iterable[str]:
    return list(unwatched_inputs(now).values_list("number", flat=True)[:SHOWN])


def supports_that_do_not_add_up(now: datetime) -> Iterable[str]:
    rows = ForumInput.objects.annotate(counted=Count("supporters")).exclude(supports=F("counted"))
    return list(rows.order_by("pk").values_list("number", flat=True)[:SHOWN])
