"""What an office is judged by: the time that a case was with it, through everything that moves a case."""

from datetime import date, datetime
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.own_time import OwnTime, own_times
from complaints.history.events import draft_event, store_events
from complaints.history.turns import How, Stay, Step, stays_of
from complaints.models import Complaint, Event, EventKind, Holiday, OfficeCalendar
from complaints.services import citizen, closing, handling, reassignment, referral, verification
from complaints.services.erasure import erase_person
from complaints.services.parties import name_party
from complaints.services.verification import Routing
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation
from escalation.oversight.durations import middles_of_times
from escalation.oversight.offices import added
from escalation.stays import keeping, reading
from escalation.stays.counting import COLUMNS as STAY_COLUMNS
from escalation.stays.counting import counted as stays_counted
from escalation.stays.keeping import ROW, built_at, differs, keep_up, stored
from escalation.stays.models import KeptStay, KeptStayState
from reports.figures.counting.stays import STAY_PARTS, Stays
from reports.figures.periods import Period
from reports.figures.reading import stays as reading_stays
from reports.figures.reading.cases import rows_of_cases
from reports.figures.reading.columns import columns_of
from reports.figures.reading.scope import Scope
from reports.figures.tables import COLUMNS, Tables, make_frame
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR, make_agency, make_user

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
WEEK = 7 * DAY
DUE = ROW.index("due_at")


@pytest.fixture
def pupr() -> Agency:
    return make_agency("PUPR")


@pytest.fixture
def dlhk() -> Agency:
    return make_agency("DLHK")


def rows_of_stays(scope: Scope) -> list[Any]:
    """As they lie in a snapshot."""
    tables = Tables.of({"stays": rows_of_cases(scope)["stays"]})
    return list(tables.as_json()["stays"]["rows"])


def by_time_with(rows: list[Any], now: datetime) -> list[dict[str, Any]]:
    stays = Stays(now)
    for some in (rows[:1], rows[1:]):
        stays.add(make_frame(some, COLUMNS["stays"]))
    return stays.by_agency()


def counted(now: datetime, agency: Agency | None = None, actor: User | None = None) -> dict[str, Any]:
    """By agency what is not nought. What the history tells since the last look, and the same from kept rows alone."""
    scope = Scope.of(NOVEMBER, agency, actor, now)
    rows = rows_of_stays(scope)
    assert keep_up(now) and not list(differs(now))
    with patch.object(reading, "own_times", side_effect=lambda cases: iter(()) if not cases else 1 / 0):
        assert rows_of_stays(scope) == rows
    found = by_time_with(rows, now)
    assert all(row["stays"] == sum(row[part] for part in STAY_PARTS) for row in found)
    return {row["agency"]: {part: row[part] for part in STAY_PARTS if row[part]} for row in found}


def hand_back(case: Complaint, now: datetime) -> None:
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=now, why="Bukan kami")


def give(case: Complaint, agency: Agency, now: datetime) -> None:
    verifier = User.objects.get(role=Role.VERIFIER)
    verification.assign(case.pk, actor=verifier, now=now, routing=Routing([agency]))


def answer(case: Complaint, now: datetime) -> None:
    case.refresh_from_db()
    officer = factories.officer_of(case)
    if case.handler is None:
        handling.accept(case.pk, actor=officer, now=now, handler=officer)
    handling.resolve(case.pk, actor=officer, now=now, answer="Selesai")


@pytest.mark.django_db
def test_what_was_handed_on_in_time_is_no_delay_and_who_got_it_late_has_the_whole_time(pupr, dlhk):
    case = factories.assigned(agency=pupr)
    hand_back(case, FRIDAY + 3 * DAY)
    give(case, dlhk, FRIDAY + 5 * WEEK)  # long after the promise to the citizen
    answer(case, FRIDAY + 7 * WEEK - DAY)
    assert counted(FRIDAY + 8 * WEEK) == {"PUPR": {"handed_on": 1}, "DLHK": {"in_time": 1}}


@pytest.mark.django_db
def test_what_was_handed_on_after_the_time_of_the_first_answer_is_its_delay(pupr, dlhk):
    case = factories.assigned(agency=pupr)
    hand_back(case, FRIDAY + 8 * DAY)  # five working days end on the seventh
    give(case, dlhk, FRIDAY + 10 * DAY)
    assert counted(FRIDAY + 11 * DAY) == {"PUPR": {"late": 1}, "DLHK": {"open_in_time": 1}}
    assert counted(FRIDAY + 6 * WEEK)["DLHK"] == {"late": 1}


