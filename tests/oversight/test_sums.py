"""What the worker counted for the supervisors is what each of them would count, and no more than they may know."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.clock.city_time import day_of, start_of
from complaints.integrity import check_integrity
from complaints.models import Complaint, Event
from complaints.services import handling
from escalation.models import OversightSums
from escalation.oversight.agencies import compare
from escalation.oversight.durations import Middle
from escalation.oversight.headline import headline
from escalation.oversight.offices import lines_of
from escalation.oversight.periods import Days, named_period
from escalation.oversight.sums import CITY, FRESH, NAMES, comparison_for, keep_all, keep_next, standing_for
from tests.conflict.people import City
from tests.factories import DAY, FRIDAY, HOUR, assigned, file_complaint, in_progress, officer_of, resolved
from tests.oversight.test_agencies import AUTUMN
from tests.oversight.test_home import raise_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW, MINUTE = FRIDAY + HOUR, timedelta(minutes=1)
YEAR = named_period("year", day_of(NOW))


@pytest.fixture
def city(db):
    """Ten cases; of one Sari is the person, of another the workshop and whom it lies under."""
    city = City()
    for days, agency in (
        (3, city.pupr),
        (9, city.pupr),
        (30, city.pupr),
        (12, city.dinkes),
        (1, city.workshop),
    ):
        case = in_progress(FRIDAY - 40 * DAY, agency)
        handling.resolve(case.pk, actor=officer_of(case), now=case.received_at + days * DAY, answer="Sudah.")
    raise_to(in_progress(FRIDAY - 40 * DAY, city.dinkes), 2)
    assigned(agency=city.pupr), file_complaint()
    about_sari = in_progress(FRIDAY - 60 * DAY, city.dinkes)
    handling.resolve(about_sari.pk, actor=officer_of(about_sari), now=FRIDAY - 59 * DAY, answer="Sudah.")
    city.name(about_sari, city.sari)
    city.name(in_progress(FRIDAY - 50 * DAY, city.workshop), city.workshop)
    return city


def shown(found):
    lines = {line.agency and line.agency.code: line for line in found.lines}
    times, everything = lines_of(found.times)
    assert everything.hours is not None
    return found.city, lines, {line.name: line for line in times}, everything


def same_as_counted(city):
    """For each supervisor, and whether the sums were used."""
    used = []
    for user in (city.sari, city.umar):
        found, counted_at = comparison_for(user, YEAR, NOW + 5 * timedelta(minutes=1))
        assert shown(found) == shown(compare(user, YEAR, counted_at))
        kept = standing_for(user, NOW + 5 * timedelta(minutes=1))
        if kept is not None:
            assert headline(user, NOW, kept).standing == headline(user, NOW).standing
        used.append((counted_at == NOW, kept is not None))
    return used


def test_each_supervisor_is_shown_what_they_would_count_themselves(city):
    keep_all(NOW)
    assert same_as_counted(city) == [(True, True)] * 2
    both = [comparison_for(user, YEAR, NOW)[0] for user in (city.sari, city.umar)]
    seen, times = [each.city for each in both], [each.times for each in both]
    assert [each.received for each in seen] == [9, 10]  # one case does not exist for Sari
    assert seen[0].median_hours != seen[1].median_hours
    assert times[0].hours[city.dinkes.pk] == 12 * 24 != times[1].hours[city.dinkes.pk] == 6.5 * 24


def test_where_a_case_of_few_was_with_more_agencies_since_all_is_counted_from_rows(city):
    keep_all(NOW)
    row = OversightSums.objects.get(name="year")
    row.sums["times_beside"] = 0
    row.save()
    assert comparison_for(city.umar, YEAR, NOW + HOUR / 60)[1] == NOW + HOUR / 60


def test_who_is_named_since_is_shown_no_sum_that_holds_the_case(city):
    case = in_progress(FRIDAY - 35 * DAY, city.pupr)
    keep_all(NOW)
    city.name(case, city.sari)
    assert same_as_counted(city) == [(False, False), (True, True)]
    keep_all(NOW)
    assert same_as_counted(city) == [(True, True)] * 2


def test_other_roles_never_read_the_sums_of_all(city):
    keep_all(NOW)
    found, _counted_at = comparison_for(city.hana, YEAR, NOW)
    assert shown(found) == shown(compare(city.hana, YEAR, NOW))
    assert standing_for(city.hana, NOW) is None


def test_old_sums_are_not_shown(city):
    keep_all(NOW)
    later = NOW + FRESH
    assert comparison_for(city.umar, YEAR, later)[1] == later
    assert standing_for(city.umar, later) is None


def test_after_midnight_they_are_shown_until_the_worker_comes_round(city):
    midnight = start_of(day_of(NOW) + DAY)
    before, after = midnight - 2 * MINUTE, midnight + 2 * MINUTE
    keep_all(before)
    file_complaint(after)
    days = named_period("year", day_of(after))
    assert days.last == day_of(NOW) + DAY
    for user in (city.sari, city.umar):
        found, counted_at = comparison_for(user, days, after)
        assert counted_at == before
        assert shown(found) == shown(compare(user, named_period("year", day_of(before)), before))
    until_then = Days(days.first, day_of(NOW) - DAY)  # of other days there are none
    assert comparison_for(city.umar, until_then, after)[1] == after


def test_days_that_nobody_keeps_are_counted_from_rows(city):
    keep_all(NOW)
    assert comparison_for(city.umar, AUTUMN, NOW + HOUR / 60)[1] == NOW + HOUR / 60


def test_the_worker_counts_the_oldest_first():
    for turn in range(2 * len(NAMES)):
        assert keep_next(NOW + turn * timedelta(minutes=1)) == 1
    kept = OversightSums.objects.order_by("counted_at").values_list("name", "counted_at")
    assert [name for name, _at in kept] == NAMES
    assert kept[0][1] == NOW + len(NAMES) * timedelta(minutes=1)


def test_pages_say_of_when_the_sums_are(city, open_page):
    keep_all(NOW)
    resolved()
    at = NOW + timedelta(minutes=4)
    page = open_page(user=city.umar, now=at)
    assert "Reports as counted on 20 November 2026" in page.content.decode()
    page = open_page("agencies/", user=city.umar, now=at)
    assert page.context["counted_at"] == NOW
    assert "as they stood on 20 November 2026" in page.content.decode()


def test_pages_with_sums_read_few_cases(city, open_page):
    keep_all(NOW)
    for path in ("", "agencies/"):
        open_page(path, user=city.umar, now=NOW)
        with CaptureQueriesContext(connection) as captured:
            open_page(path, user=city.umar, now=NOW)
        statements = [each["sql"] for each in captured if 'FROM "complaints_complaint"' in each["sql"]]
        assert len(statements) <= 8, statements
        assert not [sql for sql in statements if "SELECT DISTINCT" in sql or "ROW_NUMBER" in sql], statements


def test_a_broken_sum_is_found(city):
    keep_all(NOW)
    assert check_integrity(NOW)["oversight_sums_differ"] == []
    Complaint.objects.filter(state="resolved").update(agency=city.dinkes)
    assert check_integrity(NOW)["oversight_sums_differ"] == ["year", "quarter"]
    OversightSums.objects.filter(name=CITY).update(sums={"open": 0})
    assert CITY in check_integrity(NOW)["oversight_sums_differ"]


@pytest.mark.parametrize(("minutes", "told"), [(59, []), (61, ["year", "quarter"])])
def test_what_a_long_sweep_stored_later_is_no_fault(city, minutes, told):
    """Its numbers were given, and its moment was its beginning, before the sums were counted."""
    keep_all(NOW)
    case = Complaint.objects.filter(state="resolved", agency=city.pupr)[0]
    handling.add_note(case.pk, actor=officer_of(case), now=NOW - minutes * timedelta(minutes=1), text="Ya")
    Complaint.objects.filter(pk=case.pk).update(agency=city.dinkes)
    OversightSums.objects.update(last_event=Event.objects.latest("pk").pk)
    assert check_integrity(NOW)["oversight_sums_differ"] == told


@pytest.mark.parametrize("more", [[], [1.0], [0.5, 0.6, 9.0], [9.0, 9.5, 9.75], [4.5], [4.0, 4.0]])
@pytest.mark.parametrize("total", [1, 2, 7, 8])
def test_the_middle_with_some_more_is_that_of_all(total, more):
    hours = [float(n) for n in range(total)]
    first = max(0, (total - 1) // 2 - len(more) - 1)
    known = hours[first : total // 2 + len(more) + 2]
    both = sorted(hours + more)
    expected = (both[(len(both) - 1) // 2] + both[len(both) // 2]) / 2
    assert Middle(total, first, known).median(more) == expected
