"""The pages after a report: the citizen's, the clerk's, and the figures for everybody and for staff."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.models import Complaint
from complaints.services import citizen
from config.fixtures import load_surveys
from surveys.aftercase import figures, services
from surveys.aftercase.models import AfterCase, AfterCaseRound
from surveys.rounds.models import Channel, Response, Round
from surveys.rounds.services import annul_round, close_round
from surveys.rounds.storing import Given, store_many
from tests.factories import FRIDAY, closed, file_complaint, make_agency, make_city, make_user, resolved
from tests.module_rows import ModuleRows
from tests.tracking.mine import citizen_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("made", "in_english")]
HERE = "/complaints/mine/after/"
EVERYBODY = tuple(role for role in Role if role not in (Role.CITIZEN, Role.SYSTEM))
DAY = timedelta(days=1)
SUMMER = date(2026, 7, 1)
ANSWERS = {"satisfaction": "3", "solved": "no", "words": "Lebih cepat"}


@dataclass
class Made:
    people: dict[Role, User]
    agencies: dict[str, Agency]
    open_case: Complaint
    closed_case: Complaint


def make_rows() -> Made:
    make_city()
    load_surveys()
    people: dict[Role, User] = {role: make_user(role) for role in EVERYBODY}
    agencies = {code: make_agency(code) for code in ("PUPR", "DLH", "KOMINFO")}
    make_agency("INSP", is_oversight=True)
    return Made(people, agencies, resolved(), closed())


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Made:
    return module_rows.make(make_rows)


@pytest.fixture
def rows(made: Made, db: None) -> Made:
    return deepcopy(made)


def summer(agency: Agency, good: int, bad: int, *, typed: int = 0, ended: str = "confirmed") -> None:
    """What was answered about a unit's reports of the third quarter; typed ones are among the good."""
    version = services.newest_version()
    assert version is not None
    round_ = services.round_of(agency, SUMMER, version, FRIDAY - 60 * DAY)
    said = {"satisfaction": 4, "solved": "yes", "ended": ended}
    lists = (
        (Channel.PAPER, [Given(said)] * typed),
        (Channel.LINK, [Given(said, {"words": f"Baik {agency.code}"})] * (good - typed)),
        (Channel.LINK, [Given({"satisfaction": 1, "solved": "no", "ended": ended})] * bad),
    )
    for channel, given in lists:
        assert store_many(round_, given, channel, now=FRIDAY - 60 * DAY)


def close_summer() -> None:
    for row in AfterCaseRound.objects.filter(quarter=SUMMER):
        close_round(row.round_id, actor=None, now=FRIDAY)


def shown(role: Role | None, rows: Made, client: Client) -> str:
    if role is None:
        return client.get("/surveys/after-a-report/?quarter=2026-07-01").content.decode()
    client.force_login(rows.people[role])
    return client.get("/staff/surveys/after-a-report/?quarter=2026-07-01").content.decode()


def test_the_citizens_page_asks_until_it_is_answered(rows: Made) -> None:
    browser = citizen_of(rows.open_case)
    assert HERE in browser.get("/complaints/mine/").content.decode()
    page = browser.get(HERE).content.decode()
    assert page.count("<legend") == 2 and "What should we do better?" in page
    thanks = browser.post(HERE, ANSWERS, follow=True)
    assert "Your answers were kept apart" in thanks.content.decode()
    assert HERE not in browser.get("/complaints/mine/").content.decode()
    assert browser.post(HERE, ANSWERS).status_code == 409
    assert Response.objects.count() == 1


def test_whoever_says_it_is_not_solved_can_send_it_back_at_once(rows: Made) -> None:
    browser = citizen_of(rows.open_case)
    page = browser.post(HERE, ANSWERS, follow=True).content.decode()
    assert "/complaints/mine/dispute/" in page and "You can send the report back" in page
    assert "not_solved" not in str(AfterCase.objects.values())
    browser.post("/complaints/mine/dispute/", {"why": "Masih rusak", "cycle": "1"})
    rows.open_case.refresh_from_db()
    assert rows.open_case.cycle == 2
    assert "/complaints/mine/dispute/" not in browser.get(HERE).content.decode()


