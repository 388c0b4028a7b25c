"""Repeated complaints about one unit: which of the visited cases completes a repetition.

The unit is an agency and a category. The newest case of a unit looks back over the rule's days, counted
from its own receipt, so that a sweep that comes late finds what one in time would have found. After a
raise the unit rests for as many days.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Subquery

from complaints.clock.city_time import day_of
from complaints.database.one_of import OneOf
from complaints.models import Clock, Complaint
from complaints.models.policy import Stage
from complaints.states import ACTIVE
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.ladder.rules import Ladder

Repetition = tuple[EscalationRule, str]


def repetitions(cases: Iterable[Complaint], ladder: Ladder) -> dict[int, list[Repetition]]:
    """By case: the rules it sets off, each with the cause that makes it exactly-once. A few queries a batch."""
    rules = [rule for rule in ladder.rules if rule.trigger == Trigger.REPEATED]
    if not rules:
        return {}
    candidates = [
        case.id for case in cases if _is_new(case, ladder) and case.agency_id and case.state in ACTIVE
    ]
    if not candidates:
        return {}
    found: dict[int, list[Repetition]] = defaultdict(list)
    for case in _newest_of_their_units(candidates, rules, ladder.now):
        for rule in ladder.timed(Trigger.REPEATED, case.kind, ""):
            if _day(case) < rule.valid_from:
                continue  # what arrived before the rule is not held against anybody
            if (getattr(case, _counted(rule)) or 0) >= rule.amount and (cause := _cause(case, rule)):
                found[case.pk].append((rule, cause))
    return found


def _is_new(case: Complaint, ladder: Ladder) -> bool:
    """Whether it was changed, or the rules were, since it was last looked at: else its unit is the same."""
    return case.watch_at is not None and case.watch_at <= ladder.now


def _newest_of_their_units(keys: list[int], rules: list[EscalationRule], now: datetime) -> list[Complaint]:
    """With how many of its unit each rule counts, as an attribute for each rule. What lapses in this sweep, and its
    parts with it, is left out, be it visited before the others or after."""
    unit = Complaint.objects.filter(
        is_live=True, agency=OuterRef("agency"), category=OuterRef("category")
    ).order_by()
    # Along the index by agency and receipt until the first is met, for each case: joined, all active ones are read.
    newest = unit.active().filter(~_lapses(now), received_at__gte=OuterRef("received_at"))
    first = Subquery(newest.order_by("-received_at", "-pk").values("pk")[:1])
    cases = Complaint.objects.filter(
        OneOf(F("pk"), keys=keys), pk=first, category__isnull=False, is_live=True
    )
    counts = {_counted(rule): Subquery(_count(unit, rule)) for rule in rules}
    named = cases.only("kind", "agency", "category", "received_at")
    return list(named.annotate(**counts).order_by("received_at", "pk"))


def _lapses(now: datetime) -> Exists:
    """Whether the citizen's time is over: parts have a clock of it too."""
    over = Clock.objects.filter(stage=Stage.CITIZEN_ANSWER, stopped_at=None, due_at__lte=now)
    return Exists(over.filter(complaint=OuterRef("pk")).order_by())


def _counted(rule: EscalationRule) -> str:
    return f"counted_by_{rule.pk}"


def _count(unit: Any, rule: EscalationRule) -> Any:
    """How many of the unit arrived in the rule's days before the case, itself included."""
    start = ExpressionWrapper(
        OuterRef("received_at") - timedelta(days=rule.within_days), output_field=DateTimeField()
    )
    counted = unit.filter(received_at__gt=start, received_at__lte=OuterRef("received_at"))
    if rule.kind:
        counted = counted.filter(kind=rule.kind)
    return counted.values("agency").annotate(number=Count("pk")).values("number")


def _cause(case: Complaint, rule: EscalationRule) -> str:
    """Names the unit and the raise before this one; "" while the unit rests after that."""
    unit = f"{case.agency_id}:{case.category_id}:"
    earlier = Escalation.objects.filter(trigger=Trigger.REPEATED, level=rule.level, cause__startswith=unit)
    last = (
        earlier.order_by("-complaint__received_at", "-pk").values_list("pk", "complaint__received_at").first()
    )
    if last is not None and last[1] > case.received_at - timedelta(days=rule.within_days):
        return ""
    return f"{unit}{last[0] if last else 0}"


def _day(case: Complaint) -> date:
    return day_of(case.received_at)
