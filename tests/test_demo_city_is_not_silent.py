"""Every case of the demo city that is not over: nobody waits unseen or was left untold, none lies without a look."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from accounts.roles import Role
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import moment_in_city
from complaints.integrity import check_integrity
from complaints.models import Clock, Complaint, EventKind, Message
from complaints.services import verification
from complaints.states import OPEN, TERMINAL, State
from escalation.ladder.visit import Visit
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MOMENT = "2026-11-20T06:00:00"
NIGHT = DAY  # the demo sweeps once a night


def set_pieces() -> None:
    """What a city of any size shows: parts that stand differently, a question asked through one, a third question that
    runs on, a referral past its day."""
    lead = Complaint.objects.filter(children__isnull=False).first()
    assert lead is not None and lead.state == State.IN_PROGRESS
    assert set(lead.children.values_list("state", flat=True)) == {State.RESOLVED, State.ASSIGNED}
    through_part = lead.events.filter(kind=EventKind.QUESTION_ASKED, data__has_key="part")
    assert through_part.exists() and lead.events.filter(kind=EventKind.ANSWERED).exists()
    asked = Complaint.objects.get(pauses__stops_clock=False, state=State.AWAITING_CITIZEN)
    assert asked.pauses.count() == 3 and asked.target_at is not None
    assert Complaint.objects.referred_unanswered().exists()


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


def test_nobody_in_the_demo_city_is_left_alone() -> None:
    call_command("seed_demo", cases=90, seed=1, now=MOMENT)
    set_pieces()
    now = parse_datetime(MOMENT)
    assert now is not None
    assert holes(moment_in_city(now)) == []
    assert not any(check_integrity().values())


@pytest.mark.parametrize("insists", [True, False])
def test_the_walk_sees_a_case_that_lies_in_silence(insists: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not insists:
        monkeypatch.setattr(Visit, "_insist", lambda self: None)
    case = factories.in_progress()
    for day in range(90):
        run_sweep(FRIDAY + day * DAY)
    found = holes(FRIDAY + 90 * DAY)
    assert found == [] if insists else [hole for hole in found if str(case) in hole]


def test_the_walk_sees_a_referral_nobody_looks_at_and_a_merged_citizen_nobody_told() -> None:
    verifier, body = factories.make_user(Role.VERIFIER), factories.make_agency("PLN", is_external=True)
    main, joined = (
        factories.file_complaint(),
        factories.file_complaint(subject="Juga", email="ani@warga.test"),
    )
    verification.merge(joined.pk, actor=verifier, now=FRIDAY, into=main.pk)
    verification.refer(main.pk, actor=verifier, now=FRIDAY, body=body, reference="1")
    assert holes(FRIDAY + DAY) == []
    Complaint.objects.filter(pk=main.pk).update(check_at=None)
    Message.objects.filter(complaint=joined).delete()
    assert len(holes(FRIDAY + DAY)) == 2
