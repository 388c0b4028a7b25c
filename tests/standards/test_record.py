"""The reports about a service against what it promises, by hand."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from complaints.clock.calendars import calendar_for
from complaints.models.catalogue import Kind
from complaints.states import State
from surveys.standards.models import Part
from surveys.standards.record import Record, Told, count, record_of
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.standards.people import TODAY, changed, head, service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]


@pytest.fixture(scope="module")
def made(module_rows):
    return module_rows.make(lambda: (factories.make_city(), service(), head()))


def told(state, answered_after=None):
    """Received on Friday morning; five working days end on the Friday after."""
    return Told(state.value, FRIDAY, FRIDAY + answered_after if answered_after else None)


def counted(*reports, now=FRIDAY + 20 * DAY, days=5):
    _row, calendar = calendar_for(None)
    return count(reports, {TODAY: days}, calendar, now)


def test_an_answer_on_the_last_promised_day_is_in_time_and_one_after_it_late():
    found = counted(told(State.RESOLVED, 7 * DAY), told(State.CLOSED, 7 * DAY + timedelta(hours=12)))
    assert (found.in_time, found.late) == (1, 1)


def test_open_ones_are_within_the_days_or_past_them():
    assert counted(told(State.IN_PROGRESS), now=FRIDAY + 6 * DAY).running == 1
    assert counted(told(State.IN_PROGRESS), now=FRIDAY + 9 * DAY).past == 1


def test_what_was_rejected_or_received_without_a_promise_stands_apart():
    assert counted(told(State.REJECTED, DAY)).otherwise == 1
    assert counted(told(State.RESOLVED, DAY), days=None).unpromised == 1


def test_the_parts_add_up_to_all():
    found = counted(told(State.RESOLVED, DAY), told(State.REJECTED, DAY), told(State.SUBMITTED))
    assert sum(found.parts) == found.received == 3


def test_fewer_than_five_are_not_shown_and_no_part_can_be_found_by_subtraction():
    assert not Record(4, 4, 0, 0, 0, 0, 0).is_shown
    assert not Record(9, 7, 2, 0, 0, 0, 0).parts_shown
    assert Record(12, 7, 5, 0, 0, 0, 0).parts_shown


def test_under_twenty_the_share_is_said_in_numbers():
    with override("en"):
        assert Record(19, 14, 5, 0, 0, 0, 0).share == "14 of 19"
        assert Record(20, 15, 5, 0, 0, 0, 0).share.startswith("75")


def test_oversight_complaints_and_parts_of_shared_ones_are_not_counted():
    factories.file_complaint(service=service())
    factories.file_complaint(service=service(), kind=Kind.OVERSIGHT)
    factories.file_complaint()
    assert record_of(service(), FRIDAY + DAY).received == 1


def test_a_report_is_held_against_the_promise_of_its_own_day():
    factories.resolved(FRIDAY, service=service())
    changed(Part.TIME, {"days": 1}, starts_on=TODAY + timedelta(days=1))
    assert record_of(service(), FRIDAY + 20 * DAY).in_time == 1
