"""What citizens say besides their reports, a row of each table that the ledger holds fast: for the city in which every
column is tried."""

from datetime import date, timedelta

from surveys.forums.inputs.models import InputTerm
from surveys.forums.meetings.models.record import ForumPolicy
from surveys.rounds import services
from surveys.rounds.models import Channel
from surveys.rounds.sealing import seal_days
from surveys.standards.models import Part
from tests.meetings.people import held
from tests.shared import NOON
from tests.standards import people as standards
from tests.surveys.rounds import people as rounds
from tests.voices.people import said

DAY = timedelta(days=1)


def have_their_say() -> None:
    InputTerm.objects.create(valid_from=date(2026, 1, 1))
    ForumPolicy.objects.create(valid_from=date(2026, 1, 1))
    standards.counter()
    standards.changed(Part.TIME, {"days": 3}, now=NOON, starts_on=date(2026, 12, 1))
    _ask()
    forum = held()
    said(forum, email="ani@example.org", now=NOON)


def _ask() -> None:
    """A round that is open and one that is closed, with answers of past days."""
    before = NOON - 5 * DAY
    for closes in (False, True):
        row = rounds.opened(before, opens_on=date(2026, 11, 20), closes_on=date(2026, 12, 20))
        for value in (3, 4):
            rounds.answer(row, before, answers=rounds.steps(value))
        rounds.answer(row, before, channel=Channel.PAPER, slip="7")
        if closes:
            services.close_round(row.pk, actor=rounds.head(), now=NOON - 2 * DAY)
    seal_days(NOON)