@pytest.mark.django_db
def test_another_levels_matter_stands_apart_and_comes_back_as_a_time_of_its_own(pupr, dlhk):
    sari = make_user(Role.SUPERVISOR)
    case, late = factories.in_progress(agency=pupr), factories.in_progress(agency=pupr)
    body = make_agency("PLN", is_external=True)
    for each, now in ((case, FRIDAY + DAY), (late, FRIDAY + 5 * WEEK)):
        verification.refer(each.pk, actor=sari, now=now, body=body, reference="PLN-1")
    assert counted(FRIDAY + 6 * WEEK) == {"PUPR": {"referred": 1, "late": 1}}
    referral.bring_back(case.pk, actor=sari, now=FRIDAY + 6 * WEEK, words="Tidak dijawab")
    give(case, dlhk, FRIDAY + 7 * WEEK)
    assert counted(FRIDAY + 8 * WEEK) == {"PUPR": {"referred": 1, "late": 1}, "DLHK": {"open_in_time": 1}}


@pytest.mark.django_db
def test_each_part_is_with_an_agency_of_its_own_and_a_dispute_begins_another_time(pupr, dlhk):
    case = factories.file_complaint()
    routing = Routing([pupr, dlhk])
    verification.assign(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, routing=routing)
    part = Complaint.objects.get(parent=case)
    answer(part, FRIDAY + DAY)
    answer(case, FRIDAY + 2 * DAY)
    assert counted(FRIDAY + 3 * DAY) == {"PUPR": {"in_time": 1}, "DLHK": {"in_time": 1}}
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + 3 * DAY, why="Belum")
    both = {"in_time": 1, "open_in_time": 1}
    assert counted(FRIDAY + 4 * DAY) == {"PUPR": both, "DLHK": both}


@pytest.mark.django_db
def test_a_question_stands_still_and_what_was_taken_away_counts_neither_way(pupr, dlhk):
    case = factories.in_progress(agency=pupr)
    officer = factories.officer_of(case)
    verification.ask_citizen(case.pk, actor=officer, now=FRIDAY + DAY, question="Di mana?")
    assert counted(FRIDAY + 9 * WEEK) == {"PUPR": {"standing_still": 1}}
    citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 3 * WEEK, text="Di sana")
    assert counted(FRIDAY + 5 * WEEK) == {"PUPR": {"open_in_time": 1}}
    reassignment.reassign(case.pk, actor=make_user(Role.SUPERVISOR), now=FRIDAY + 5 * WEEK, agency=dlhk)
    assert counted(FRIDAY + 5 * WEEK + DAY) == {"PUPR": {"otherwise": 1}, "DLHK": {"open_in_time": 1}}


@pytest.mark.django_db
def test_a_closed_agency_ends_where_its_successor_begins(pupr, dlhk):
    case = factories.assigned(agency=pupr)
    Agency.objects.filter(pk=pupr.pk).update(is_active=False, successor=dlhk)
    closing.hand_over(case.pk, agency=pupr, successor=dlhk, now=FRIDAY + WEEK + DAY)
    assert counted(FRIDAY + 2 * WEEK) == {"PUPR": {"otherwise": 1}, "DLHK": {"open_in_time": 1}}


@pytest.mark.django_db
def test_an_extension_stands_beside_and_erasing_changes_nothing(pupr):
    case = factories.in_progress(agency=pupr)
    raised = Escalation.objects.create(
        complaint=case, level=1, trigger="breach", cause="x", raised_at=FRIDAY, due_at=FRIDAY + DAY
    )
    ruling = Ruling(Decision.EXTEND, "Menunggu", days=10)
    decide(raised.pk, actor=make_user(Role.AGENCY_HEAD, pupr), now=FRIDAY + HOUR, ruling=ruling)
    answer(case, FRIDAY + 4 * WEEK)
    rows = rows_of_stays(Scope.of(NOVEMBER, None, None, FRIDAY + 5 * WEEK))
    (row,) = by_time_with(rows, FRIDAY + 5 * WEEK)
    assert (row["late"], row["in_time_extended"], row["late_extended"]) == (1, 1, 0)
    citizen.confirm(case.pk, actor=Citizen(case.pk), now=FRIDAY + 4 * WEEK + DAY)
    erase_person(case.pk, by=None, now=FRIDAY + 5 * WEEK, reason="Permintaan")
    assert rows_of_stays(Scope.of(NOVEMBER, None, None, FRIDAY + 5 * WEEK)) == rows


@pytest.mark.django_db
def test_of_imported_history_nobody_knows_since_when_it_was_there(pupr):
    case = factories.resolved(agency=pupr)
    Complaint.objects.filter(pk=case.pk).update(is_live=False)
    assert counted(FRIDAY + DAY) == {"PUPR": {"unknown": 1}}


