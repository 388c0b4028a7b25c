"""What citizens say besides their reports, a row of each table that the ledger holds fast: for the city in which every
column is tried."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from accounts.roles import Role
from complaints.ledger.recording import recording
from complaints.models import Complaint
from escalation.promises.models.planned import EffectTold
from escalation.promises.models.proposal import ProposalRule
from escalation.promises.services import commitments
from escalation.promises.services.planning import Plan
from escalation.promises.sweep import sweep_obligations
from reports.publication.models import ReportPolicy
from surveys.forums.inputs.models import InputTerm
from surveys.forums.meetings.models.record import ForumPolicy
from surveys.index.services import Typed, enter_published, refresh_results
from surveys.rounds import services
from surveys.rounds.models import Channel
from surveys.rounds.sealing import seal_days
from surveys.standards.models import Part
from tests import factories
from tests.meetings.people import held, officer
from tests.promises.people import head, kept, promise
from tests.shared import NOON
from tests.standards import people as standards
from tests.surveys.rounds import people as rounds
from tests.voices.people import said

DAY = timedelta(days=1)


def have_their_say() -> None:
    InputTerm.objects.create(valid_from=date(2026, 1, 1))
    ForumPolicy.objects.create(valid_from=date(2026, 1, 1))
    ReportPolicy.objects.create(valid_from=date(2026, 1, 1))
    standards.counter()
    standards.changed(Part.TIME, {"days": 3}, now=NOON, starts_on=date(2026, 12, 1))
    _ask()
    _lead_to_promises()
    forum = held(agencies=(factories.make_agency("DKP"),), cases=(_a_case(),))
    said(forum, email="ani@example.org", now=NOON)
    typed = Typed("Kantor", "2025", "papan", Decimal("76.61"), {"requirements": Decimal(3)}, {})
    enter_published(typed, actor=User.objects.filter(role=Role.SUPERVISOR)[0], now=NOON)


def _a_case() -> int:
    """One that officers of the forum's agency see."""
    pks = Complaint.objects.visible_to(officer()).values_list("pk", flat=True)
    return pks[0] if pks else factories.in_progress(now=NOON).pk


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