def test_where_the_time_to_object_is_over_the_way_on_is_another(rows: Made) -> None:
    page = citizen_of(rows.closed_case).post(HERE, ANSWERS, follow=True).content.decode()
    assert "/complaints/mine/dispute/" not in page
    assert "please make a new report" in page


def test_whoever_is_content_is_offered_nothing(rows: Made) -> None:
    page = citizen_of(rows.open_case).post(HERE, ANSWERS | {"solved": "yes"}, follow=True).content.decode()
    assert "/complaints/mine/dispute/" not in page


@pytest.mark.parametrize(
    "sent",
    [{}, {"satisfaction": "5"}, {"solved": "perhaps"}, {"words": "x" * 3000}, {"satisfaction": "\x00"}],
)
def test_what_is_no_answer_is_said_and_changes_nothing(rows: Made, sent: dict[str, str]) -> None:
    assert citizen_of(rows.open_case).post(HERE, sent).status_code == 422
    assert not Response.objects.exists() and not AfterCase.objects.filter(is_answered=True).exists()


def test_without_a_receipt_code_nobody_answers(client: Client) -> None:
    assert client.post(HERE, ANSWERS).status_code == 302
    assert not Response.objects.exists()


def test_a_report_that_is_under_way_is_not_asked_about() -> None:
    browser = citizen_of(file_complaint())
    assert "Nothing is asked" in browser.get(HERE).content.decode()
    assert HERE not in browser.get("/complaints/mine/").content.decode()
    assert browser.post(HERE, ANSWERS).status_code == 409


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_reaches_what(client: Client, rows: Made, role: Role) -> None:
    client.force_login(rows.people[role])
    results = {Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR}
    assert client.get("/staff/surveys/after-a-report/").status_code == (200 if role in results else 403)
    number = rows.closed_case.number
    typing = client.get(f"/staff/surveys/after-a-report/{number}/").status_code
    assert typing == (404 if role == Role.CLERK else 403)  # not a report that this clerk took in
    assert client.get("/surveys/after-a-report/").status_code == 200


def test_a_clerk_types_what_a_citizen_says(client: Client, rows: Made) -> None:
    clerk = rows.people[Role.CLERK]
    case = file_complaint(actor=clerk)
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY)
    client.force_login(clerk)
    here = f"/staff/surveys/after-a-report/{case.number}/"
    assert here in client.get(f"/staff/cases/{case.number}/").content.decode()
    assert client.post(here, {"satisfaction": "9"}).status_code == 422
    assert "Nobody can look them up" in client.post(here, ANSWERS, follow=True).content.decode()
    assert Response.objects.get().channel == Channel.PAPER


def test_figures_are_shown_when_the_quarter_takes_no_more_answers(client: Client, rows: Made) -> None:
    AfterCase.objects.create(
        complaint=rows.closed_case,
        about=rows.closed_case,
        cycle=9,
        agency=rows.agencies["PUPR"],
        ended_on=SUMMER,
    )
    summer(rows.agencies["PUPR"], 15, 5, typed=4)
    page = shown(None, rows, client)
    assert "still takes answers" in page and "say that it was solved" not in page
    close_summer()
    page = shown(None, rows, client)
    assert "81.25" in page  # (15 × 4 + 5 × 1) / 20 × 25
    assert "75\N{NO-BREAK SPACE}% of 20" in page and "20\N{NO-BREAK SPACE}% of 20" in page, (
        "with both numbers"
    )
    assert "81.3" in page  # in the table of units, rounded half up and not cut off
    assert "Baik" not in page
    assert "Baik PUPR" in shown(Role.OFFICER, rows, client)


