"""Whether the sweep may go on by itself. When not, the administrators are told once, and a person says so
(decision 36)."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.ledger.standing import refusal
from complaints.ledger.tree import latest_head
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Event
from escalation.ladder.messages import LadderMessage
from escalation.ladder.models import Hold, HoldCode, LadderState
from escalation.sweep import SweepResult, run_sweep, sweep_all

logger = logging.getLogger(__name__)

TOLERANCE = timedelta(minutes=10)
# By key, since events have no index by moment: what a wrong clock has just dated ahead is among these.
LAST_EVENTS = 1000
BEHIND = "behind: the database holds later moments than this one. Is the clock right? Then: manage.py sweep --catch-up"
TOLD = ("warned", "escalated", "lapsed", "closed")


class Held(Exception):
    """Nothing was done: it takes a person's word, or the right time."""

    def __init__(self, code: HoldCode) -> None:
        super().__init__(code.value)
        self.code = code


def why_held(now: datetime) -> HoldCode | None:
    """Why nothing may be dated `now` without a person's word; None when it may. A city that was never swept has
    no gap."""
    state = LadderState.objects.first()
    if refusal() is not None:
        return HoldCode.OLDER_COPY
    if _is_behind(now, state):
        return HoldCode.BEHIND
    if state is None or state.swept_at is None or now - state.swept_at <= _longest_gap():
        return None
    return HoldCode.CATCH_UP


def may_go_on(now: datetime, held_by: Collection[HoldCode]) -> bool:
    """Whether something that `held_by` holds back may be done by itself; when not, the administrators are told."""
    code = why_held(now)
    if code is None or code not in held_by:
        return True
    hold(code, now)
    return False


def sweep_on(now: datetime) -> SweepResult:
    """The worker's next sweep, of which the moment is kept. Whether it may go on was asked before."""
    result = run_sweep(now)
    LadderState.objects.filter(Q(swept_at=None) | Q(swept_at__lt=now)).update(swept_at=now)
    release()
    return result


def sweep_by_hand(now: datetime, *, actual: datetime, meant: Collection[HoldCode]) -> SweepResult:
    """A person's sweep as at `now`, while it is `actual`. Raises Held for a reason that is not `meant`."""
    code = why_held(now)
    if code is not None and code not in meant:
        raise Held(code)
    result = sweep_all(now)
    newest = _newest_moment(LadderState.objects.first())
    if newest is not None and newest > actual + TOLERANCE:
        expect_moments_until(max(newest, now))
    LadderState.objects.update(swept_at=min(now, actual))
    release()
    return result


def expect_moments_until(moment: datetime) -> None:
    """A person knows that the database holds moments up to this one; they hold nothing up."""
    LadderState.objects.update(ahead_until=moment)


def would_do(now: datetime) -> SweepResult:
    """What a sweep would do: it is done, counted and taken back."""
    with transaction.atomic():
        result = run_sweep(now)
        transaction.set_rollback(True)
    return result


def hold(code: HoldCode, now: datetime, place: str = "") -> None:
    """Puts the mark that /health/ shows, and writes to the administrators when it is new."""
    with transaction.atomic():
        _hold, is_new = Hold.objects.get_or_create(code=code, place=place, defaults={"since": now})
        if is_new:
            data = {"code": code.value, "place": place} | (_counts(now) if code == HoldCode.CATCH_UP else {})
            administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
            # A clock that goes to and fro is told once a day.
            cause = f"{code}:{place}:{day_of(now)}"
            store_messages(
                [
                    draft_message(
                        LadderMessage.HELD, case=None, cause=cause, due_at=now, user=user, data=data
                    )
                    for user in administrators.order_by("pk")
                ]
            )
    if is_new:
        logger.error("the administrators are told: %s %s", code, place)


def release(place: str = "") -> None:
    """Takes the marks of that place away."""
    Hold.objects.filter(place=place).delete()


def is_older_copy(now: datetime, place: str) -> bool:
    """Whether the database is an older copy by what is kept outside on this host, which is then marked for all
    hosts, or by another host's mark."""
    if refusal() is None:
        return Hold.objects.filter(code=HoldCode.OLDER_COPY).exclude(place=place).exists()
    hold(HoldCode.OLDER_COPY, now, place)
    return True


def forget_older_copy() -> None:
    """The gap was acknowledged: each host looks again."""
    Hold.objects.filter(code=HoldCode.OLDER_COPY).delete()


def _counts(now: datetime) -> dict[str, Any]:
    state = LadderState.objects.first()
    days = (now - state.swept_at).days if state is not None and state.swept_at is not None else 0
    would = would_do(now).as_dict()
    return {"days": days} | {name: would[name] for name in TOLD}


def _longest_gap() -> timedelta:
    return timedelta(days=settings.SWEEP_GAP_DAYS)


def _is_behind(now: datetime, state: LadderState | None) -> bool:
    newest = _newest_moment(state)
    if newest is None or newest <= now + TOLERANCE:
        return False
    return state is None or state.ahead_until is None or newest > state.ahead_until


def _newest_moment(state: LadderState | None) -> datetime | None:
    """The latest moment that the database holds, of its last events, its last head and its last sweep."""
    last = Event.objects.order_by("-pk").values("at")[:LAST_EVENTS]
    head = latest_head()
    moments = [last.aggregate(newest=Max("at"))["newest"], head and head.at, state and state.swept_at]
    return max((moment for moment in moments if moment is not None), default=None)
