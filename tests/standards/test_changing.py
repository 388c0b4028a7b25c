"""A head changes the standard of a service: dated, with a reason, for ever."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.roles import Role
from complaints.ledger.entries import sentence_of
from complaints.ledger.settings import record_settings
from complaints.models import LedgerEntry, Service
from complaints.models.event import AppendOnly
from complaints.services.change import NotAllowed, NotPossible
from surveys.standards.in_force import days_of, standard_of
from surveys.standards.models import Part, StandardChange
from surveys.standards.services import change, follow
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.standards.people import LONG, SHORT, TODAY, changed, counter, head, new, service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]
ONE = timedelta(days=1)


@pytest.fixture(scope="module")
def made(module_rows):
    return module_rows.make(lambda: (factories.make_city(), service(), counter(), head()))


def hours_on(day):
    return standard_of(service(), day).counters[0].hours.value


def test_new_hours_hold_from_their_day_on_and_say_what_was_before():
    changed(Part.HOURS, SHORT, counter=counter())
    later = changed(Part.HOURS, LONG, counter=counter(), starts_on=TODAY + 10 * ONE)
    assert later.before == SHORT
    assert hours_on(TODAY + 9 * ONE) == SHORT
    assert hours_on(TODAY + 10 * ONE) == LONG


def test_hours_for_a_while_give_way_to_the_old_ones_again():
    changed(Part.HOURS, SHORT, counter=counter())
    changed(Part.HOURS, LONG, counter=counter(), starts_on=TODAY + 5 * ONE, ends_on=TODAY + 6 * ONE)
    assert [hours_on(TODAY + each * ONE) for each in (4, 5, 6, 7)] == [SHORT, LONG, LONG, SHORT]


def test_the_ledger_tells_of_each_change_with_all_that_it_says():
    changed(Part.COST, {"id": "Gratis."})
    entry = LedgerEntry.objects.get(kind="standard_changed")
    (told,) = entry.data["rows"]["+standard_change"]
    assert (told["after"], told["reason"]) == ({"id": "Gratis."}, "Warga memintanya.")
    assert "izin-jalan" in sentence_of(entry)


def test_another_promised_time_is_for_whoever_comes_from_its_day_on():
    changed(Part.TIME, {"days": 3}, starts_on=TODAY + 4 * ONE)
    rows = list(StandardChange.objects.all())
    assert [days_of(rows, service(), TODAY + each * ONE) for each in (3, 4)] == [5, 3]


def test_the_catalogue_says_the_new_time_on_its_day_and_the_ledger_knows_it():
    record_settings(actor=None, now=FRIDAY)
    changed(Part.TIME, {"days": 3}, starts_on=TODAY + 4 * ONE)
    assert service().promised_days == 5
    assert follow(None, FRIDAY + 3 * DAY) == 0
    assert follow(None, FRIDAY + 4 * DAY) == 1
    assert follow(None, FRIDAY + 5 * DAY) == 0
    assert service().promised_days == 3
    last = LedgerEntry.objects.filter(kind="settings_recorded").latest("seq")
    assert last.data["rows"] == {"service": [{"id": service().pk, "promised_days": 3}]}


def test_requirements_changed_today_are_those_of_the_catalogue_at_once():
    changed(Part.REQUIREMENTS, {"id": "KTP dan KK.", "en": "Identity and family card."})
    assert service().requirements_en == "Identity and family card."


def test_what_holds_already_is_no_change():
    changed(Part.COST, {"id": "Gratis."})
    with pytest.raises(NotPossible):
        changed(Part.COST, {"id": "Gratis."})


@pytest.mark.parametrize("days", [-1, 1200])
def test_a_day_that_is_over_or_far_away_is_refused(days):
    with pytest.raises(NotPossible):
        changed(Part.COST, {"id": "Gratis."}, starts_on=TODAY + days * ONE)
    assert not StandardChange.objects.exists()


@pytest.mark.parametrize(
    "after", [{"weekly": {"0": [["15:00", "08:00"]]}}, {"weekly": {"9": [["08:00", "15:00"]]}}]
)
def test_hours_that_are_none_are_refused(after):
    with pytest.raises(NotPossible):
        changed(Part.HOURS, after, counter=counter())


def test_of_two_who_change_the_same_part_at_once_one_is_told():
    first = new(Part.COST, {"id": "Gratis."}, service=service(), seen=0)
    change(first, actor=head(), now=FRIDAY)
    second = new(Part.COST, {"id": "Rp10.000"}, service=service(), seen=0)
    with pytest.raises(NotPossible):
        change(second, actor=head(), now=FRIDAY)
    assert StandardChange.objects.count() == 1


def test_the_database_keeps_two_from_following_the_same_change():
    first = changed(Part.COST, {"id": "Gratis."})
    fields = {field.attname: getattr(first, field.attname) for field in StandardChange._meta.concrete_fields}
    fields |= {"id": None, "idempotency_key": "x" * 32}
    with pytest.raises(IntegrityError), transaction.atomic():
        StandardChange.objects.create(**fields)


def test_the_same_form_sent_twice_makes_one_change():
    what = new(Part.COST, {"id": "Gratis."}, service=service())
    rows = [change(what, actor=head(), now=FRIDAY, idempotency_key="k" * 32) for _ in range(2)]
    assert rows[0] == rows[1]
    assert LedgerEntry.objects.filter(kind="standard_changed").count() == 1


def test_nobody_rewrites_or_deletes_what_was_changed():
    row = changed(Part.COST, {"id": "Gratis."})
    row.reason = "Lain."
    for attempt in (row.save, row.delete, StandardChange.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(AppendOnly):
        StandardChange.objects.update(reason="Lain.")
    for statement in (
        "UPDATE surveys_standardchange SET reason = 'Lain.'",
        "DELETE FROM surveys_standardchange",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_head_of_another_agency_and_an_officer_are_refused():
    what = new(Part.COST, {"id": "Gratis."}, service=service())
    for person in (head("DISHUB"), factories.make_user(Role.OFFICER), factories.make_user(Role.SUPERVISOR)):
        with pytest.raises(NotAllowed):
            change(what, actor=person, now=FRIDAY)


def test_a_service_that_moved_is_changed_by_its_new_agency():
    Service.objects.filter(pk=service().pk).update(agency=factories.make_agency("DISHUB"))
    what = new(Part.COST, {"id": "Gratis."}, service=Service.objects.select_related("agency").get())
    with pytest.raises(NotAllowed):
        change(what, actor=head(), now=FRIDAY)
    assert change(what, actor=head("DISHUB"), now=FRIDAY).agency.code == "DISHUB"


def test_a_closure_can_be_taken_back():
    changed(
        Part.CLOSURE,
        {"id": "Pindah ruang"},
        counter=counter(),
        starts_on=TODAY + ONE,
        ends_on=TODAY + 2 * ONE,
    )
    assert len(standard_of(service(), TODAY).counters[0].closures) == 1
    back = {"starts_on": TODAY + ONE, "ends_on": TODAY + ONE}
    row = StandardChange.objects.get()
    assert row.before == {}
    changed(Part.CLOSURE, {"id": "Tidak jadi"}, counter=counter(), **back | {"ends_on": TODAY + 3 * ONE})
    closures = standard_of(service(), TODAY).counters[0].closures
    assert [each.after["id"] for each in closures] == ["Tidak jadi"]
