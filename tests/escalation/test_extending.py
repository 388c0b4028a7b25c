"""No promise moves without end: in one round each level gives more time once, and everybody above hears of it."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role, Seat
from complaints.history.timeline import timeline_for
from complaints.mail.letters import compose
from complaints.models import Clock, Complaint, Event, Message, ServiceLevel
from complaints.models.policy import Stage
from complaints.services import citizen, handling, verification
from complaints.services.verification import Routing
from escalation.ladder.decisions import SAY_HOW_MANY, Ruling, decide, offered
from escalation.ladder.events import LadderEvent
from escalation.ladder.extending import (
    A_HIGHER_LEVEL,
    NOBODY_ANY_MORE,
    NOT_OF_A_PART,
    NOT_ON_THIS_LEVEL,
    allowance,
)
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger, levels_of
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.readers import told
from tests.refusals import refused
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 12, 10, 8, 0, tzinfo=UTC)  # a Thursday, 16:00 in Kupang


@pytest.fixture
def head() -> User:
    return factories.make_user(Role.AGENCY_HEAD)


@pytest.fixture
def inspector() -> User:
    return factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)


@pytest.fixture
def ombudsman() -> User:
    return factories.make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN)


@pytest.fixture
def case(head: User, inspector: User, ombudsman: User) -> Complaint:
    """Nine tenths of its time are used, and its head knows."""
    EscalationRule.objects.create(trigger=Trigger.SHARE, level=1, amount=50, valid_from=date(2018, 1, 1))
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    case = factories.in_progress(email="ani@warga.test")
    run_sweep(DUE - DAY)
    return case


def extend(case: Complaint, actor: User, days: int, now: datetime | None = None) -> Complaint:
    """Decides on whatever is open, which is raised by hand where nothing is."""
    at = now or DUE - DAY + HOUR
    waiting = Escalation.objects.open().filter(complaint=case, level__in=levels_of(actor)).first()
    waiting = waiting or Escalation.objects.create(
        complaint=case,
        level=max(levels_of(actor)),
        trigger=Trigger.OVERDUE,
        cause=f"by hand {Escalation.objects.count()}",
        raised_at=at,
        due_at=at + DAY,
    )
    decide(waiting.pk, actor=actor, now=at, ruling=Ruling(Decision.EXTEND, "Menunggu aspal", days=days))
    return Complaint.objects.get(pk=case.pk)


def added(case: Complaint) -> int:
    return Clock.objects.get(complaint=case, stage=Stage.RESOLUTION, stopped_at=None).extended_by


def test_a_head_gives_at_most_ten_working_days(case: Complaint, head: User) -> None:
    with pytest.raises(Exception, match="10"):
        extend(case, head, 11)
    assert added(case) == 0
    assert extend(case, head, 10).target_at == DUE + 14 * DAY
    assert not what_is_broken()


def test_a_head_gives_more_time_once_a_round(case: Complaint, head: User) -> None:
    extend(case, head, 1)
    with refused(A_HIGHER_LEVEL):
        extend(case, head, 1)
    assert added(case) == 1


def test_each_next_level_once_and_then_nobody(
    case: Complaint, head: User, inspector: User, ombudsman: User
) -> None:
    extend(case, head, 10)
    extend(case, inspector, 20)
    with refused(A_HIGHER_LEVEL):
        extend(case, inspector, 1)
    extend(case, ombudsman, 40)
    for actor in (head, inspector, ombudsman):
        with refused(NOBODY_ANY_MORE):
            extend(case, actor, 1)
    assert added(case) == 70


def test_after_a_higher_level_no_lower_one_gives_more(case: Complaint, head: User, inspector: User) -> None:
    extend(case, inspector, 1)
    with refused(A_HIGHER_LEVEL):
        extend(case, head, 1)


def test_another_agencys_head_does_not_begin_anew(case: Complaint, head: User) -> None:
    """Handed back and assigned again it is still the same round."""
    extend(case, head, 5)
    verifier = factories.make_user(Role.VERIFIER)
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=DUE, why="Bukan kami")
    other = factories.make_agency("DLH")
    verification.assign(case.pk, actor=verifier, now=DUE, routing=Routing([other]))
    with refused(A_HIGHER_LEVEL):
        extend(case, factories.make_user(Role.AGENCY_HEAD, other), 5, DUE + HOUR)


def test_a_dispute_begins_a_round_of_its_own(case: Complaint, head: User) -> None:
    extend(case, head, 10)
    handling.resolve(case.pk, actor=factories.officer_of(case), now=DUE, answer="Sudah")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=DUE + DAY, why="Belum")
    run_sweep(DUE + 2 * DAY)
    extend(case, head, 3, DUE + 2 * DAY)
    assert added(case) == 3


def test_the_limits_are_the_policys(head: User, inspector: User, ombudsman: User) -> None:
    factories.make_city()
    level = ServiceLevel.objects.get(kind="complaint")
    level.head_extension_days, level.inspectorate_extension_days, level.extensions_a_level = 0, 3, 2
    level.save()
    case = factories.in_progress()
    assert case.policy["extension_days"] == [0, 3, 40]
    with refused(NOT_ON_THIS_LEVEL):
        extend(case, head, 1)
    extend(case, inspector, 3)
    extend(case, inspector, 3)
    with refused(A_HIGHER_LEVEL):
        extend(case, inspector, 3)


def test_a_case_from_before_there_were_limits_has_the_usual_ones(case: Complaint, head: User) -> None:
    policy = {k: v for k, v in case.policy.items() if k not in ("extension_days", "extensions_a_level")}
    Complaint.objects.filter(pk=case.pk).update(policy=policy)
    assert allowance(Complaint.objects.get(pk=case.pk), head).days == 10


def test_nobody_gives_more_time_for_nothing(case: Complaint, head: User) -> None:
    with refused(SAY_HOW_MANY):
        extend(case, head, 0)


def test_a_part_of_a_shared_case_has_the_promise_of_the_whole(head: User) -> None:
    verifier = factories.make_user(Role.VERIFIER)
    other = factories.make_agency("DLH")
    case = factories.file_complaint()
    routing = Routing([factories.make_agency(), other])
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=routing)
    part = Complaint.objects.get(parent=case)
    with refused(NOT_OF_A_PART):
        extend(part, factories.make_user(Role.AGENCY_HEAD, other), 5)


def test_the_level_above_is_told_of_every_extension(
    case: Complaint, head: User, inspector: User, ombudsman: User
) -> None:
    extend(case, head, 10)
    assert told("extended") == {inspector}
    Message.objects.all().delete()
    extend(case, inspector, 5)
    assert told("extended") == {ombudsman}
    mail = compose([Message.objects.get(template="extended", user=ombudsman)]).body
    assert "Kamis, 31 Desember 2026" in mail


def test_the_citizen_reads_both_days_and_the_reason(case: Complaint, head: User) -> None:
    extend(case, head, 5)
    mail = compose([Message.objects.get(template="decision", user=None, reader="")]).body
    item = next(i for i in timeline_for(case, Citizen(case.pk)) if i.kind == LadderEvent.ESCALATION_DECIDED)
    for words in ("10 Desember 2026", "17 Desember 2026", "Menunggu aspal"):
        assert words in mail
        assert words in f"{item.title} {item.words}"


def test_the_event_says_in_whose_name_and_what_moved(case: Complaint, head: User) -> None:
    extend(case, head, 5)
    said = Event.objects.get(complaint=case, kind=LadderEvent.ESCALATION_DECIDED).said
    assert (said["given_by"], said["days"]) == (1, 5)
    assert said["moved"] == [["resolution", DUE.isoformat(), (DUE + 7 * DAY).isoformat()]]
    assert said["promised"] == {"resolution": DUE.isoformat()}


def test_the_form_offers_what_is_possible_and_says_why_not_more(
    case: Complaint, head: User, client: Client, in_english: None
) -> None:
    client.force_login(head)
    waiting = Escalation.objects.filter(complaint=case).order_by("pk")[0]
    page = reverse("escalation:escalation-detail", args=[waiting.pk])
    body = client.get(page).content.decode()
    assert 'max="10"' in body
    assert "At most 10 working days; more is the next level&#x27;s." in body
    sent = {"decision": "extend", "more_days": "11", "words": "Menunggu aspal"}
    refusal = client.post(reverse("escalation:escalation-decide", args=[waiting.pk]), sent)
    assert refusal.status_code == 422
    assert added(case) == 0
    extend(case, head, 10)
    Escalation.objects.filter(pk=waiting.pk).update(state="raised", decision="", decided_at=None)
    waiting.refresh_from_db()
    assert Decision.EXTEND not in offered(waiting, head)
    assert str(A_HIGHER_LEVEL) in client.get(page).content.decode()


def test_a_miss_that_needs_more_than_a_head_may_give_is_not_theirs(case: Complaint, head: User) -> None:
    """Ten days from where the promise stood would still be in the past."""
    run_sweep(DUE + 30 * DAY)
    with pytest.raises(Exception, match=r"(past|lewat|lampau)"):
        extend(case, head, 10, DUE + 30 * DAY)
    assert added(case) == 0
