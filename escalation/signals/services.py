"""Goes through the cases of a quarter by the rules, and keeps what they found."""

from datetime import UTC, datetime

from django.db import transaction

from accounts.models import Agency
from complaints.clock.city_time import day_of, start_of
from complaints.models import Complaint
from escalation.oversight.periods import Days, named_period
from escalation.signals.answering import ask_agencies
from escalation.signals.facts import read_courses
from escalation.signals.models import SignalCount, SignalLook
from escalation.signals.rules import RULES
from escalation.signals.telling import ASKED, remind, tell

AT_ONCE = 2000
NAMES = ("quarter", "last_quarter")


def refresh_signals(now: datetime) -> int:
    """Counts the running quarter and the one before anew, once a day; how many were counted."""
    today = day_of(now)
    counted = sum(_refresh(named_period(name, today), now) for name in NAMES)
    if counted:
        remind(now)
    return counted


def _refresh(days: Days, now: datetime) -> int:
    """Two workers at once: whoever moves the moment counts."""
    quarter = days.first
    row, _made = SignalCount.objects.get_or_create(quarter=quarter)
    if row.counted_at is not None and row.counted_at >= start_of(day_of(now)).astimezone(UTC):
        return 0
    with transaction.atomic():
        claimed = SignalCount.objects.filter(quarter=quarter, counted_at=row.counted_at)
        if not claimed.update(counted_at=now):
            return 0
        SignalLook.objects.filter(quarter=quarter).delete()
        _count(days)
    tell(ask_agencies(quarter, now), ASKED, now)
    return 1


def _count(days: Days) -> None:
    """A shared case counts once, for the agency that leads, as in the reports."""
    start, end = days.bounds
    cases = Complaint.objects.filter(received_at__gte=start, received_at__lt=end).counted_once(None)
    courses = list(read_courses(cases))
    keys = dict(Agency.objects.values_list("code", "pk"))
    for rule in RULES:
        looks = [
            SignalLook(
                complaint_id=look.case,
                quarter=days.first,
                signal=rule.code,
                at=look.at,
                agency_id=keys.get(look.agency),
                is_sign=look.is_sign,
            )
            for look in rule.looks(courses)
        ]
        SignalLook.objects.bulk_create(looks, batch_size=AT_ONCE)