@pytest.mark.django_db
def test_an_agencys_report_has_what_it_handed_on_but_nothing_about_its_reader(pupr, dlhk):
    head = make_user(Role.AGENCY_HEAD, pupr)
    case, about = factories.assigned(agency=pupr), factories.assigned(agency=pupr)
    for each in (case, about):
        hand_back(each, FRIDAY + DAY)
        give(each, dlhk, FRIDAY + 2 * DAY)
    assert counted(FRIDAY + WEEK, pupr) == {"PUPR": {"handed_on": 2}}
    name_party(about.pk, actor=make_user(Role.SUPERVISOR), now=FRIDAY + 3 * DAY, why="Ia", user=head)
    assert counted(FRIDAY + WEEK, pupr, head) == {"PUPR": {"handed_on": 1}}


def test_another_officer_of_the_same_agency_ends_no_time_of_it():
    given = Step("given", FRIDAY, agency="PUPR")
    again = Step("given", FRIDAY + DAY, agency="PUPR", how=How.STOOD_ASIDE)
    assert stays_of([given, again]) == [Stay("PUPR", FRIDAY)]
    imported = Step("given", FRIDAY, agency="PUPR", how="imported")
    left = Step("left", FRIDAY + DAY, how=How.HANDED_ON)
    assert stays_of([imported, left]) == [Stay("PUPR", None, FRIDAY + DAY, How.HANDED_ON)]


@pytest.mark.django_db
def test_the_database_counts_kept_times_as_the_report_counts_its_rows(pupr, dlhk):
    """All ways in which a time can stand, by the first promise and with more time given."""
    dice, case = Random(5), factories.file_complaint()
    moments = [None, *(FRIDAY + n * DAY for n in range(-3, 4))]
    made = [
        KeptStay(
            complaint=case,
            place=n,
            agency=dice.choice([pupr, dlhk]),
            how=dice.choice(list(How)),
            paused=dice.choice([0, 0, 5000]),
            **{name: dice.choice(moments) for name in ROW[1:] if name not in ("how", "paused")},
        )
        for n in range(600)
    ]
    KeptStay.objects.bulk_create(made)
    rows = [
        ("", "", each.agency.code, each.began_at, each.until_at, each.how, *promises, each.paused, False)
        for each in made
        for promises in [(each.first_due_at, each.promised_at, each.due_at)]
    ]
    theirs = by_time_with(rows, FRIDAY)
    ours = added(stays_counted(KeptStay.objects.all(), FRIDAY))
    assert {agency.code: ours[agency.pk] for agency in (pupr, dlhk)} == {
        row["agency"]: [row[name] for name in STAY_COLUMNS] for row in theirs
    }
    assert all(min(counts) > 0 for counts in ours.values())
    middles = middles_of_times(KeptStay.objects.all())
    for row in theirs:
        assert middles[Agency.objects.get(code=row["agency"]).pk].median() == pytest.approx(
            row["hours_median"]
        )
    assert middles[None].total == sum(middles[agency.pk].total for agency in (pupr, dlhk))


@pytest.mark.django_db
def test_kept_times_follow_the_history_and_a_changed_calendar(pupr, dlhk):
    case = factories.assigned(agency=pupr)
    assert keep_up(FRIDAY)
    kept = stored([case.pk])
    hand_back(case, FRIDAY + DAY)
    give(case, dlhk, FRIDAY + 2 * DAY)
    keep_up(FRIDAY + 2 * DAY)
    assert len(stored([case.pk])[case.pk]) == 2 and not list(differs(FRIDAY + 3 * DAY))
    assert stored([case.pk])[case.pk][0][DUE] == kept[case.pk][0][DUE]
    calendar = OfficeCalendar.objects.get()
    Holiday.objects.create(calendar=calendar, on=(FRIDAY + 4 * DAY).date(), name_id="Libur", name_en="Off")
    keep_up(FRIDAY + 5 * DAY)
    assert stored([case.pk])[case.pk][0][DUE] > kept[case.pk][0][DUE]
    assert built_at() == FRIDAY + 5 * DAY
    keep_up(FRIDAY + 6 * DAY)
    KeptStay.objects.filter(place=0).update(how=How.REFERRED)
    assert list(differs(FRIDAY + 7 * DAY)) == [str(case.pk)]


