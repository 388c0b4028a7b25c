"""The pages of standards: everybody's, and the desk of those who set them."""

from copy import deepcopy
from datetime import timedelta

import pytest

from accounts.roles import Role
from complaints.models import Service
from surveys.standards import urls
from surveys.standards.models import Part, StandardChange
from tests import factories
from tests.desk.people import EVERYBODY, make_everybody
from tests.shared import NOON
from tests.standards.people import LONG, SHORT, changed, counter, head, service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]
TODAY = NOON.date()
ALL = {*EVERYBODY, None}
HEAD = {Role.AGENCY_HEAD}
PAGES = {
    "standards/": ALL,
    "standards/<slug:code>/": ALL,
    "staff/standards/": HEAD,
    "staff/standards/pledge/<str:code>/": HEAD,
    "staff/standards/counter/<slug:code>/<slug:part>/": HEAD,
    "staff/standards/<slug:code>/": HEAD,
    "staff/standards/<slug:code>/<slug:part>/": HEAD,
}


def address(path):
    part = "hours" if "counter" in path else "cost"
    code = "loket-1" if "counter" in path else "izin-jalan"
    return "/" + path.replace("<str:code>", "PUPR").replace("<slug:code>", code).replace("<slug:part>", part)


@pytest.fixture(scope="module")
def made(module_rows):
    return module_rows.make(lambda: (factories.make_city(), make_everybody(), service(), counter()))


@pytest.fixture
def people(made, db):
    return deepcopy(made[1])


def sent(**fields):
    values = {
        "idempotency_key": "a" * 32,
        "seen": 0,
        "starts_on": TODAY.isoformat(),
        "ends_on": "",
        "reason": "Warga memintanya.",
    }
    return values | fields


def test_every_path_is_in_this_table():
    opens_the_form = "c/<slug:counter>/<slug:code>/"  # tests/reports/test_the_poster.py
    assert {str(pattern.pattern) for pattern in urls.urlpatterns} == {*PAGES, opens_the_form}


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("path", PAGES)
def test_who_opens_a_page(client, people, path, role):
    client.force_login(people[role])
    assert client.get(address(path)).status_code == (200 if role in PAGES[path] else 403)


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_reads_what_is_public_and_signs_in_for_the_rest(client, path):
    assert client.get(address(path)).status_code == (200 if None in PAGES[path] else 302)


def test_another_agencys_standard_is_not_found(client):
    client.force_login(head("DISHUB"))
    for path in ("izin-jalan/", "izin-jalan/cost/", "counter/loket-1/hours/", "pledge/PUPR/"):
        assert client.get(f"/staff/standards/{path}").status_code == 404
    assert client.post("/staff/standards/izin-jalan/cost/", sent(text_id="Gratis.")).status_code == 404
    assert not StandardChange.objects.exists()


@pytest.mark.parametrize(
    "path", ["izin-jalan/hours/", "izin-jalan/pledge/", "izin-jalan/x/", "counter/loket-1/cost/"]
)
def test_a_part_that_is_none_is_not_found(client, people, path):
    client.force_login(people[Role.AGENCY_HEAD])
    assert client.get(f"/staff/standards/{path}").status_code == 404


def test_a_head_changes_the_hours_and_everybody_sees_them_with_the_reason(client, people):
    client.force_login(people[Role.AGENCY_HEAD])
    days = {f"day{day}": "08.00-12.00, 13.00-17.00" for day in range(5)}
    answer = client.post("/staff/standards/counter/loket-1/hours/", sent(**days))
    assert answer.status_code == 302
    client.logout()
    page = client.get("/standards/izin-jalan/").content.decode()
    assert "08.00–12.00, 13.00–17.00" in page
    assert "Warga memintanya." in page
    assert "Hana" not in page


