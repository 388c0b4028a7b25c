"""A list of cases as a file: the rows of the page, and of no case that the page does not show."""

import csv
from copy import deepcopy
from io import BytesIO, StringIO

import pytest
import time_machine

from accounts.actors import Citizen
from accounts.models import Agency
from complaints.desk import list_csv
from complaints.models import Area, Complaint
from complaints.paging import Order
from complaints.services import citizen, closing, erasure, handling, verification
from complaints.services.verification import Routing
from tests.conflict.people import CANARY, City
from tests.factories import (
    DAY,
    FRIDAY,
    HOUR,
    awaiting,
    closed,
    file_complaint,
    in_progress,
    make_agency,
    make_category,
    officer_of,
    resolved,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made", "in_english")]

LATER = FRIDAY + 2 * HOUR
FORMULA = '=HYPERLINK("//x";\n"y"), 1'
PERSON = "Ani Rahasia"


def make():
    city = City()
    area = Area.objects.create(code="+W1", level="ward", name="-Oebobo")
    odd = make_agency("@DLHK", name=FORMULA, name_en=FORMULA)
    about = {"category": make_category("lampu", name_id=FORMULA, name_en=FORMULA), "area": area}
    cases = {
        "plain": resolved(FRIDAY - 40 * DAY, agency=city.pupr, **about),
        "odd": in_progress(FRIDAY - 30 * DAY, agency=odd),
        "sealed": file_complaint(subject=CANARY, email="ani@warga.example", is_confidential=True),
        "asked": awaiting(FRIDAY - DAY, kind="oversight"),
        "merged": file_complaint(FRIDAY - 2 * DAY),
        "about_sari": file_complaint(FRIDAY - 3 * DAY, subject=CANARY),
        "shared": file_complaint(FRIDAY - 4 * DAY),
        "closing": in_progress(FRIDAY - 5 * DAY, agency=make_agency("LAMA")),
        "erased": closed(FRIDAY - 9 * DAY, agency=city.dinkes, subject=CANARY, description=PERSON),
        "disputed": resolved(FRIDAY - 6 * DAY, agency=city.dinkes),
        "referred": in_progress(FRIDAY - 7 * DAY, agency=city.pupr),
    }
    verification.merge(cases["merged"].pk, actor=city.vera, now=FRIDAY, into=cases["about_sari"].pk)
    routing = Routing([city.pupr, city.dinkes])
    verification.assign(cases["shared"].pk, actor=city.vera, now=FRIDAY, routing=routing)
    citizen.dispute(cases["disputed"].pk, actor=Citizen(cases["disputed"].pk), now=FRIDAY, why=PERSON)
    handling.hand_back(cases["odd"].pk, actor=officer_of(cases["odd"]), now=FRIDAY, why=PERSON)
    erasure.erase_person(cases["erased"].pk, by=None, now=FRIDAY, reason="Atas permintaan", everything=True)
    Agency.objects.filter(code="LAMA").update(is_active=False, successor=city.pupr)
    closing.hand_over_cases(FRIDAY)
    city.name(cases["about_sari"], city.sari)
    return city, {name: case.number for name, case in cases.items()}


@pytest.fixture(scope="module")
def made(module_rows):
    return module_rows.make(make)


@pytest.fixture
def city(made, db):
    return deepcopy(made[0])


@pytest.fixture
def numbers(made, db):
    return made[1]


@pytest.fixture
def file_of(client):
    """`file_of(user, path, **query)`: the rows of the file, in English."""

    def get(user, path, **query):
        client.force_login(user)
        with time_machine.travel(LATER, tick=False):
            response = client.get(path, query)
        assert response.status_code == 200, path
        assert response["Cache-Control"] == "private, no-store"
        content = b"".join(response.streaming_content)
        return list(csv.DictReader(StringIO(content.decode(), newline="")))

    return get


def listed(client, user, path, **query):
    """The numbers that the page shows, page after page."""
    client.force_login(user)
    found, address = [], path
    while address:
        with time_machine.travel(LATER, tick=False):
            page = client.get(address, query)
        rows = page.context["rows" if "oldest" in path else "listed"]
        found += [getattr(each, "row", each).case.number for each in rows]
        address, query = page.context["next_url"], {}
    return found


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/oversight/search/", {}),
        ("/oversight/search/", {"order": "due", "promise": "late"}),
        ("/oversight/search/", {"standing": "unanswered", "whole": "on", "order": "oldest"}),
        ("/oversight/search/", {"q": "berlubang", "was_with": "DINKES"}),
        ("/oversight/soon/", {}),
        ("/oversight/oldest/", {}),
        ("/oversight/referred/", {}),
    ],
)
def test_the_file_has_the_rows_of_the_page_in_its_order(client, file_of, city, path, query):
    rows = [row["number"] for row in file_of(city.sari, f"{path}cases.csv", **query)]
    assert rows == listed(client, city.sari, path, **query)


