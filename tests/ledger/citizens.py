"""What citizens say besides their reports, a row of each table that the ledger holds fast: for the city in which every
column is tried."""

from datetime import date, timedelta

from complaints.ledger.recording import recording
from escalation.promises.models.planned import EffectTold
from escalation.promises.models.proposal import ProposalRule
from escalation.promises.services import commitments
from escalation.promises.services.planning import Plan
from escalation.promises.sweep import sweep_obligations
from surveys.forums.inputs.models import InputTerm
from surveys.forums.meetings.models.record import ForumPolicy
from surveys.index.services import refresh_results
from surveys.rounds import services
from surveys.rounds.models import Channel
from surveys.rounds.sealing import seal_days
from surveys.standards.models import Part
from tests.meetings.people import held
from tests.promises.people import head, kept, promise
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
    _lead_to_promises()
    forum = held()
    said(forum, email="ani@example.org", now=NOON)


def _ask() -> None:
    """A round that is open and one that is closed, with answers of a day that is sealed; those before it are sealed
    already where a city was played until now."""
    for closes in (False, True):
        row = rounds.opened(NOON, opens_on=date(2026, 11, 30), closes_on=date(2026, 12, 20))
        for value in (3, 4, 3, 4, 3):
            rounds.answer(row, NOON, answers=rounds.steps(value, time=1))
        rounds.answer(row, NOON, channel=Channel.PAPER, slip="7")
        if closes:
            services.close_round(row.pk, actor=rounds.head(), now=NOON)
    seal_days(NOON + DAY)


def _lead_to_promises() -> None:
    """What is judged lowest asks for a promise; one promise has changed a standard, another will."""
    ProposalRule.objects.update_or_create(valid_from=date(2020, 1, 1), defaults={"fewest_answers": 5})
    refresh_results(NOON)
    sweep_obligations(NOON)
    for part, value in ((Part.HOURS, standards.LONG), (Part.HOURS, standards.SHORT)):
        plan = Plan(part, value, date(2026, 12, 9), counter=standards.counter())
        row = commitments.make(promise(plan=plan), actor=head(), now=NOON)
        if value is standards.LONG:
            kept(row, NOON)
            with recording(actor=None, now=NOON) as record:
                record.new(EffectTold.objects.create(commitment=row, at=NOON))
