"""Which cases a report counts, from the services that made them; and what a snapshot holds."""

import json
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tuntas_recount.compare import Comparison
from tuntas_recount.program import count_again

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.identity import Identity
from complaints.services import citizen, handling, referral, system, verification
from escalation.ladder.models import Escalation
from reports.figures.collect import collect
from reports.figures.compute import compute
from reports.figures.definitions import FIGURES
from reports.figures.periods import Period
from reports.figures.reading.scope import Scope
from reports.figures.snapshot import Snapshot, freeze
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR, make_agency, make_user

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LATER = FRIDAY + 2 * DAY


def frozen(period=NOVEMBER, agency=None, actor=None, now=LATER):
    return freeze(period, agency, actor=actor, now=now)


def test_a_shared_case_counts_once_in_the_city_and_for_each_agency_that_works_on_it():
    lead, other = make_agency("PUPR"), make_agency("DLHK")
    case = factories.file_complaint()
    routing = verification.Routing([lead, other])
    verification.assign(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, routing=routing)
    assert frozen().figures["received"] == 1
    assert [row["code"] for row in frozen().figures["by_agency"]] == ["PUPR"]
    assert frozen(agency=lead).figures["received"] == 1
    assert frozen(agency=other).figures["received"] == 1


def test_a_promise_that_was_late_before_it_was_merged_and_goes_on_is_counted_once():
    verifier = make_user(Role.VERIFIER)
    main, case = factories.file_complaint(), factories.file_complaint()
    late = FRIDAY + 40 * DAY
    verification.merge(case.pk, actor=verifier, now=late, into=main.pk)
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=late + DAY)
    counted = frozen(now=late + 2 * DAY)
    row = next(row for row in counted.figures["stages"] if row["stage"] == "resolution")
    assert (row["clocks"], row["late"]) == (2, 2)  # two cases, two promises
    assert row["clocks"] == row["met"] + row["late"] + row["not_yet_due"] + row["paused"] + sum(
        row["not_needed"].values()
    )


def test_a_case_shared_within_an_agencys_own_units_counts_once_there():
    lead = make_agency("PUPR")
    unit = make_agency("PUPR-1", parent=lead)
    case = factories.file_complaint()
    routing = verification.Routing([lead, unit])
    verification.assign(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, routing=routing)
    assert frozen(agency=lead).figures["received"] == 1
    assert frozen(agency=unit).figures["received"] == 1


def test_an_agencys_report_includes_the_units_below_it_and_no_others():
    parent = make_agency("PUPR")
    child = make_agency("PUPR-1", parent=parent)
    for agency in (parent, child, make_agency("DLHK")):
        factories.assigned(agency=agency)
    assert frozen(agency=parent).figures["received"] == 2
    assert frozen(agency=child).figures["received"] == 1


def test_the_last_local_day_belongs_to_the_period():
    last_moment = FRIDAY.replace(month=11, day=30, hour=15, minute=59)  # 23:59 in Kupang
    factories.file_complaint(last_moment)
    factories.file_complaint(last_moment + timedelta(minutes=1))
    assert frozen(now=last_moment + DAY).figures["received"] == 1


def test_a_head_gets_no_oversight_complaints_and_the_report_says_so():
    head = make_user(Role.AGENCY_HEAD)
    agency = make_agency("PUPR", is_oversight=False)
    inspectorate = make_agency("ITKO", is_oversight=True)
    factories.assigned(agency=agency)
    case = factories.file_complaint(kind="oversight")
    verification.assign(
        case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, routing=verification.Routing([inspectorate])
    )
    theirs = frozen(agency=agency, actor=head)
    assert theirs.figures["received"] == 1
    assert theirs.data["scope"]["oversight"] is False
    assert frozen().figures["received"] == 2
    assert frozen().data["scope"]["oversight"] is True


def test_how_cases_ended_tells_the_citizens_word_from_silence():
    factories.closed()
    case = factories.resolved()
    system.auto_close(case.pk, actor=None, now=FRIDAY + DAY)
    factories.resolved()
    found = {row["how"]: row["count"] for row in frozen().figures["ended_how"]}
    assert found == {"confirmed": 1, "auto_closed": 1, "answered": 1}


def test_disputes_hand_backs_and_rejections_are_counted():
    case = factories.resolved()
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, why="Masih rusak")
    back = factories.assigned()
    handling.hand_back(back.pk, actor=factories.officer_of(back), now=FRIDAY + HOUR, why="Bukan kami")
    away = factories.file_complaint()
    verification.reject(
        away.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, reason=factories.make_reason(), words="Kosong"
    )
    figures = frozen().figures
    assert (figures["disputed"], figures["reopened"], figures["handed_back"]) == (1, 1, 1)
    assert figures["rejected"] == [{"reason": "spam", "count": 1}]
    assert (figures["received"], figures["open"], figures["ended"]) == (3, 2, 1)


def test_a_case_that_a_body_outside_did_not_answer_was_not_answered_before_it_went_on():
    case = factories.file_complaint()
    outside = make_agency("POL", is_external=True)
    verification.refer(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, body=outside, reference="1")
    again = referral.bring_back(
        case.pk, actor=make_user(Role.SUPERVISOR), now=FRIDAY + DAY, words="Tidak dijawab"
    )
    assert again.cycle == 2
    figures = frozen().figures
    assert (figures["answered"], figures["reopened"]) == (0, 0)


