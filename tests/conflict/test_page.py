"""Naming whom a case is about, on its page."""

import pytest
import time_machine
from django.test import Client

from accounts.actors import Citizen
from accounts.models import Agency
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.models import Complaint, EventKind, ReportedParty
from tests.browser import WINDOWS, check_page, open_folds
from tests.conflict.people import City
from tests.desk.test_pages_in_a_browser import sign_in
from tests.factories import FRIDAY, HOUR, file_complaint, in_progress, make_user

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def send(client: Client):
    """`send(user, case, "party", **fields)` posts the form as this person."""

    def post(person, case, slug, **fields):
        fields = {"version": Complaint.objects.get(pk=case.pk).version, "why": "Disebut pelapor"} | fields
        with time_machine.travel(FRIDAY + HOUR, tick=False):
            client.force_login(person)
            return client.post(f"/staff/cases/{case.number}/{slug}/", fields, follow=True)

    return post


def named(case: Complaint) -> set[str]:
    rows = ReportedParty.objects.active().filter(complaint=case)
    return {str(row.user or row.agency.code) for row in rows}


@pytest.mark.parametrize("typed", ["Oka", "oka", "{email}", "{EMAIL}"])
def test_a_person_is_named_by_name_or_address(city: City, send, typed: str) -> None:
    case = in_progress(agency=city.pupr)
    typed = typed.format(email=city.oka.email, EMAIL=city.oka.email.upper())
    page = send(city.umar, case, "party", user=typed)
    assert "They are named" in page.content.decode()
    assert named(case) == {"Oka"}
    assert "Reported party" in page.content.decode()


def test_a_unit_is_chosen_from_the_list(city: City, send) -> None:
    case = file_complaint()
    send(city.vera, case, "party", agency="PUPR")
    assert named(case) == {"PUPR"}


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Wayan Sudarma", "Nobody with an account"),
        ("Way", "Do you mean: Wayan (BENGKEL"),
        ("Dina", "Several people have this name"),
    ],
)
def test_whoever_is_not_meant_for_sure_is_not_named(city: City, send, typed: str, answer: str) -> None:
    make_user(Role.OFFICER, city.dinkes, name="Dina")
    case = file_complaint()
    page = send(city.vera, case, "party", user=typed)
    assert page.status_code == 400
    assert answer in page.content.decode()
    assert named(case) == set()


@pytest.mark.parametrize("fields", [{}, {"user": "Oka", "agency": "PUPR"}, {"user": "Oka", "why": ""}])
def test_one_of_them_and_a_reason_are_needed(city: City, send, fields: dict[str, str]) -> None:
    case = file_complaint()
    assert send(city.vera, case, "party", **fields).status_code == 400
    assert named(case) == set()


def test_naming_somebody_twice_is_refused_in_words(city: City, send) -> None:
    case = file_complaint()
    send(city.vera, case, "party", user="Oka")
    page = send(city.vera, case, "party", user="Oka")
    assert page.status_code == 409
    assert "They are named already." in page.content.decode()


def test_whoever_names_themselves_is_led_to_the_queue(city: City, send) -> None:
    case = file_complaint(subject="Verifikator meminta uang")
    page = send(city.vera, case, "party", user="Vera")
    assert page.redirect_chain == [("/staff/cases/", 302)]
    assert "meminta uang" not in page.content.decode()
    assert case.number not in page.content.decode()


def test_a_supervisor_takes_a_name_back(city: City, send) -> None:
    case = file_complaint()
    city.name(case, city.oka)
    row = ReportedParty.objects.get()
    page = send(city.umar, case, "clear-party", party=row.pk)
    assert named(case) == set()
    assert "No longer a reported party: Oka" in page.content.decode()


def test_the_party_of_another_case_is_not_taken_back_here(city: City, send) -> None:
    case, other = file_complaint(), file_complaint(secret="another one")
    city.name(case, city.oka), city.name(other, city.wayan)
    row = ReportedParty.objects.get(complaint=other)
    assert send(city.umar, case, "clear-party", party=row.pk).status_code == 400
    assert named(other) == {"Wayan"}


def test_the_officers_at_work_see_whom_it_is_about_and_the_citizen_does_not(
    city: City, client: Client
) -> None:
    case = in_progress(agency=city.pupr)
    city.name(case, city.wayan)
    client.force_login(city.olga)
    page = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert "Reported party named: Wayan" in page
    assert "Do not speak with them about it" in page
    shown = timeline_for(Complaint.objects.get(pk=case.pk), Citizen(case.pk))
    assert EventKind.PARTY_NAMED not in {item.kind for item in shown}
    assert all("Wayan" not in item.title + item.words for item in shown)


def test_the_citizen_reads_that_the_unit_no_longer_has_it(city: City) -> None:
    case = in_progress(agency=city.pupr)
    city.name(case, city.pupr)
    shown = timeline_for(Complaint.objects.get(pk=case.pk), Citizen(case.pk))
    assert shown[-1].title == "Taken from Dinas PUPR: another agency is being sought"


def test_the_assignment_does_not_offer_them(city: City, client: Client) -> None:
    case = file_complaint()
    city.name(case, city.pupr)
    client.force_login(city.vera)
    panels = client.get(f"/staff/cases/{case.number}/?do=assign").context["panels"]
    form = next(panel.form for panel in panels if panel.action.slug == "assign")
    offered = {code for code, _ in form.fields["others"].choices}
    assert offered == set(Agency.objects.exclude(code__in=["PUPR", "BENGKEL"]).values_list("code", flat=True))


def test_the_handler_is_chosen_among_the_others(city: City, client: Client) -> None:
    case = in_progress(agency=city.pupr)
    city.name(case, city.oka)
    client.force_login(city.olga)
    panels = client.get(f"/staff/cases/{case.number}/?do=accept").context["panels"]
    form = next(panel.form for panel in panels if panel.action.slug == "accept")
    assert [name for _, name in form.fields["handler"].choices] == ["Olga"]


@pytest.mark.django_db(transaction=True)
def test_the_page_is_within_reach_of_everybody(transactional_db: None, new_window) -> None:
    city = City()
    case = in_progress(agency=city.pupr)
    city.name(case, city.hana)
    page = new_window()
    sign_in(page, city.umar, f"/staff/cases/{case.number}/")
    open_folds(page)
    check_page(page, WINDOWS)
