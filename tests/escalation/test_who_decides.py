"""Seats on the upper levels, and every path of the escalations × every role."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.models import Complaint
from complaints.services.change import NotAllowed
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests import factories, readers
from tests.factories import DAY, FRIDAY

LATE = FRIDAY + 31 * DAY  # a Monday


@pytest.fixture
def inspector(db: None) -> User:
    return factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)


@pytest.fixture
def ombudsman(db: None) -> User:
    return factories.make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN)


def raised_to(level: int) -> Escalation:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=level, valid_from=date(2018, 1, 1))
    factories.in_progress(subject="Jembatan retak")
    run_sweep(LATE)
    return Escalation.objects.get()


def told() -> set[User]:
    return readers.told("escalation")


@pytest.mark.parametrize(("level", "seat"), [(2, "inspectorate"), (3, "ombudsman")])
def test_a_rung_s_mail_goes_to_its_seat(level: int, seat: str, inspector: User, ombudsman: User) -> None:
    factories.make_user(Role.SUPERVISOR)
    raised_to(level)
    assert {user.seat for user in told()} == {seat}


def test_where_the_seat_is_empty_the_supervisors_without_one_are_told(inspector: User) -> None:
    unseated = factories.make_user(Role.SUPERVISOR)
    raised_to(3)
    assert told() == {unseated}


def test_where_nobody_else_is_there_any_supervisor_is_told(inspector: User) -> None:
    raised_to(3)
    assert told() == {inspector}


def test_an_agency_without_a_head_leaves_the_first_rung_to_the_second(
    inspector: User, ombudsman: User
) -> None:
    raised_to(1)
    assert told() == {inspector}


def test_the_inspectorate_sees_the_ombudsman_s_escalation_and_does_not_decide_it(
    inspector: User, ombudsman: User
) -> None:
    escalation = raised_to(3)
    assert escalation in Escalation.objects.visible_to(inspector)
    assert escalation not in Escalation.objects.for_decision_by(inspector)
    ruling = Ruling(Decision.UNFOUNDED, "Sudah ditangani")
    with pytest.raises(NotAllowed):
        acknowledge(escalation.pk, actor=inspector, now=LATE)
    with pytest.raises(NotAllowed):
        decide(escalation.pk, actor=inspector, now=LATE, ruling=ruling)
    assert decide(escalation.pk, actor=ombudsman, now=LATE, ruling=ruling).decided_by == ombudsman


def test_the_ombudsman_decides_on_the_second_rung_too(ombudsman: User) -> None:
    escalation = raised_to(2)
    decide(escalation.pk, actor=ombudsman, now=LATE, ruling=Ruling(Decision.UNFOUNDED, "Sudah ditangani"))


# What each answers for an escalation on the first level of an agency's own case: (GET pages, POSTs).
ROLES = {
    "citizen": (302, 302),
    Role.CLERK: (403, 403),
    Role.VERIFIER: (403, 403),
    Role.OFFICER: (403, 403),
    Role.AGENCY_HEAD: (200, 302),
    Role.SUPERVISOR: (200, 302),
    Role.ADMINISTRATOR: (403, 403),
}
POSTS = {"acknowledge": {}, "decide": {"decision": "unfounded", "words": "Sudah ditangani"}}


@pytest.mark.parametrize("role", ROLES)
def test_every_path_by_every_role(role: str, client: Client, db: None) -> None:
    escalation = raised_to(1)
    if role != "citizen":
        client.force_login(factories.make_user(role))
    page, post = ROLES[role]
    assert client.get(reverse("escalation:escalation-list")).status_code == page
    assert client.get(reverse("escalation:escalation-detail", args=[escalation.pk])).status_code == page
    for name, data in POSTS.items():
        url = reverse(f"escalation:escalation-{name}", args=[escalation.pk])
        assert client.get(url).status_code in (302, 403, 405)
        assert client.post(url, data).status_code == post
    other = factories.make_user(Role.AGENCY_HEAD, factories.make_agency("DLHK"))
    client.force_login(other)
    assert client.get(reverse("escalation:escalation-detail", args=[escalation.pk])).status_code == 404
    assert (
        client.post(
            reverse("escalation:escalation-decide", args=[escalation.pk]), POSTS["decide"]
        ).status_code
        == 404
    )


def test_above_one_s_seat_is_readable_and_not_decidable_on_the_page(
    inspector: User, ombudsman: User, client: Client, in_english: None
) -> None:
    escalation = raised_to(3)
    client.force_login(inspector)
    assert (
        escalation.complaint.number not in client.get(reverse("escalation:escalation-list")).content.decode()
    )
    everyones = client.get(reverse("escalation:escalation-list"), {"all": "1"}).content.decode()
    assert escalation.complaint.number in everyones
    detail = reverse("escalation:escalation-detail", args=[escalation.pk])
    assert "Not yours to decide" in client.get(detail).content.decode()
    url = reverse("escalation:escalation-decide", args=[escalation.pk])
    assert client.post(url, POSTS["decide"]).status_code == 403


def test_the_form_offers_only_what_this_person_may_decide(inspector: User, client: Client) -> None:
    head, escalation = factories.make_user(Role.AGENCY_HEAD), raised_to(1)
    factories.make_agency("DLHK")
    detail = reverse("escalation:escalation-detail", args=[escalation.pk])
    for user, offered in ((head, {"instruct", "extend", "unfounded"}), (inspector, set(Decision.values))):
        client.force_login(user)
        page = client.get(detail).content.decode()
        assert {value for value in Decision.values if f'value="{value}"' in page} == offered


@pytest.mark.parametrize(
    ("decision", "missing"),
    [("instruct", "days"), ("extend", "more_days"), ("reassign", "agency"), ("refer", "reference")],
)
def test_what_a_decision_needs_is_asked_for_beside_its_field(
    decision: str, missing: str, inspector: User, client: Client
) -> None:
    escalation = raised_to(2)
    factories.make_agency("DLHK")
    client.force_login(inspector)
    url = reverse("escalation:escalation-decide", args=[escalation.pk])
    response = client.post(
        url, {"decision": decision, "words": "Segera ditangani", "days": "x" if missing != "days" else ""}
    )
    assert response.status_code == 422
    assert f'id="id_{missing}_error"' in response.content.decode()
    escalation.refresh_from_db()
    assert escalation.is_open


def test_taking_away_on_the_page_leads_back_to_the_list(inspector: User, client: Client) -> None:
    escalation, other = raised_to(2), factories.make_agency("DLHK")
    client.force_login(inspector)
    data = {"decision": "reassign", "agency": "DLHK", "words": "Terlalu lama"}
    response = client.post(reverse("escalation:escalation-decide", args=[escalation.pk]), data, follow=True)
    assert response.status_code == 200
    assert Complaint.objects.get().agency == other


def test_a_case_is_referred_on_the_page_to_a_body_outside_only(inspector: User, client: Client) -> None:
    escalation, inside = raised_to(2), factories.make_agency("DLHK")
    outside = factories.make_agency("PLN", is_external=True)
    client.force_login(inspector)
    url = reverse("escalation:escalation-decide", args=[escalation.pk])
    data = {"decision": "refer", "reference": "X-1", "words": "Bukan kewenangan kota"}
    assert client.post(url, data | {"body": inside.code}).status_code == 422
    assert client.post(url, data | {"body": outside.code}, follow=True).status_code == 200
    case = Complaint.objects.get()
    assert (case.state, case.referred_to, case.external_reference) == ("referred", outside, "X-1")
