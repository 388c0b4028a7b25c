"""Every case that is not over: nobody waits unseen or was left untold, none lies without a look."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Q

from complaints.clock.calendars import calendar_for
from complaints.models import Clock, Complaint, EventKind, Message
from complaints.states import OPEN, TERMINAL, State
from tests.factories import DAY

NIGHT = DAY  # the demo sweeps once a night


def longest_days_off(since: datetime, until: datetime) -> timedelta:
    """Of the city's calendar: the longest time in which no office opened, beyond a weekend."""
    calendar, opened = calendar_for(None)[1], since
    longest = timedelta()
    while opened < until:
        following = calendar.next_opening(calendar.midnight(calendar.local_date(opened) + DAY))
        longest, opened = max(longest, following - opened), following
    return longest


def silent_while_late(case: Complaint, now: datetime) -> Iterator[str]:
    """A late case of which nobody in office heard for more than a week and the days off."""
    late = Clock.objects.filter(complaint=case, stopped_at=None, breached_at__isnull=False)
    since = late.order_by("breached_at").values_list("breached_at", flat=True).first()
    if since is None:
        return
    rows = Message.objects.filter(Q(user__isnull=False) | ~Q(reader=""), complaint=case, due_at__gte=since)
    told = sorted(at for at in rows.values_list("due_at", flat=True) if at <= now)
    limit = 7 * DAY + longest_days_off(since, now) + NIGHT
    for earlier, later in pairwise([since, *told, now]):
        if later - earlier > limit:
            yield f"{case} is late, and nobody was told from {earlier:%d %b %Y} for {(later - earlier).days} days"


def without_a_look(case: Complaint, now: datetime) -> Iterator[str]:
    if case.state in OPEN and (case.next_action_at is None or case.next_action_at <= now - NIGHT):
        yield f"{case} is open, and nobody looks at it again"
    is_asked_about = case.state == State.REFERRED and not case.outside_answer
    if is_asked_about and (case.check_at is None or case.check_at <= now - NIGHT):
        yield f"{case} is referred, and nobody looks at it again"


def untold(case: Complaint, now: datetime) -> Iterator[str]:
    """A merged citizen whose main case came to its end, and who was not told."""
    main = case.merged_into
    if main is None or case.is_anonymous or main.state not in TERMINAL | {State.RESOLVED}:
        return
    told = Message.objects.filter(complaint=case, user=None, reader="").exclude(template="receipt")
    ended = main.ended_at or main.received_at
    if not told.filter(due_at__gte=min(ended, case.ended_at or ended)).exists():
        yield f"{case} follows {main}, which is over ({main.state}), and its citizen was not told"


def unanswered_by_nobody(case: Complaint, now: datetime) -> Iterator[str]:
    if case.state == State.RESOLVED and not case.events.filter(kind=EventKind.RESOLVED).exists():
        yield f"{case} is answered without an answer"


CHECKS: tuple[Any, ...] = (silent_while_late, without_a_look, untold, unanswered_by_nobody)


def holes(now: datetime) -> list[str]:
    states = [*OPEN, State.REFERRED, State.MERGED]
    cases = Complaint.objects.filter(is_live=True, state__in=sorted(states)).select_related("merged_into")
    return [hole for case in cases.order_by("pk") for check in CHECKS for hole in check(case, now)]
