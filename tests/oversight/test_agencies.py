"""Agencies side by side: the reports' figures, how sure they are, and the cases behind each."""

from copy import deepcopy
from datetime import date
from urllib.parse import urlsplit

import pytest
import time_machine

from accounts.actors import Citizen
from accounts.models import Agency
from accounts.roles import Role
from complaints.clock.kept import Kept
from complaints.models import Complaint
from complaints.services import citizen, handling, verification
from escalation.ladder.models import EscalationState
from escalation.oversight.agencies import FEW, AgencyLine, Counts, compare, sort_lines
from escalation.oversight.periods import Days, PeriodForm, named_period
from escalation.stays.counting import COLUMNS
from escalation.stays.keeping import keep_up
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from tests.factories import (
    DAY,
    FRIDAY,
    HOUR,
    assigned,
    file_complaint,
    in_progress,
    make_agency,
    make_reason,
    make_user,
    officer_of,
    resolved,
)
from tests.oversight.test_home import raise_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "made_city")]
NOW = FRIDAY + HOUR
AUTUMN = Days(date(2026, 9, 1), date(2026, 11, 30))


def answer(case, after):
    handling.resolve(case.pk, actor=officer_of(case), now=case.received_at + after, answer="Sudah.")


def make_rows():
    """Public works keeps two of three promises, DLHK is late, and some things are anything but usual."""
    sari, dlhk = make_user(Role.SUPERVISOR, name="Sari"), make_agency("DLHK")
    verifier = make_user(Role.VERIFIER)
    for days, agency in ((3, None), (10, None), (25, None), (24, dlhk), (40, dlhk)):
        answer(in_progress(FRIDAY - 45 * DAY, agency), days * DAY)
    in_progress(FRIDAY - 40 * DAY, dlhk)  # open and late
    assigned(FRIDAY - 2 * DAY, dlhk)  # open, its date still to come
    file_complaint(FRIDAY - DAY)  # not assigned
    Complaint.objects.filter(pk=resolved(FRIDAY - 30 * DAY).pk).update(target_at=None)
    Complaint.objects.filter(pk=resolved(FRIDAY - 30 * DAY).pk).update(ended_at=None)
    disputed = resolved(FRIDAY - 20 * DAY)
    citizen.dispute(disputed.pk, actor=Citizen(disputed.pk), now=FRIDAY - 18 * DAY, why="Belum")
    back = in_progress(FRIDAY - 20 * DAY, dlhk)
    handling.hand_back(back.pk, actor=officer_of(back), now=FRIDAY - 19 * DAY, why="Bukan kami")
    verification.assign(
        back.pk, actor=verifier, now=FRIDAY - 18 * DAY, routing=verification.Routing([make_agency("PUPR")])
    )
    shared = file_complaint(FRIDAY - 10 * DAY)
    routing = verification.Routing([make_agency("PUPR"), dlhk])
    verification.assign(shared.pk, actor=verifier, now=FRIDAY - 9 * DAY, routing=routing)
    spam = file_complaint(FRIDAY - 10 * DAY)
    verification.reject(spam.pk, actor=verifier, now=FRIDAY - 9 * DAY, reason=make_reason(), words="Kosong.")
    raise_to(disputed, 1), raise_to(disputed, 2)
    raise_to(back, 1, state=EscalationState.DECIDED, decision="extend")
    in_progress(FRIDAY - 200 * DAY)  # of another quarter
    return sari


@pytest.fixture(scope="module")
def made_city(module_rows):
    return module_rows.make(make_rows)


@pytest.fixture
def city(made_city, db):
    return deepcopy(made_city)


def by_code(comparison):
    return {line.agency.code if line.agency else "": line.counts for line in comparison.lines}


def test_figures_are_those_of_the_report_on_the_same_period(city):
    found = compare(city, AUTUMN, NOW)
    period = Period(AUTUMN.first, AUTUMN.last)
    report = freeze(period, None, actor=city, now=NOW).figures
    ours = by_code(found)
    assert {row["code"] for row in report["by_agency"]} == set(ours)
    for row in [*report["by_agency"], report | {"code": None}]:
        counts = found.city if row["code"] is None else ours[row["code"]]
        assert (counts.received, counts.open) == (row["received"], row["open"])
        assert (counts.met, counts.judged) == (row["met_target"], row["with_target"] - row["not_yet_due"])
        assert {code: counts.standing.get(Kept(code), 0) for code in row["excluded"]} == row["excluded"]
        extended = (row["met_target_extended"], row["met_target_extended"] + row["late_extended"])
        assert (counts.met_extended, counts.judged_extended) == extended
        assert counts.received == sum(counts.standing.values())
        share = 100 * counts.share if counts.judged else None
        assert share == pytest.approx(row["on_time_share"])
        assert counts.median_hours == pytest.approx(row["hours_to_end_median"], abs=0.001)
    assert found.city.disputed == report["disputed"]


def test_what_reports_do_not_count_by_agency(city):
    ours = by_code(compare(city, AUTUMN, NOW))
    assert (ours["DLHK"].handed_back, ours["PUPR"].handed_back) == (1, 0)
    assert (ours["PUPR"].escalated, ours["PUPR"].extended, ours["PUPR"].disputed) == (2, 1, 1)
    assert ours["DLHK"].overdue == 1


