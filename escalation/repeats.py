"""Repeated complaints about one unit: which of the visited cases completes a repetition.

The unit is an agency and a category. The newest case of a unit looks back over the rule's days, counted
from its own receipt, so that a sweep that comes late finds what one in time would have found. After a
raise the unit rests for as many days.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from complaints.models import Complaint
from complaints.states import ACTIVE
from escalation.ladder import Ladder
from escalation.models import Escalation, EscalationRule, Trigger

Repetition = tuple[EscalationRule, str]


def repetitions(cases: Iterable[Complaint], ladder: Ladder) -> dict[int, list[Repetition]]:
    """By case: the rules it sets off, each with the cause that makes it exactly-once. A few queries a batch."""
    rules = [rule for rule in ladder.rules if rule.trigger == Trigger.REPEATED]
    candidates = [case.pk for case in cases if case.state in ACTIVE and case.agency_id]
    if not rules or not candidates:
        return {}
    found: dict[int, list[Repetition]] = defaultdict(list)
    for case in _newest_of_their_units(candidates):
        for rule in ladder.timed(Trigger.REPEATED, case.kind, ""):
            cause = _cause(case, rule)
            if cause:
                found[case.pk].append((rule, cause))
    return found


def _newest_of_their_units(keys: list[int]) -> list[Complaint]:
    later = Q(received_at__gt=OuterRef("received_at")) | Q(
        received_at=OuterRef("received_at"), pk__gt=OuterRef("pk")
    )
    newer = Complaint.objects.active().filter(
        later,
        is_live=True,
        agency=OuterRef("agency"),
        category=OuterRef("category"),
        received_at__gte=OuterRef("received_at"),  # so that the index by agency and receipt is used
    )
    cases = Complaint.objects.filter(~Exists(newer), pk__in=keys, category__isnull=False, is_live=True)
    return list(cases.only("kind", "agency", "category", "received_at").order_by("received_at", "pk"))


def _cause(case: Complaint, rule: EscalationRule) -> str:
    """Names the unit and the raise before this one; "" where the rule is not fulfilled."""
    if _day(case) < rule.valid_from:
        return ""  # what arrived before the rule is not counted against anybody
    window = timedelta(days=rule.within_days)
    unit = Complaint.objects.filter(
        is_live=True,
        agency=case.agency_id,
        category=case.category_id,
        received_at__gt=case.received_at - window,
        received_at__lte=case.received_at,
    )
    if rule.kind:
        unit = unit.filter(kind=rule.kind)
    if unit[: rule.amount].count() < rule.amount:
        return ""
    earlier = Escalation.objects.filter(
        trigger=Trigger.REPEATED,
        level=rule.level,
        cause__startswith=f"{case.agency_id}:{case.category_id}:",
    )
    last = earlier.select_related("complaint").order_by("-complaint__received_at", "-pk").first()
    if last is not None and last.complaint.received_at > case.received_at - window:
        return ""
    return f"{case.agency_id}:{case.category_id}:{last.pk if last else 0}"


def _day(case: Complaint) -> date:
    return case.received_at.astimezone(settings.CITY.tz).date()