def test_hours_that_cannot_be_read_are_said_beside_their_day(client, people):
    client.force_login(people[Role.AGENCY_HEAD])
    answer = client.post("/staff/standards/counter/loket-1/hours/", sent(day0="pagi", day1="8-12"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["day0"]
    assert not StandardChange.objects.exists()


def test_a_pledge_and_a_time_are_set(client, people):
    client.force_login(people[Role.AGENCY_HEAD])
    client.post("/staff/standards/pledge/PUPR/", sent(text_id="Kami melayani tepat waktu."))
    client.post("/staff/standards/izin-jalan/time/", sent(days=3, idempotency_key="b" * 32))
    page = client.get("/standards/izin-jalan/").content.decode()
    assert "Kami melayani tepat waktu." in page
    assert Service.objects.get().promised_days == 3


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        ("izin-jalan/cost/", {"text_id": ""}, "text_id"),
        ("izin-jalan/cost/", {"text_id": "x", "reason": ""}, "reason"),
        ("izin-jalan/cost/", {"text_id": "x", "starts_on": "kapan"}, "starts_on"),
        ("izin-jalan/cost/", {"text_id": "x", "ends_on": "2026-01-01"}, "ends_on"),
        ("izin-jalan/time/", {}, "days"),
        ("izin-jalan/time/", {"days": 0}, "days"),
        ("counter/loket-1/closure/", {"text_id": "Pindah"}, "ends_on"),
        ("izin-jalan/cost/", {"text_id": "x", "seen": ""}, "seen"),
    ],
)
def test_a_form_filled_in_wrongly_says_where_and_changes_nothing(client, people, path, fields, wrong):
    client.force_login(people[Role.AGENCY_HEAD])
    answer = client.post(f"/staff/standards/{path}", sent(**fields))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert not StandardChange.objects.exists()


def test_whoever_saw_an_older_state_is_told_and_changes_nothing(client, people):
    changed(Part.COST, {"id": "Gratis."})
    client.force_login(people[Role.AGENCY_HEAD])
    answer = client.post("/staff/standards/izin-jalan/cost/", sent(text_id="Rp5.000", seen=0))
    assert answer.status_code == 409
    assert StandardChange.objects.count() == 1


def test_what_comes_later_and_closed_days_stand_on_the_page(client):
    changed(Part.HOURS, SHORT, counter=counter())
    changed(Part.HOURS, LONG, counter=counter(), starts_on=TODAY + timedelta(days=1))
    closed = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=1)}
    changed(Part.CLOSURE, {"id": "Pindah ruang."}, counter=counter(), **closed)
    page = client.get("/standards/izin-jalan/").content.decode()
    for words in ("Pindah ruang.", "1 Desember 2026", "13.00–17.00", "tutup hari ini"):
        assert words in page


def test_the_list_finds_services_by_words_and_by_agency(client):
    service("parkir", "DISHUB", name_id="Parkir", name_en="Parking")
    for asked, found in (
        ("parkir", ["parkir"]),
        ("DISHUB", ["parkir"]),
        ("izin jalan", ["izin-jalan"]),
        ("%", []),
    ):
        groups = client.get("/standards/", {"q": asked}).context["groups"]
        assert [line["service"].code for _agency, lines in groups for line in lines] == found


def test_a_service_that_is_no_longer_offered_says_so_and_an_unknown_one_is_not_found(client):
    Service.objects.update(is_active=False)
    assert "tidak lagi tersedia" in client.get("/standards/izin-jalan/").content.decode()
    assert client.get("/standards/tidak-ada/").status_code == 404


def test_the_page_leads_to_the_form_with_the_service_filled_in(client):
    page = client.get("/standards/izin-jalan/").content.decode()
    assert "/complaints/new/?service=izin-jalan" in page
    assert 'value="izin-jalan" selected' in client.get("/complaints/new/?service=izin-jalan").content.decode()


def test_the_desk_says_what_cannot_be_shown(client, people):
    client.force_login(people[Role.AGENCY_HEAD])
    gaps = client.get("/staff/standards/izin-jalan/").context["gaps"]
    assert any("Prosedur" in gap for gap in gaps)
    assert any("jam layanan" in gap for gap in gaps)


def test_a_page_with_a_long_history_asks_no_more_of_the_database(client, django_assert_max_num_queries):
    for day in range(12):
        changed(Part.COST, {"id": f"Rp{day}.000"}, starts_on=TODAY + timedelta(days=day))
    with django_assert_max_num_queries(12):
        client.get("/standards/izin-jalan/")