def test_units_and_endings_of_fewer_than_ten_are_hidden_and_cannot_be_worked_out(rows: Made) -> None:
    for code, count, ended in (("PUPR", 20, "confirmed"), ("DLH", 12, "rejected"), ("KOMINFO", 4, "lapsed")):
        summer(rows.agencies[code], count, 0, ended=ended)
    close_summer()
    quarter = figures.quarter(SUMMER)
    assert quarter.whole.tally is not None and quarter.whole.tally.answers == 36
    assert {line.name: line.tally is None for line in quarter.units} == {
        "Dinas PUPR": False,
        "Dinas DLH": True,
        "Dinas KOMINFO": True,
    }
    assert [line.tally is None for line in quarter.endings] == [False, True, True]


def summer_of_a_small_unit(rows: Made) -> None:
    AfterCase.objects.create(
        complaint=rows.closed_case,
        about=rows.closed_case,
        cycle=9,
        agency=rows.agencies["PUPR"],
        ended_on=SUMMER,
    )
    summer(rows.agencies["PUPR"], 5, 0)


def test_how_many_a_unit_asked_is_not_told_of_fewer_than_five_nor_given_away(
    client: Client, rows: Made
) -> None:
    summer_of_a_small_unit(rows)
    close_summer()
    quarter = figures.quarter(SUMMER)
    assert [line.asked for line in [quarter.whole, *quarter.units]] == [None, None]
    page = shown(None, rows, client)
    assert "fewer than five" in page
    assert "worked out: Dinas PUPR" in page and "<table" not in page, "no row says nothing"
    assert figures._told({1: 2, 2: 7, 3: 30}, {1, 2, 3, 4}) == {3: 30, 4: 0}, "seven would tell the two"
    assert figures._told({1: 3, 2: 2, 3: 30}, {1, 2, 3}) == {3: 30}


def test_words_about_a_hidden_or_another_unit_are_not_shown(client: Client, rows: Made) -> None:
    summer_of_a_small_unit(rows)
    summer(rows.agencies["DLH"], 20, 0)
    close_summer()
    page = shown(Role.OFFICER, rows, client)
    assert "Baik" not in page


def test_an_annulled_round_counts_no_more(rows: Made) -> None:
    summer(rows.agencies["PUPR"], 20, 0)
    summer(rows.agencies["DLH"], 0, 20)
    close_summer()
    row = AfterCaseRound.objects.get(agency=rows.agencies["DLH"])
    annul_round(row.round_id, actor=None, now=FRIDAY, reason="Salah kirim")
    quarter = figures.quarter(SUMMER)
    assert quarter.whole.answers == 20 and quarter.whole.tally is not None
    assert quarter.whole.tally.index.rounded == 100


def test_the_page_takes_as_many_queries_for_a_thousand_answers_as_for_ten(
    rows: Made, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for agency in rows.agencies.values():
        summer(agency, 200, 100)
    close_summer()
    with django_assert_max_num_queries(4):
        figures.quarter(SUMMER)


def test_no_quarter_is_asked_for_that_is_not_there(client: Client) -> None:
    for quarter in ("2019-01-01", "x", "2026-13-45", ""):
        assert client.get("/surveys/after-a-report/", {"quarter": quarter}).status_code == 200


def test_nobody_runs_such_a_round_by_hand_or_reads_its_figures_elsewhere(client: Client, rows: Made) -> None:
    summer(rows.agencies["PUPR"], 3, 0)
    row = Round.objects.get()
    for role in EVERYBODY:
        assert not Round.objects.visible_to(rows.people[role]).exists()
    client.force_login(rows.people[Role.AGENCY_HEAD])
    assert client.get(f"/staff/surveys/rounds/{row.code}/").status_code == 404
    assert client.get(f"/staff/surveys/rounds/{row.code}/results/").status_code == 404
    assert client.get(f"/surveys/rounds/{row.code}/").status_code == 404
    with pytest.raises(Round.DoesNotExist):
        annul_round(row.pk, actor=rows.people[Role.AGENCY_HEAD], now=FRIDAY, reason="Tidak suka")