def test_what_is_open_again_in_time_after_a_late_answer_is_called_late_and_not_past_its_promise():
    case = factories.in_progress(FRIDAY - 40 * DAY)
    handling.resolve(case.pk, actor=factories.officer_of(case), now=FRIDAY, answer="Sudah ditambal.")
    again = citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR, why="Masih rusak")
    assert again.target_at > FRIDAY + DAY
    figures = freeze(
        Period(date(2026, 10, 1), date(2026, 10, 31)), None, actor=None, now=FRIDAY + DAY
    ).figures
    assert (figures["open"], figures["late"], figures["not_yet_due"]) == (1, 1, 0)
    assert [row["late"] for row in figures["open_by_age"] if row["count"]] == [1]
    names = {column.code: column.name for column in FIGURES["open_by_age"].columns}
    assert names["late"] == "of these late"


@pytest.mark.parametrize("leave", ["withdraw", "refer"])
def test_what_was_answered_stays_answered_however_it_ends(leave):
    case = factories.resolved()
    if leave == "withdraw":
        citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR)
    else:
        outside = make_agency("POL", is_external=True)
        supervisor = make_user(Role.SUPERVISOR)
        verification.refer(case.pk, actor=supervisor, now=FRIDAY + HOUR, body=outside, reference="1")
    snapshot, comparison = frozen(), Comparison()
    assert (snapshot.figures["answered"], snapshot.figures["met_target"]) == (1, 1)
    count_again(json.loads(snapshot.content), comparison)
    assert comparison.differs == []
    data = json.loads(snapshot.content)  # as a version before counted it
    data["definitions"]["answered"]["version"], data["figures"]["answered"] = 1, 0
    count_again(data, comparison)
    assert comparison.differs == []


def test_stages_and_escalations_come_from_their_rows():
    case = factories.assigned(FRIDAY)
    Escalation.objects.create(
        complaint=case, level=1, trigger="breach", cause="resolution:1", raised_at=FRIDAY, due_at=LATER
    )
    figures = frozen().figures
    verified = next(row for row in figures["stages"] if row["stage"] == "verification")
    assert (verified["clocks"], verified["met"], verified["share"]) == (1, 1, 100)
    assert figures["escalations"][0] == {
        "level": 1,
        "raised": 1,
        "waiting": 1,
        "acknowledged": 0,
        "decided": 0,
        "lifted": 0,
    }


def test_a_case_whose_clock_stands_still_has_no_target_now():
    factories.awaiting()
    figures = frozen().figures
    assert (figures["with_target"], figures["waiting_for_citizen"]) == (0, 1)
    assert figures["on_time_share"] is None


def test_the_period_before_is_counted_beside():
    factories.closed(FRIDAY.replace(month=10))
    factories.file_complaint()
    figures = frozen().figures
    assert (figures["received"], figures["previous"]["received"], figures["previous"]["ended"]) == (1, 1, 1)


def test_collecting_costs_the_same_number_of_queries_however_many_cases():
    asked = []
    for count in (1, 3):
        for _ in range(count):
            factories.closed()
        with CaptureQueriesContext(connection) as queries:
            collect(Scope.of(NOVEMBER, None, None, LATER))
        asked.append(len(queries))
    assert asked[0] == asked[1] < 40


def test_a_snapshot_holds_no_words_no_identity_and_no_number():
    case = factories.file_complaint(
        subject="CNRY-subject",
        description="CNRY-description",
        location="CNRY-location",
        identity=Identity(name="CNRY-name", email="cnry@mail.test", phone="CNRY-phone"),
    )
    content = frozen().content.decode()
    assert "cnry" not in content.lower()
    assert case.number not in content
    assert f'"{case.pk}"' not in json.dumps(json.loads(content)["tables"]["cases"]["rows"][0][:1])


def test_the_same_case_has_another_name_in_another_report():
    factories.file_complaint()
    month = frozen().data["tables"]["cases"]["rows"][0]
    year = frozen(Period(date(2026, 1, 1), date(2026, 12, 31))).data["tables"]["cases"]["rows"][0]
    assert month[1:] == year[1:]
    assert month[0] != year[0]


def test_the_figures_can_be_counted_again_from_the_snapshot_alone():
    for make in (factories.closed, factories.assigned, factories.awaiting, factories.resolved):
        make()
    snapshot = frozen()
    again = Snapshot.read(snapshot.content)
    assert again.digest == snapshot.digest
    recounted = compute(again.tables, again.period, again.built_at, settings.CITY.tz)
    assert recounted.pop("by_agency")[0]["received"] == 3
    assert recounted["previous"].pop("by_agency") == again.figures["previous"].pop("by_agency") == []
    assert recounted.items() <= again.figures.items()


def test_a_report_is_the_same_however_many_cases_are_read_at_once(monkeypatch):
    """Some of the period, some carried into it, one in parts, one that was handed on."""
    agency, other = make_agency("PUPR"), make_agency("DLHK")
    for make in (factories.closed, factories.assigned, factories.resolved):
        make(agency=agency)
        make(FRIDAY - 40 * DAY, agency=other)
    shared, back = factories.file_complaint(), factories.assigned(agency=agency)
    routing = verification.Routing([agency, other])
    verification.assign(shared.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, routing=routing)
    handling.hand_back(back.pk, actor=factories.officer_of(back), now=FRIDAY + HOUR, why="Bukan kami")
    at_once = [frozen(agency=each).content for each in (None, agency, other)]
    for name, value in (("collect.AT_ONCE", 2), ("reading.scope.CROWDED", 0), ("reading.scope.CROWDED", 99)):
        monkeypatch.setattr(f"reports.figures.{name}", value)
        assert [frozen(agency=each).content for each in (None, agency, other)] == at_once


def test_what_is_no_snapshot_is_refused():
    for content in (b"[]", b'{"format": 99}', b"not json", b'{"format": 1, "figures": {}}'):
        with pytest.raises(ValueError):  # noqa: PT011 - each in its own way
            Snapshot.read(content)
