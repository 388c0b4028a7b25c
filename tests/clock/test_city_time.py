"""The day in the city is not the day in UTC: on 1 January 07:00 in Kupang it is still 31 December there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts.roles import Role
from complaints.clock import words
from complaints.clock.city_time import day_of, local, moment_in_city, start_of, year_of, zone
from complaints.clock.dates import day_words, moment_words
from complaints.models import Complaint, ServiceLevel
from complaints.models.catalogue import Kind
from complaints.public import throttle
from complaints.services import verification
from escalation.management.commands.sweep import parse_moment
from tests import factories

NEW_YEAR = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)  # 1 January 2027, 07:00 in Kupang
FIRST = date(2027, 1, 1)


def test_a_day_and_a_year_are_the_citys():
    assert day_of(NEW_YEAR) == FIRST
    assert year_of(NEW_YEAR) == 2027
    assert (local(NEW_YEAR).hour, local(NEW_YEAR)) == (7, NEW_YEAR)
    assert day_of(NEW_YEAR - timedelta(hours=7, microseconds=1)) == date(2026, 12, 31)


def test_a_day_begins_at_midnight_in_the_city():
    assert start_of(FIRST) == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert day_of(start_of(FIRST)) == FIRST


def test_a_typed_time_is_the_citys_unless_it_says_otherwise():
    assert moment_in_city(datetime(2027, 1, 1, 7, 0)) == NEW_YEAR  # noqa: DTZ001 - as typed
    assert moment_in_city(NEW_YEAR) is NEW_YEAR
    assert parse_moment("2027-01-01T07:00") == parse_moment("2026-12-31T23:00+00:00") == NEW_YEAR


def test_a_moment_without_a_time_zone_is_none():
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2027, 1, 1, 7, 0))  # noqa: DTZ001


def test_what_django_makes_of_a_moment_is_the_citys_too():
    """Filters of templates and look-ups such as `__date` and `__year` take the current time zone."""
    assert settings.TIME_ZONE == settings.CITY.time_zone == zone().key
    assert timezone.get_current_timezone_name() == zone().key
    page = Template("{{ at|date:'Y-m-d H:i' }}").render(Context({"at": NEW_YEAR}))
    assert page == "2027-01-01 07:00"


def test_words_name_the_day_in_the_city():
    with translation.override("en"):
        assert day_words(NEW_YEAR) == day_words(FIRST) == "Friday, 1 January 2027"
        assert moment_words(NEW_YEAR) == "Friday, 1 January 2027, 07:00 WITA"
        assert words.moment(NEW_YEAR) == "Fri 1 Jan 2027, 07:00 WITA"
        assert words.moment(None) == ""


@pytest.mark.django_db
def test_a_part_has_the_year_of_the_whole():
    case = factories.file_complaint(NEW_YEAR)
    routing = verification.Routing([factories.make_agency(), factories.make_agency("DLH")])
    verification.assign(case.pk, actor=factories.make_user(Role.VERIFIER), now=NEW_YEAR, routing=routing)
    part = Complaint.objects.get(parent=case)
    assert [case.number[:9], part.number[:9]] == ["KPG-2027-", "KPG-2027-"]


@pytest.mark.django_db
def test_a_corrected_kind_has_the_promise_of_the_day_in_the_city():
    factories.make_city()
    newer = ServiceLevel.objects.get(kind=Kind.INFORMATION)
    newer.pk, newer.valid_from, newer.resolution_amount = None, FIRST, 2
    newer.save()
    case = factories.file_complaint(NEW_YEAR)
    routing = verification.Routing([factories.make_agency()], kind=Kind.INFORMATION)
    verifier = factories.make_user(Role.VERIFIER)
    case = verification.assign(case.pk, actor=verifier, now=NEW_YEAR, routing=routing)
    filed = factories.file_complaint(NEW_YEAR, kind=Kind.INFORMATION)
    assert case.policy == filed.policy
    assert case.policy["resolution"] == [2, "working_days"]


def test_a_visitors_pseudonym_changes_with_the_day_in_the_city(monkeypatch):
    monkeypatch.setattr(throttle, "_day_key", (None, b""))
    request = RequestFactory().get("/")
    midnight = start_of(FIRST).astimezone(UTC)
    last = midnight - timedelta(seconds=1)
    before = throttle.visitor(request, last)
    assert throttle.visitor(request, last - timedelta(hours=10)) == before
    assert throttle.visitor(request, midnight) != before
