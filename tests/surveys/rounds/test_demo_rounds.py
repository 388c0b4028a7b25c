"""The demo city has asked for a year, by the same rules as anybody."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count
from random import Random

import pytest

from complaints.ledger.verify import verify_ledger
from config.demo.rounds import PLAN, Askers
from surveys.index.models import RoundResult
from surveys.rounds.models import TYPED_BY_STAFF, Response, Round, RoundState
from surveys.rounds.progress import progress_of_many
from tests.shared import NOON
from tests.surveys.questions import national
from tests.surveys.rounds.people import head

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def play(askers: Askers) -> None:
    """Every step in the order of time; a step may put others on the schedule."""
    steps: list[tuple[datetime, int, Callable[[datetime], object]]] = []
    order = count()

    def at(moment: datetime, step: Callable[[datetime], object]) -> None:
        if moment <= NOON:
            heapq.heappush(steps, (moment, next(order), step))

    askers.plan(at)
    while steps:
        moment, _order, step = heapq.heappop(steps)
        step(moment)


def test_a_year_of_rounds_stands_on_record_and_shows_what_can_go_wrong() -> None:
    national()
    for code in ("PUPR", "DLHK", "DINKES", "DUKCAPIL", "DISHUB"):
        head(code)
    play(Askers(Random(5), NOON))
    rows = list(Round.objects.all())
    assert len(rows) == len(PLAN)
    progress = progress_of_many(rows)
    states = [row.state for row in rows]
    assert states.count(RoundState.ANNULLED) == 1 and states.count(RoundState.OPEN) == 2
    assert any(progress[row.pk].missing > 100 for row in rows if row.state == RoundState.CLOSED)
    assert any(not progress[row.pk].missing for row in rows if row.state == RoundState.CLOSED)
    assert Response.objects.filter(channel__in=TYPED_BY_STAFF).exclude(slip="").exists()
    closed = [row for row in rows if row.state == RoundState.CLOSED]
    assert RoundResult.objects.filter(round__in=closed, is_final=True).count() == len(closed)
    assert verify_ledger(files=False).ok


def test_a_city_without_the_survey_asks_nothing() -> None:
    asked: list[object] = []
    Askers(Random(1), NOON).plan(lambda moment, step: asked.append(step))
    assert not asked
