"""Settings and older cases on record: what administrators save with who did it; what came in otherwise shows."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.history.rows import ROWS
from complaints.history.untold import UNTOLD
from complaints.ledger.settings import record_settings
from complaints.ledger.taking_over import record_rows
from complaints.ledger.verify import verify_ledger
from complaints.models import Area, Complaint, Event, Holiday, LedgerEntry, OfficeCalendar, ServiceLevel
from complaints.services import handling
from surveys.questionnaires.models import SurveyVersion
from tests import factories
from tests.factories import FRIDAY, HOUR
from tests.ledger.forger import rechain, sql

pytestmark = pytest.mark.django_db


def why() -> str:
    bad = verify_ledger().first_bad
    return bad.why if bad else ""


@pytest.fixture
def city() -> OfficeCalendar:
    calendar = factories.make_city()
    factories.make_agency()
    record_settings(actor=None, now=FRIDAY)
    return calendar


@pytest.mark.usefixtures("city")
def test_what_comes_in_past_the_administration_shows_until_it_is_put_on_record() -> None:
    assert why() == ""
    ServiceLevel.objects.filter(kind="complaint").update(resolution_amount=99)
    assert why() == "service_level_resolution_amount_differs"
    call_command("record_settings")
    assert why() == ""
    entry = LedgerEntry.objects.latest("seq")
    assert [row["resolution_amount"] for row in entry.data[ROWS]["service_level"]] == [99]
    factories.make_user(Role.SUPERVISOR)
    assert why() == "user_added"


@pytest.mark.usefixtures("city")
def test_what_an_administrator_saves_is_on_record_with_their_key(client: Client) -> None:
    admin = factories.make_user(Role.ADMINISTRATOR)
    record_settings(actor=None, now=FRIDAY)
    client.force_login(admin)
    agency = Agency.objects.get(code="PUPR")
    form = {
        "code": "PUPR",
        "name": "Dinas Pekerjaan Umum",
        "short_name": "PU",
        "keywords": "",
        "is_active": "on",
    }
    reply = client.post(f"/admin/accounts/agency/{agency.pk}/change/", form)
    assert reply.status_code == 302
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.actor, entry.data[ROWS]["agency"][0]["name"]) == (admin, "Dinas Pekerjaan Umum")
    assert why() == ""


def test_saving_one_thing_puts_no_other_on_record(city: OfficeCalendar, client: Client) -> None:
    """Or whoever changed a target by SQL would wait for the administrator to sign for it."""
    admin = factories.make_user(Role.ADMINISTRATOR)
    record_settings(actor=None, now=FRIDAY)
    ServiceLevel.objects.filter(kind="complaint").update(resolution_amount=99)
    Holiday.objects.create(calendar=city, on=date(2026, 12, 1), name_id="Libur")
    client.force_login(admin)
    clerk = factories.make_user(Role.CLERK)
    client.post("/admin/accounts/user/", {"action": "close_accounts", "_selected_action": [clerk.pk]})
    entry = LedgerEntry.objects.latest("seq")
    assert set(entry.data[ROWS]) == {"+user"}
    assert not User.objects.get(pk=clerk.pk).is_active
    assert why() in ("service_level_resolution_amount_differs", "holiday_added")


@pytest.mark.usefixtures("city")
def test_no_name_and_no_password_stands_in_an_entry() -> None:
    user = factories.make_user(Role.VERIFIER, name="Veronika")
    record_settings(actor=None, now=FRIDAY)
    said = json.dumps([entry.data for entry in LedgerEntry.objects.all()])
    assert "Veronika" not in said and user.email not in said and user.password not in said


def as_of_an_older_version(case: Complaint) -> None:
    """Its events say what they said before they recorded rows."""
    for event in case.events.all():
        sql("UPDATE complaints_event SET data = %s WHERE id = %s", json.dumps(event.said), event.pk)
    rechain(case)


def test_a_case_of_an_older_version_is_put_on_record_once() -> None:
    case, other = factories.in_progress(email="ani@example.org"), factories.closed()
    as_of_an_older_version(case)
    Complaint.objects.filter(pk=case.pk).update(target_at=FRIDAY)
    assert why() == ""  # nobody can know
    assert record_rows(FRIDAY + HOUR) == 1
    assert record_rows(FRIDAY + HOUR) == 0
    assert why() == ""
    assert Event.objects.filter(complaint=other, kind="recorded").count() == 0
    Complaint.objects.filter(pk=case.pk).update(target_at=FRIDAY + HOUR)
    assert why() == "target_at_differs"


def test_where_and_when_it_happened_an_older_version_did_not_keep() -> None:
    case = factories.in_progress()
    sql("UPDATE complaints_complaint SET latitude = -10.1, longitude = 123.6, happened_on = '2026-11-02'")
    as_of_an_older_version(case)
    assert record_rows(FRIDAY + HOUR) == 1
    assert why() == ""  # the first event knows nothing of them
    Complaint.objects.filter(pk=case.pk).update(subject="Lain")
    assert why() == "subject_differs"


def test_what_is_done_with_a_case_of_an_older_version_is_compared_from_then_on() -> None:
    case = factories.assigned()
    as_of_an_older_version(case)
    officer = factories.officer_of(case)
    handling.accept(case.pk, actor=officer, now=FRIDAY + HOUR, handler=officer)
    assert why() == ""
    Complaint.objects.filter(pk=case.pk).update(handler=factories.make_user(Role.OFFICER))
    assert why() == "handler_differs"


@pytest.mark.usefixtures("in_english")
def test_the_page_says_what_is_not_held_fast(client: Client) -> None:
    page = client.get("/ledger/").content.decode()
    for each in UNTOLD:
        assert str(each.what).replace("'", "&#x27;") in page


def test_an_upgrade_puts_no_row_on_record_that_somebody_added_by_sql_before() -> None:
    """Or whoever has the database's password would wait for the administrator to upgrade."""
    call_command("load_city")
    assert why() == ""
    level = ServiceLevel.objects.filter(kind="complaint").order_by("pk")[0]
    level.pk, level.valid_from = None, date(2026, 2, 1)
    level.save()
    assert why() == "service_level_added"
    call_command("load_city")
    assert why() == "service_level_added"
    level.delete()
    version = SurveyVersion.objects.order_by("pk")[0]
    SurveyVersion.objects.create(survey=version.survey, number=99, published_at=FRIDAY, digest=version.digest)
    call_command("load_city")
    assert why() == "survey_version_added"


def test_an_upgrade_puts_on_record_what_the_fixtures_bring_and_no_other_column() -> None:
    call_command("load_city")
    entries = LedgerEntry.objects.count()
    call_command("load_city")
    assert LedgerEntry.objects.count() == entries  # nothing new, nothing said
    area = Area.objects.exclude(parent=None)[0]
    Area.objects.filter(pk=area.pk).update(parent=None)  # as an older version of the fixtures had it
    holiday = Holiday.objects.order_by("pk").last()
    assert holiday is not None
    holiday.delete()
    record_settings(actor=None, now=FRIDAY)
    Area.objects.filter(pk=area.pk).update(name="Lain")  # by SQL
    call_command("load_city")
    said = LedgerEntry.objects.latest("seq").data[ROWS]
    assert said["area"] == [{"id": area.pk, "parent_id": area.parent_id}]
    assert [row["on"] for row in said["+holiday"]] == [holiday.on.isoformat()]
    assert why() == "area_name_differs"


def test_what_comes_to_nothing_is_not_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("config.fixtures._checklists", fail)
    with pytest.raises(ZeroDivisionError):
        call_command("load_city")
    assert not LedgerEntry.objects.exists() and not Area.objects.exists()