@pytest.mark.parametrize(
    ("who", "queue"),
    [("vera", "all"), ("oka", "turn"), ("sekda", "all"), ("clara", "all"), ("umar", "waiting")],
)
def test_at_the_desk_each_gets_the_list_that_is_theirs(client, file_of, city, who, queue):
    """A verifier all headings, an officer the agency's cases, a head those of the line, a clerk what they typed in."""
    person = getattr(city, who)
    rows = [row["number"] for row in file_of(person, "/staff/cases/cases.csv", queue=queue)]
    assert rows == listed(client, person, "/staff/cases/", queue=queue)


def test_of_a_case_about_oneself_there_is_no_trace(file_of, city, numbers):
    """Nor of what was merged into it."""
    hers, everybodys = (
        {row["number"]: row for row in file_of(user, "/oversight/search/cases.csv")}
        for user in (city.sari, city.umar)
    )
    assert everybodys.keys() - hers.keys() == {numbers["about_sari"], numbers["merged"]}
    assert everybodys[numbers["merged"]]["state"] == "merged"
    assert str(everybodys).count(numbers["about_sari"]) == 2  # as the key of its row, and in it


def test_a_row_says_where_a_case_lies_and_how_it_stands_and_nobodys_words(file_of, city, numbers):
    rows = {row["number"]: row for row in file_of(city.umar, "/oversight/search/cases.csv")}
    plain, odd, closed_agency = (rows[numbers[name]] for name in ("plain", "odd", "closing"))
    assert (plain["received_at"], plain["standing"]) == ("2026-10-11 11:00:00", "on_time")
    assert (plain["state"], plain["agency"], plain["category"]) == ("resolved", "PUPR", "lampu")
    assert (odd["agency"], odd["standing"], odd["handed_back"]) == ("", "late", "1")
    assert closed_agency["agency"] == "PUPR"
    assert (rows[numbers["disputed"]]["round"], rows[numbers["disputed"]]["is_disputed"]) == ("2", "true")
    parts = [row for row in rows.values() if row["is_part"] == "true"]
    assert [row["agency"] for row in parts] == ["DINKES"]
    everything = str(list(rows.values()))
    for word in (CANARY, PERSON, "ani@", "Oka", "Atas permintaan", "Lubang"):
        assert word not in everything


def test_no_name_is_taken_for_a_formula(file_of, city, numbers):
    odd = in_progress(FRIDAY - DAY, agency=Agency.objects.get(code="@DLHK"))
    rows = {row["number"]: row for row in file_of(city.umar, "/oversight/search/cases.csv")}
    plain = rows[numbers["plain"]]
    assert plain["category_name"].startswith("'=HYPERLINK") and "\n" not in plain["category_name"]
    assert (plain["area"], plain["area_name"]) == ("'+W1", "'-Oebobo")
    assert (rows[odd.number]["agency"], rows[odd.number]["agency_name"][:2]) == ("'@DLHK", "'=")


def test_both_databases_spell_the_same_bytes(city):
    """What PostgreSQL spells is what Python does of the same rows; on SQLite there is but one."""
    order = Order("received_at", newest_first=True)
    cases = Complaint.objects.visible_to(city.umar)
    written = BytesIO()
    list_csv.write_csv(cases, order, LATER, written)
    head, *lines = written.getvalue().splitlines(keepends=True)
    assert head.decode() == ",".join(list_csv.TITLES) + "\r\n"
    assert lines == list(list_csv._spelled(cases, order, LATER))
    assert len(lines) == Complaint.objects.count()
    list_csv.write_csv(cases.none(), order, LATER, nothing := BytesIO())
    assert nothing.getvalue() == head


def test_one_at_a_time_and_a_senseless_filter_is_said_on_the_page(client, city):
    client.force_login(city.umar)
    for path in ("/oversight/search/", "/staff/cases/"):
        away = client.get(f"{path}cases.csv", {"state": "x"})
        assert (away.status_code, away.url) == (302, f"{path}?state=x")
        page = client.get(away.url)
        assert (page.status_code, page.context["listed"]) == (400, [])
    with list_csv._writing:
        away = client.get("/oversight/search/cases.csv", {"q": "lubang"})
    assert (away.status_code, away.url) == (302, "/oversight/search/?q=lubang")
    assert "Another list is being written" in client.get(away.url).content.decode()


def test_an_error_while_it_is_written_lets_the_next_one_in(client, city, monkeypatch):
    client.force_login(city.umar)
    monkeypatch.setattr(list_csv, "write_csv", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.get("/oversight/soon/cases.csv")
    assert not list_csv._writing.locked()
