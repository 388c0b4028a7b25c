"""The administration says whom a change leaves alone, and asks for a successor, before it is made."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, User
from accounts.roles import Role, Seat
from escalation.ladder.models import EscalationRule, Trigger
from tests.conflict.people import City
from tests.factories import assigned, file_complaint, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def admin(city: City, client: Client) -> Client:
    client.force_login(make_user(Role.ADMINISTRATOR, name="Adi"))
    return client


def close(admin: Client, *users: User, **more: Any) -> Any:
    data = {"action": "close_accounts", "_selected_action": [user.pk for user in users]} | more
    return admin.post(reverse("admin:accounts_user_changelist"), data)


def change(admin: Client, user: User, **values: Any) -> Any:
    data = {
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "agency": user.agency_id or "",
        "seat": user.seat,
        "language": user.language,
    } | values
    return admin.post(reverse("admin:accounts_user_change", args=[user.pk]), data)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_whoever_is_not_the_last_goes_without_a_question(admin, city):
    assert close(admin, city.oka).status_code == 302
    assert not fresh(city.oka).is_active


def test_closing_the_last_officers_says_how_many_reports_they_leave(admin, city):
    for serial in range(3):
        assigned(agency=city.pupr, secret=f"number {serial}")
    page = close(admin, city.oka, city.olga)
    assert page.status_code == 200
    words = page.content.decode()
    assert "Dinas PUPR" in words and "3 laporan" in words
    assert fresh(city.oka).is_active and fresh(city.olga).is_active


@pytest.mark.parametrize("names", [["vera", "viktor"], ["hana"], ["sari"], ["umar"]])
def test_the_last_of_each_place_is_asked_for(admin, city, names):
    file_complaint()
    users = [city.staff[name] for name in names]
    assert close(admin, *users).status_code == 200
    assert all(fresh(user).is_active for user in users)
    assert close(admin, *users, closing="1", leave_alone="on").status_code == 302
    assert not any(fresh(user).is_active for user in users)


def test_a_successor_takes_the_place(admin, city):
    assert close(admin, city.umar, closing="1", successor=city.viktor.pk).status_code == 302
    assert not fresh(city.umar).is_active
    assert (fresh(city.viktor).role, fresh(city.viktor).seat) == (Role.SUPERVISOR, Seat.OMBUDSMAN)


def test_a_successor_who_leaves_somebody_alone_is_asked_about_too(admin, city):
    page = close(admin, city.umar, closing="1", successor=city.hana.pk)
    assert page.status_code == 200 and "Dinas PUPR" in page.content.decode()
    assert fresh(city.umar).is_active and fresh(city.hana).role == Role.AGENCY_HEAD


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("hana", {"role": Role.VERIFIER, "agency": ""}),
        ("hana", {"agency": "DINKES"}),
        ("umar", {"seat": Seat.INSPECTORATE}),
        ("dina", {"role": Role.AGENCY_HEAD}),
    ],
)
def test_another_role_agency_or_level_is_asked_about_too(admin, city, name, values):
    if values.get("agency"):
        values = {"agency": city.dinkes.pk}
    user = city.staff[name]
    assert change(admin, user, **values).status_code == 200
    assert (fresh(user).role, fresh(user).agency_id, fresh(user).seat) == (
        user.role,
        user.agency_id,
        user.seat,
    )
    assert change(admin, user, **values, leave_alone="on").status_code == 302
    assert (fresh(user).role, fresh(user).agency_id, fresh(user).seat) != (
        user.role,
        user.agency_id,
        user.seat,
    )


def test_a_change_with_a_successor_moves_both(admin, city):
    page = change(admin, city.hana, role=Role.VERIFIER, agency="", successor=city.olga.pk)
    assert page.status_code == 302
    assert (fresh(city.olga).role, fresh(city.olga).agency) == (Role.AGENCY_HEAD, city.pupr)
    assert fresh(city.hana).role == Role.VERIFIER


def test_another_name_asks_nothing(admin, city):
    assert change(admin, city.hana, name="Hana Dewi").status_code == 302
    assert fresh(city.hana).name == "Hana Dewi"


def agency_data(agency: Agency, **values: Any) -> dict[str, Any]:
    names = ("code", "name", "name_en", "short_name", "kind", "duties_id", "duties_en")
    data = {name: getattr(agency, name) for name in names} | {
        "parent": agency.parent_id or "",
        "keywords": "",
    }
    return data | {"is_active": "on"} | values


def test_closing_an_agency_with_open_reports_asks_first(admin, city):
    assigned(agency=city.dinkes)
    path = reverse("admin:accounts_agency_change", args=[city.dinkes.pk])
    closed = agency_data(city.dinkes)
    del closed["is_active"]
    page = admin.post(path, closed)
    assert page.status_code == 200 and "1 laporan" in page.content.decode()
    city.dinkes.refresh_from_db()
    assert city.dinkes.is_active
    assert admin.post(path, closed | {"leave_alone": "on"}).status_code == 302
    city.dinkes.refresh_from_db()
    assert not city.dinkes.is_active


def test_ending_the_last_rule_asks_first(admin, city):
    rule = EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    path = reverse("admin:escalation_escalationrule_change", args=[rule.pk])
    assert admin.post(path, {}).status_code == 200
    rule.refresh_from_db()
    assert rule.is_active
    assert admin.post(path, {"leave_alone": "on"}).status_code == 302
    rule.refresh_from_db()
    assert not rule.is_active


def test_the_verifier_reads_where_nobody_can_take_a_case_up_before_assigning(city, client):
    User.objects.filter(pk=city.dina.pk).update(is_active=False)
    cache.clear()
    case = file_complaint()
    client.force_login(city.vera)
    page = client.get(f"/staff/cases/{case.number}/?do=assign").content.decode()
    assert "Dinas DINKES (tidak ada petugas" in page
    assert "Dinas PUPR (tidak ada" not in page


def test_whoever_is_the_last_who_may_act_in_a_report_is_asked_for(admin, city):
    city.name(assigned(agency=city.pupr), city.oka)
    page = close(admin, city.olga)
    assert page.status_code == 200
    assert "Dinas PUPR" in page.content.decode()
    assert fresh(city.olga).is_active


def test_an_inspectorate_that_is_to_be_none_any_more_leaves_oversight_complaints_alone(admin, city):
    assigned(agency=city.inspectorate, kind="oversight")
    agency = city.inspectorate
    page = admin.post(reverse("admin:accounts_agency_change", args=[agency.pk]), agency_data(agency))
    assert page.status_code == 200
    assert "Dinas ITKOT: ada laporan" in page.content.decode()
