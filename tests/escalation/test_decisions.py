"""Who was raised to acknowledges and decides; a decision acts on the case and is on record."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.models import Clock, Complaint, Event, Message
from complaints.models.policy import Stage
from complaints.services import handling
from complaints.services.change import NotAllowed, NotPossible
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import (
    Decision,
    Escalation,
    EscalationRule,
    EscalationState,
    Trigger,
)
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.readers import staff_messages, told

pytestmark = pytest.mark.django_db

LATE = FRIDAY + 31 * DAY  # a Monday, both targets missed


@pytest.fixture
def head() -> User:
    return factories.make_user(Role.AGENCY_HEAD)


@pytest.fixture
def case(head: User) -> Complaint:
    for trigger, level in ((Trigger.BREACH, 1), (Trigger.UNACKNOWLEDGED, 2), (Trigger.UNACKNOWLEDGED, 3)):
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))
    case = factories.in_progress(email="ani@warga.test")
    run_sweep(LATE)
    case.refresh_from_db()
    return case


@pytest.fixture
def escalation(case: Complaint) -> Escalation:
    return Escalation.objects.get(complaint=case)


def test_an_acknowledged_escalation_does_not_climb_until_its_decision_is_due(
    escalation: Escalation, head: User
) -> None:
    acknowledge(escalation.pk, actor=head, now=LATE + HOUR)
    run_sweep(LATE + 2 * DAY)
    assert Escalation.objects.count() == 1
    run_sweep(LATE + 6 * DAY)
    assert Escalation.objects.filter(level=2).count() == 1


def test_an_instruction_gives_the_agency_a_day_and_climbs_when_it_is_not_kept(
    escalation: Escalation, case: Complaint, head: User
) -> None:
    ruling = Ruling(Decision.INSTRUCT, "Selesaikan segera", days=5)
    decide(escalation.pk, actor=head, now=LATE + HOUR, ruling=ruling)
    event = Event.objects.filter(complaint=case).latest("seq")
    assert (event.kind, event.data["decision"]) == (LadderEvent.ESCALATION_DECIDED, "instruct")
    assert Message.objects.filter(template="decision", user=None, reader="").count() == 1
    assert case.handler in told("decision")
    run_sweep(LATE + 6 * DAY)
    assert Escalation.objects.count() == 1
    run_sweep(LATE + 8 * DAY)
    assert Escalation.objects.filter(level=2).count() == 1


def test_an_instruction_that_is_kept_climbs_no_further(
    escalation: Escalation, case: Complaint, head: User
) -> None:
    decide(escalation.pk, actor=head, now=LATE + HOUR, ruling=Ruling(Decision.INSTRUCT, "Segera", days=5))
    handling.resolve(case.pk, actor=factories.officer_of(case), now=LATE + DAY, answer="Sudah")
    run_sweep(LATE + 8 * DAY)
    assert Escalation.objects.count() == 1


def test_an_extension_moves_the_promise_from_where_it_stood(escalation: Escalation, case: Complaint) -> None:
    before = case.target_at
    inspector = factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)
    decide(
        escalation.pk,
        actor=inspector,
        now=LATE + HOUR,
        ruling=Ruling(Decision.EXTEND, "Menunggu bahan", days=20),
    )
    case.refresh_from_db()
    assert before is not None and case.target_at is not None
    assert case.target_at == before + timedelta(days=28)  # twenty working days from a Thursday
    assert run_sweep(LATE + 2 * DAY).escalated == 0


def test_after_an_extension_the_handler_is_warned_of_the_new_day(
    escalation: Escalation, case: Complaint
) -> None:
    inspector = factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)
    reminders = {"template": "reminder", "user": case.handler}
    assert not staff_messages(**reminders).exists()  # the day was missed before anybody could be warned of it
    ruling = Ruling(Decision.EXTEND, "Menunggu bahan", days=20)
    decide(escalation.pk, actor=inspector, now=LATE + HOUR, ruling=ruling)
    warn_at = Clock.objects.get(complaint=case, stage=Stage.RESOLUTION).warn_at
    assert warn_at is not None and warn_at > LATE + HOUR
    assert run_sweep(warn_at).warned == 1
    assert staff_messages(**reminders).count() == 1
    assert run_sweep(warn_at + HOUR).warned == 0


def test_an_extension_into_the_past_is_refused_and_changes_nothing(
    escalation: Escalation, case: Complaint, head: User
) -> None:
    with pytest.raises(NotPossible):
        decide(escalation.pk, actor=head, now=LATE, ruling=Ruling(Decision.EXTEND, "Sedikit lagi", days=1))
    escalation.refresh_from_db()
    assert escalation.state == EscalationState.RAISED
    assert Complaint.objects.get(pk=case.pk).version == case.version


def test_of_two_decisions_only_the_first_counts(escalation: Escalation, head: User) -> None:
    ruling = Ruling(Decision.UNFOUNDED, "Sudah ditangani")
    decide(escalation.pk, actor=head, now=LATE, ruling=ruling)
    with pytest.raises(NotPossible):
        decide(escalation.pk, actor=head, now=LATE, ruling=ruling)


def test_a_case_found_unfounded_is_still_watched(escalation: Escalation, case: Complaint, head: User) -> None:
    decide(escalation.pk, actor=head, now=LATE, ruling=Ruling(Decision.UNFOUNDED, "Sudah ditangani"))
    for week in range(1, 5):
        run_sweep(LATE + 7 * week * DAY)
        case.refresh_from_db()
        assert case.next_action_at is not None and case.next_action_at > LATE + 7 * week * DAY


def test_others_may_not_decide(escalation: Escalation) -> None:
    stranger = factories.make_user(Role.AGENCY_HEAD, factories.make_agency("DLHK"))
    with pytest.raises(Escalation.DoesNotExist):
        acknowledge(escalation.pk, actor=stranger, now=LATE)
    for role in (Role.OFFICER, Role.VERIFIER):
        with pytest.raises((NotAllowed, Escalation.DoesNotExist)):
            acknowledge(escalation.pk, actor=factories.make_user(role), now=LATE)


@pytest.mark.long
def test_the_head_decides_on_the_page(escalation: Escalation, head: User, client: Client) -> None:
    client.force_login(head)
    page = client.get(reverse("escalation:escalation-list"))
    assert escalation.complaint.number in page.content.decode()
    url = reverse("escalation:escalation-decide", args=[escalation.pk])
    wrong = client.post(url, {"decision": "instruct", "words": "Segera ditangani"})
    assert wrong.status_code == 422
    assert "Segera" in wrong.content.decode()
    right = client.post(url, {"decision": "instruct", "words": "Segera ditangani", "days": "5"})
    assert right.status_code == 302
    escalation.refresh_from_db()
    assert escalation.decided_by == head


@pytest.mark.usefixtures("in_english")
def test_the_page_says_what_was_done_and_who_hears_of_it(
    escalation: Escalation, head: User, client: Client
) -> None:
    client.force_login(head)
    sent = {"decision": "instruct", "words": "Segera ditangani", "days": "5"}
    for act, words in (
        ("acknowledge", "Acknowledged. A decision is due in three working days."),
        ("decide", "Decided. The citizen and the agency are told."),
    ):
        done = client.post(reverse(f"escalation:escalation-{act}", args=[escalation.pk]), sent, follow=True)
        assert words in done.content.decode()


@pytest.mark.long
def test_an_old_form_decides_nothing_and_shows_what_happened_and_what_was_typed(
    escalation: Escalation, case: Complaint, head: User, client: Client
) -> None:
    client.force_login(head)
    shown = client.get(reverse("escalation:escalation-detail", args=[escalation.pk])).context["form"]
    sent = {
        "version": shown["version"].value(),
        "decision": "instruct",
        "words": "Segera ditangani",
        "days": "5",
    }
    handling.add_note(case.pk, actor=factories.officer_of(case), now=LATE, text="Alat sudah datang")
    url = reverse("escalation:escalation-decide", args=[escalation.pk])
    refused = client.post(url, sent)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Alat sudah datang" in page and "Segera" in page
    escalation.refresh_from_db()
    assert escalation.state == EscalationState.RAISED
    again = sent | {"version": refused.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302


def test_an_old_form_of_what_was_decided_meanwhile_gives_the_words_back(
    escalation: Escalation, case: Complaint, head: User, client: Client
) -> None:
    client.force_login(head)
    sent = {"version": case.version, "decision": "unfounded", "words": "Tidak berdasar"}
    decide(escalation.pk, actor=head, now=LATE, ruling=Ruling(Decision.INSTRUCT, "Segera", days=5))
    refused = client.post(reverse("escalation:escalation-decide", args=[escalation.pk]), sent)
    assert refused.status_code == 409
    assert "Tidak berdasar" in refused.content.decode() and refused.context["form"] is None


def test_a_case_is_given_to_another_agency_with_the_version_that_was_seen(
    escalation: Escalation, case: Complaint
) -> None:
    boss = factories.make_user(Role.SUPERVISOR)
    Escalation.objects.update(level=2)
    ruling = Ruling(Decision.REASSIGN, "Salah alamat", agency=factories.make_agency("DLHK"))
    decide(escalation.pk, actor=boss, now=LATE, ruling=ruling, version=case.version)
    case.refresh_from_db()
    assert case.agency is not None and case.agency.code == "DLHK"


@pytest.mark.parametrize("role", ["clerk", "verifier", "officer", "administrator"])
def test_the_page_is_closed_to_others(escalation: Escalation, client: Client, role: str) -> None:
    client.force_login(factories.make_user(role))
    assert client.get(reverse("escalation:escalation-list")).status_code == 403
    assert client.get(reverse("escalation:escalation-detail", args=[escalation.pk])).status_code == 403


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("is_anonymous", "has_officers", "words"),
    [
        (True, True, "Decided. The agency is told. The citizen reads it on the page of their report."),
        (
            False,
            False,
            "Decided. The citizen is told. At the agency nobody is there: the next above is told.",
        ),
        (True, False, "Decided. At the agency nobody is there: the next above is told."),
    ],
)
def test_the_page_says_of_nobody_that_they_are_told_who_is_not(
    escalation: Escalation, head: User, client: Client, is_anonymous: bool, has_officers: bool, words: str
) -> None:
    Complaint.objects.filter(pk=escalation.complaint_id).update(is_anonymous=is_anonymous)
    User.objects.filter(agency=head.agency).exclude(pk=head.pk).update(is_active=has_officers)
    client.force_login(head)
    sent = {"decision": "instruct", "words": "Segera ditangani", "days": "5"}
    url = reverse("escalation:escalation-decide", args=[escalation.pk])
    assert words in client.post(url, sent, follow=True).content.decode()