def links(response):
    """Every figure of the page that leads to cases, with its address."""
    for line in [*response.context["lines"], response.context["total"]]:
        for name in (
            "received",
            "open",
            "overdue",
            "late",
            "disputed",
            "escalated",
            "handed_back",
            "extended",
        ):
            figure = getattr(line, name)
            if figure.url:
                yield line.name, name, int(figure.value), figure.url


def test_each_figure_leads_to_exactly_its_cases(city, open_page, client):
    page = open_page("agencies/", period="days", first="2026-09-01", last="2026-11-30", now=NOW)
    followed = set()
    with time_machine.travel(NOW, tick=False):
        for line, name, value, url in links(page):
            found = client.get(url)
            assert found.status_code == 200
            assert (line, name, found.context["found"]) == (line, name, str(value))
            followed.add(name)
    assert len(followed) == 8


def test_times_with_agencies_are_those_of_the_report_and_each_leads_to_its_cases(city, open_page, client):
    """A case given back and disputed is there twice: a number of times finds no more cases than that."""
    assert keep_up(NOW)
    period = Period(AUTUMN.first, AUTUMN.last)
    report = freeze(period, None, actor=city, now=NOW).figures
    page = open_page("agencies/", period="days", first="2026-09-01", last="2026-11-30", now=NOW)
    shown = {each.name: each for each in page.context["offices"]}
    assert len(shown) == len(report["by_time_with"]) == 2
    with time_machine.travel(NOW, tick=False):
        for row in report["by_time_with"]:
            line = shown[Agency.objects.get(code=row["agency"]).local_name]
            assert {name: getattr(line.counts, name) for name in COLUMNS} == {
                name: row[name] for name in COLUMNS
            }
            assert line.days == ("" if row["hours_median"] is None else f"{row['hours_median'] / 24:.1f}")
            for figure in (line.stays, line.late, line.handed_on, line.open_in_time):
                if figure.url:
                    assert 0 < int(client.get(figure.url).context["found"]) <= int(figure.value)


def test_two_late_cases_do_not_shame_a_small_office(city, open_page):
    lines = compare(city, AUTUMN, NOW).lines
    small = next(line for line in lines if line.agency and line.agency.code == "DLHK")
    assert 0 < small.counts.judged < FEW and small.differs == 0
    body = open_page("agencies/", now=NOW).content.decode()
    assert f"{small.counts.met} of {small.counts.judged} in time" in body
    assert f"fewer than {FEW}" in body


def line(name, met, judged):
    standing = {Kept.ON_TIME: met, Kept.LATE: judged - met}
    return AgencyLine(make_agency(name, name=name), Counts(standing=standing))


def test_surely_late_comes_first_whatever_chance_did_to_the_small():
    lines = [line("besar", 110, 200), line("kecil", 2, 5), line("mungil", 0, 4), line("baik", 190, 200)]
    # Two of five is the lower share, but may as well be three of four.
    assert [each.name for each in sort_lines(lines, "late")] == ["besar", "kecil", "baik", "mungil"]
    assert [each.name for each in sort_lines(lines, "in_time")] == ["baik", "besar", "kecil", "mungil"]
    assert [each.name for each in sort_lines(lines, "name")] == ["baik", "besar", "kecil", "mungil"]


@pytest.mark.parametrize(
    "sort", ["late", "in_time", "received", "overdue", "name", "agency__users__password"]
)
def test_only_named_orders_are_known(city, open_page, sort):
    open_page("agencies/", sort=sort, now=NOW)


# The period


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("quarter", date(2026, 10, 1), date(2026, 11, 22)),
        ("last_quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("year", date(2026, 1, 1), date(2026, 11, 22)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_named_periods(name, first, last):
    assert named_period(name, date(2026, 11, 22)) == Days(first, last)


def test_the_quarter_before_the_first_lies_in_the_year_before():
    assert named_period("last_quarter", date(2026, 2, 3)) == Days(date(2025, 10, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    "query",
    [
        {"period": "x"},
        {"period": "days"},
        {"period": "days", "first": "2026-02-01", "last": "2026-01-01"},
        {"period": "days", "first": "0001-01-01", "last": "2026-01-01"},
    ],
)
def test_a_period_that_makes_no_sense_is_told_and_this_year_shown(open_page, query):
    page = open_page("agencies/", status=400, now=NOW, **query)
    assert page.context["form"].errors
    assert page.context["days"].first == date(2026, 1, 1)


def test_the_days_are_those_of_the_city():
    start, end = (
        PeriodForm({"period": "days", "first": "2026-11-01", "last": "2026-11-30"}).days(FRIDAY).bounds
    )
    assert (start.isoformat(), end.isoformat()) == ("2026-10-31T16:00:00+00:00", "2026-11-30T16:00:00+00:00")


def test_the_address_of_a_figure_is_made_of_codes_only(city, open_page):
    for *_, url in links(open_page("agencies/", now=NOW)):
        assert urlsplit(url).path == "/oversight/search/"
