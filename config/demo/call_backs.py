"""The call-backs of the demo city: one quarter whose answers are told, and one that is being asked."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of, start_of
from complaints.ledger.checkpoints import make_checkpoint
from complaints.services.change import NotPossible
from escalation.callbacks import services
from escalation.callbacks.drawing import announce_due, close_due, draw_due
from escalation.callbacks.figures import DONE, NOT_DONE, NOT_REACHED, PARTLY, REFUSED
from escalation.callbacks.models import CallBackItem
from escalation.callbacks.outcomes import TRIES
from escalation.callbacks.seen import items_for
from surveys.aftercase.quarters import next_quarter, quarter_of

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SPEAK_AFTER = (4, 12)  # days: who answers on their own page, whom somebody calls
OWN, CALLED = 0.35, 0.75  # shares: of all that were drawn, and of those left
WORDS = [DONE] * 12 + [PARTLY] * 3 + [NOT_DONE] * 5


def plan_call_backs(at: Schedule, now: datetime) -> None:
    running = quarter_of(day_of(now))
    before = quarter_of(running - DAY)
    for first in (before, running):
        begins = start_of(first) + HOUR
        rng = Random(f"call-back {first}")  # noqa: S311 - a play, and its own: nothing else changes by it
        at(begins, _draw)
        for days, step in zip(SPEAK_AFTER, (_speak, _call), strict=True):
            at(min(begins + days * DAY, now - HOUR), partial(step, rng, first))
        at(start_of(next_quarter(first)) + HOUR / 2, close_due)


def _draw(moment: datetime) -> None:
    if announce_due(moment):
        make_checkpoint(moment, outside=False)
        draw_due(moment)


def _drawn(running: date) -> list[CallBackItem]:
    quarter = quarter_of(running - DAY)
    items = CallBackItem.objects.filter(call_back__quarter=quarter).select_related("complaint")
    return list(items.order_by("rank"))


def _speak(rng: Random, running: date, moment: datetime) -> None:
    for item in _drawn(running):
        if rng.random() < OWN:
            who = Citizen(item.complaint_id)
            services.say(item.complaint_id, actor=who, now=moment, said=rng.choice(WORDS))


def _call(rng: Random, running: date, moment: datetime) -> None:
    callers = list(User.objects.filter(role=Role.SUPERVISOR, is_active=True).order_by("email"))
    for item in _drawn(running):
        able = [user for user in callers if items_for(user).filter(pk=item.pk).exists()]
        if not able or rng.random() > CALLED:
            continue
        said = rng.choice([*WORDS, NOT_REACHED, NOT_REACHED, REFUSED])
        days = range(TRIES if said == NOT_REACHED else 1)
        for moment_ in (moment - n * DAY for n in reversed(days)):
            try:
                services.type_in(
                    item.call_back_id, item.complaint.number, actor=able[0], now=moment_, said=said
                )
            except NotPossible:  # has answered on their own page
                break
