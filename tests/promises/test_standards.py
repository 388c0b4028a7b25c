"""A promise that changes a standard: planned in public, made when it is kept, with what led to it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from complaints.models import Complaint, Service
from complaints.services.change import NotPossible
from escalation.models import Commitment, CommitmentSource, PlannedChange
from escalation.promises.services import commitments
from escalation.promises.services.planning import Plan
from surveys.forums.models import Finding, Forum
from surveys.standards.in_force import standard_of
from surveys.standards.models import Part, StandardChange
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.module_rows import ModuleRows
from tests.promises.people import TODAY, head, kept, promise, promised, supervisor
from tests.promises.test_who_stands_aside import name
from tests.shared import NOON
from tests.standards.people import LONG, SHORT, changed, counter, service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Any:
    return module_rows.make(lambda: (factories.make_city(), head(), service(), counter()))


def forum(agency: str = "PUPR") -> Forum:
    return Forum.objects.create(
        code=f"forum-{Forum.objects.count()}",
        title="Jam loket",
        topic="Jam",
        agency=factories.make_agency(agency),
        starts_at=FRIDAY - 30 * DAY,
        ends_at=FRIDAY - 30 * DAY + timedelta(hours=2),
    )


def finding(agency: str = "PUPR", **fields: Any) -> Finding:
    values = {
        "number": f"TEM-2026-{Finding.objects.count() + 1:04d}",
        "forum": forum(agency),
        "agency": factories.make_agency(agency),
        "title": "Loket tutup terlalu awal",
        "made_at": FRIDAY - 29 * DAY,
    }
    return Finding.objects.create(**values | fields)


def hours(day: date = TODAY + timedelta(days=5)) -> Plan:
    return Plan(Part.HOURS, LONG, day, counter=counter())


def hours_on(day: date) -> Any:
    return standard_of(service(), day).counters[0].hours.value


def test_a_kept_promise_changes_the_hours_from_the_planned_day_and_says_because_of_what() -> None:
    changed(Part.HOURS, SHORT, counter=counter())
    row = promised(plan=hours(), findings=(finding(),))
    assert hours_on(TODAY + timedelta(days=5)) == SHORT
    kept(row)
    change = StandardChange.objects.latest("pk")
    assert (change.before, change.after, change.starts_on) == (SHORT, LONG, TODAY + timedelta(days=5))
    assert (change.cause, change.cause_number, change.reason) == ("promise", row.number, row.title)
    assert change.forum is not None and change.made_by == supervisor()
    assert PlannedChange.objects.get().made == change
    assert hours_on(TODAY + timedelta(days=4)) == SHORT


def test_a_promise_kept_after_its_planned_day_changes_the_standard_on_the_day_of_the_judgement() -> None:
    kept(promised(plan=hours()), NOON)
    assert StandardChange.objects.get().starts_on == NOON.date()


def test_a_broken_promise_and_one_that_is_not_kept_yet_change_nothing() -> None:
    for verdict in (commitments.Finding.NOT_YET, commitments.Finding.BROKEN):
        row = promised(plan=hours())
        commitments.report(row.pk, actor=head(), now=FRIDAY, words="Sudah.")
        commitments.judge(row.pk, actor=supervisor(), now=FRIDAY, finding=verdict, words="Belum.")
    assert not StandardChange.objects.exists()


def test_a_promise_is_kept_though_its_service_went_to_another_agency_and_the_page_says_so(
    client: Client,
) -> None:
    row = promised(plan=Plan(Part.TIME, {"days": 2}, TODAY, service=service()))
    Service.objects.update(agency=factories.make_agency("DISHUB"))
    assert kept(row).state == "kept"
    assert not StandardChange.objects.exists()
    assert (
        "layanan ini kini milik instansi lain" in client.get(f"/commitments/{row.number}/").content.decode()
    )


def test_what_the_head_changed_meanwhile_by_hand_is_not_changed_again() -> None:
    row = promised(plan=hours(TODAY))
    changed(Part.HOURS, LONG, counter=counter())
    kept(row)
    assert (StandardChange.objects.count(), PlannedChange.objects.get().not_made) == (1, "same")


@pytest.mark.parametrize(
    "plan",
    [
        lambda: hours(TODAY - timedelta(days=1)),
        lambda: Plan(Part.HOURS, {"weekly": {"0": [["9", "8"]]}}, TODAY, counter=counter()),
        lambda: Plan(Part.COST, {"id": "Gratis."}, TODAY, service=service("parkir", "DISHUB")),
        lambda: Plan(Part.TIME, {"days": 0}, TODAY, service=service()),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_and_nothing_is_promised(plan: Any) -> None:
    with pytest.raises(NotPossible):
        promised(plan=plan())
    assert not Commitment.objects.exists()


def test_a_finding_of_another_agency_is_no_source() -> None:
    with pytest.raises(Finding.DoesNotExist):
        promised(findings=(finding("DISHUB"),))


def test_the_database_takes_a_source_that_is_one_thing_only() -> None:
    row = promised(findings=(finding(),))
    assert row.sources.get().finding is not None
    for fields in ({"kind": "finding"}, {"kind": "survey_element", "element": "time"}, {"kind": "case"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommitmentSource.objects.create(commitment=row, **fields)


def test_the_public_page_tells_of_the_finding_and_of_what_will_change(client: Client) -> None:
    changed(Part.HOURS, SHORT, counter=counter())
    row = promised(plan=hours(), findings=(finding(),), service=service())
    page = client.get(f"/commitments/{row.number}/").content.decode()
    assert "Loket tutup terlalu awal" in page and "13.00–17.00" in page and "Loket 1" in page
    kept(row)
    page = client.get(f"/commitments/{row.number}/").content.decode()
    assert "Standar sudah diubah." in page and "13.00–15.00" in page


def test_the_standards_page_shows_the_promise_and_because_of_which_forum_it_changed(client: Client) -> None:
    changed(Part.HOURS, SHORT, counter=counter(), now=FRIDAY)
    row = promised(plan=hours(TODAY), findings=(finding(),), service=service())
    kept(row)
    page = client.get("/standards/izin-jalan/").content.decode()
    assert f"karena janji {row.number} (dari forum pada 21 Oktober 2026)" in page
    assert f"/commitments/{row.number}/" in page and "13.00–17.00" in page


def test_a_head_promises_new_hours_from_a_finding_on_the_form(client: Client) -> None:
    found = finding(words="Warga pulang kerja pukul 16.", service=service())
    client.force_login(head())
    url = f"/staff/commitments/new/?finding={found.number}&plan=counter.loket-1"
    page = client.get(url)
    assert page.context["form"]["description"].value() == "Warga pulang kerja pukul 16."
    assert page.context["form"]["service"].value() == "izin-jalan"
    sent = {
        "idempotency_key": "c" * 32,
        "agency": "PUPR",
        "kind": "hours",
        "title": "Loket buka sampai pukul 17",
        "service": "izin-jalan",
        "owner": head().pk,
        "due_on": "2027-02-01",
        "plan-starts_on": "2026-12-07",
    }
    wrong = client.post(url, sent | {"plan-day0": "sampai sore"})
    assert wrong.status_code == 422 and not Commitment.objects.exists()
    right = {f"plan-day{day}": "08.00-12.00, 13.00-17.00" for day in range(5)}
    assert client.post(url, sent | right).status_code == 302
    planned = PlannedChange.objects.get()
    assert (planned.after, planned.starts_on) == (LONG, date(2026, 12, 7))
    assert planned.commitment.sources.get().finding == found


@pytest.mark.parametrize(
    "query",
    [
        "finding=TEM-2026-9999",
        "plan=counter.x",
        "plan=service.izin-jalan.hours",
        "plan=x",
        "round=AAAAAAAA",
        "proposal=X",
    ],
)
def test_an_origin_that_is_none_is_not_found(client: Client, query: str) -> None:
    client.force_login(head())
    assert client.get(f"/staff/commitments/new/?{query}").status_code == 404


def test_the_head_of_another_agency_plans_nothing_here(client: Client) -> None:
    client.force_login(head("DISHUB"))
    assert client.get("/staff/commitments/new/?plan=counter.loket-1").status_code == 404


def test_an_owner_of_whom_the_finding_speaks_is_refused_and_does_not_see_the_promise() -> None:

    case = factories.in_progress()
    found = finding()
    speaks_in(found, case)
    other = factories.make_user("officer", name="Olga")
    row = promised(findings=(found,))
    name(case, other)
    assert not Commitment.objects.visible_to(other).exists()
    assert Commitment.objects.visible_to(head()).get() == row
    with pytest.raises(NotPossible):
        commitments.make(promise(findings=(found,), owner=other), actor=head(), now=FRIDAY)


def speaks_in(found: Finding, case: Complaint) -> None:
    """An input of the finding became this case."""
    found.inputs.create(
        number="MSK-2026-00001",
        source="meeting",
        agency=found.agency,
        at=FRIDAY,
        state="case",
        answered_at=FRIDAY,
        complaint=case,
        idempotency_key="k",
    )