def read_from_history(cases: list[Complaint]) -> set[int]:
    """Which of them a report reads from their history; of all it says what that says."""
    read, scope = set[int](), Scope.of(Period(date(2026, 9, 1), date(2026, 11, 30)), None, None, FRIDAY)

    def noted(some: list[Complaint]) -> list[OwnTime]:
        read.update(case.pk for case in some)
        return list(own_times(some))

    with patch.object(reading, "own_times", noted):
        found = rows_of_stays(scope)
    with patch("reports.figures.reading.stays.not_kept", lambda keys, _state: keys):
        assert found == rows_of_stays(scope)
    assert read <= {case.pk for case in cases}
    return read


@pytest.mark.django_db
def test_a_report_takes_no_row_of_which_something_was_told_since(pupr, dlhk, monkeypatch):
    cases = [factories.assigned(agency=pupr) for _ in range(3)]
    everyone = {case.pk for case in cases}
    assert read_from_history(cases) == everyone  # nothing is kept yet
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    assert not keep_up(FRIDAY + 2 * HOUR)
    assert read_from_history(cases) == {cases[2].pk}  # of the others all are gone through
    assert keep_up(FRIDAY + 3 * HOUR) and read_from_history(cases) == set()
    hand_back(cases[0], FRIDAY + DAY)
    assert read_from_history(cases) == {cases[0].pk}
    keep_up(FRIDAY + 2 * DAY)
    calendar = OfficeCalendar.objects.get()
    Holiday.objects.create(calendar=calendar, on=(FRIDAY + 4 * DAY).date(), name_id="Libur", name_en="Off")
    assert read_from_history(cases) == everyone
    while not keep_up(FRIDAY + 3 * DAY):
        assert read_from_history(cases) < everyone
    assert read_from_history(cases) == set()


@pytest.mark.django_db
def test_what_is_told_and_kept_while_rows_are_read_is_read_from_the_history(pupr):
    """Inside somebody's transaction each statement sees what others stored meanwhile."""
    case = factories.assigned(agency=pupr)
    keep_up(FRIDAY + HOUR)
    read = columns_of

    def meanwhile(rows: Any, *fields: str) -> list[Any]:
        found = read(rows, *fields)
        if rows.model is KeptStay:
            hand_back(case, FRIDAY + DAY)
            keep_up(FRIDAY + DAY + HOUR)
        return found

    scope = Scope.of(NOVEMBER, None, None, FRIDAY + 2 * DAY)
    with patch.object(reading_stays, "columns_of", meanwhile):
        found = rows_of_stays(scope)
    assert found == rows_of_stays(scope) and found[0][COLUMNS["stays"].index("how")] == How.HANDED_ON


@pytest.mark.django_db
def test_what_is_told_late_by_a_long_piece_of_work_is_seen_all_the_same(pupr):
    """Of two transactions the one with the earlier events may end later: a sweep dates all by its beginning, an import
    by the other system."""
    swept, taken_over = factories.assigned(agency=pupr), factories.assigned(FRIDAY - 9 * WEEK, agency=pupr)
    long_ago = FRIDAY - 9 * WEEK
    store_events(
        [draft_event(taken_over, EventKind.IMPORTED, actor=None, at=long_ago, data={"agency": "PUPR"})]
    )
    keep_up(FRIDAY + HOUR / 2)
    KeptStay.objects.all().delete()
    assert KeptStayState.objects.get().last_event == Event.objects.latest("pk").pk
    assert read_from_history([swept, taken_over]) == {swept.pk, taken_over.pk}
    keep_up(FRIDAY + HOUR)
    assert KeptStay.objects.count() == 2


@pytest.mark.django_db
def test_a_merged_case_is_with_nobody_until_it_goes_on_in_place_of_the_other(pupr):
    lead, other = factories.assigned(agency=pupr), factories.file_complaint()
    verification.merge(other.pk, actor=User.objects.get(role=Role.VERIFIER), now=FRIDAY + DAY, into=lead.pk)
    assert counted(FRIDAY + 2 * DAY) == {"PUPR": {"open_in_time": 1}}
    citizen.withdraw(lead.pk, actor=Citizen(lead.pk), now=FRIDAY + 5 * WEEK)
    assert counted(FRIDAY + 5 * WEEK + DAY) == {"PUPR": {"late": 1, "open_in_time": 1}}


@pytest.mark.django_db
def test_whom_a_case_is_about_has_it_no_longer_and_is_not_judged_by_it(pupr, dlhk):
    case = factories.assigned(agency=pupr)
    name_party(case.pk, actor=make_user(Role.SUPERVISOR), now=FRIDAY + DAY, why="Ia", agency=pupr)
    give(case, dlhk, FRIDAY + 2 * DAY)
    found = counted(FRIDAY + 3 * DAY)
    assert found == {"PUPR": {"otherwise": 1}, "DLHK": {"open_in_time": 1}}
