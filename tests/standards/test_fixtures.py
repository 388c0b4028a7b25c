"""The standards that come with the system: of each service, in both languages, and marked as samples."""

from typing import Any

import pytest
from django.core.management import call_command

from complaints.ledger.verify import verify_ledger
from complaints.models import LedgerEntry, Service
from config.fixtures import load_city
from surveys.standards import hours
from surveys.standards.in_force import standard_of
from surveys.standards.models import OWED, Counter, Part, StandardChange
from tests.shared import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("city", ["kupang", "balikpapan"])
def test_each_service_has_a_standard_in_both_languages(city: str) -> None:
    added = load_city(city, NOON)["standards"]
    assert load_city(city, NOON)["standards"] == 0 and added == StandardChange.objects.count()
    for service in Service.objects.select_related("agency"):
        standard = standard_of(service, NOON.date())
        empty = [part for part in OWED if not standard.parts[part].value]
        assert empty in ([], [Part.REQUIREMENTS]) and standard.is_sample, service
        for part in (Part.PROCEDURE, Part.COST, Part.PRODUCT, Part.COMPLAINTS):
            assert set(standard.parts[part].value) == {"id", "en"}
    for counter in Counter.objects.all():
        assert {row.agency for row in counter.services.all()} == {counter.agency}


def test_the_hours_of_counters_are_hours() -> None:
    load_city("kupang", NOON)
    weeks: list[Any] = [row.after["weekly"] for row in StandardChange.objects.filter(part=Part.HOURS)]
    assert weeks and all(hours.check(week) == week for week in weeks)


def test_what_was_loaded_is_on_record_once() -> None:
    for _twice in range(2):
        call_command("load_city", verbosity=0)
    (entry,) = LedgerEntry.objects.filter(kind="standards_entered")
    assert entry.data["parts"] == StandardChange.objects.count()
    assert verify_ledger().ok
