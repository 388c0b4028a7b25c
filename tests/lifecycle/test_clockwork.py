"""Which clock runs when, and what stands on the case because of it."""

from datetime import UTC, date, datetime, time

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.models import Clock, Complaint, Event, Holiday, OfficeCalendar, OpeningHours, ServiceLevel
from complaints.models.policy import Stage
from complaints.services import citizen, handling, system, verification
from tests import factories
from tests.factories import DAY, FRIDAY

pytestmark = pytest.mark.django_db


def closing(day: int, month: int = 11) -> datetime:
    """16:00 in Kupang."""
    return datetime(2026, month, day, 8, 0, tzinfo=UTC)


def running(case: Complaint) -> dict[str, datetime | None]:
    return dict(Clock.objects.filter(complaint=case, stopped_at=None).values_list("stage", "due_at"))


def test_a_new_case_is_to_be_verified_in_three_and_answered_in_fourteen_working_days() -> None:
    case = factories.file_complaint()
    assert running(case) == {"verification": closing(25), "resolution": closing(10, 12)}
    assert (case.due_at, case.target_at) == (closing(25), closing(10, 12))


def test_what_arrives_on_sunday_starts_on_monday() -> None:
    assert factories.file_complaint(FRIDAY + 2 * DAY).due_at == closing(26)


def test_a_question_stops_the_city_s_clocks_and_the_answer_lets_them_go_on_where_they_stood() -> None:
    case = factories.awaiting()
    assert running(case) == {
        "verification": None,
        "resolution": None,
        "citizen_answer": datetime(2026, 12, 20, 15, 59, tzinfo=UTC),
    }
    case = citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 7 * DAY, text="Di pasar")
    # Monday to Thursday are lost; the Friday of the answer ends with the clock running and counts.
    assert running(case) == {"verification": closing(1, 12), "resolution": closing(16, 12)}


def test_handing_back_starts_verification_anew_but_not_the_promise() -> None:
    case = factories.in_progress()
    promised = case.target_at
    case = handling.hand_back(
        case.pk, actor=factories.officer_of(case), now=FRIDAY + 5 * DAY, why="Bukan kami"
    )
    assert running(case) == {"verification": closing(30), "resolution": promised}


def test_an_answer_starts_the_citizen_s_time_and_a_dispute_the_next_cycle() -> None:
    case = factories.resolved()
    assert running(case) == {"confirmation": closing(4, 12)}
    assert case.target_at == closing(10, 12)
    case = citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + 3 * DAY, why="Masih")
    assert running(case) == {"resolution": closing(11, 12)}
    assert (case.cycle, case.ended_at) == (2, None)


def test_an_end_stops_everything() -> None:
    case = factories.awaiting()
    case = citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY)
    assert running(case) == {}
    assert (case.due_at, case.next_action_at, case.next_level) == (None, None, None)
    assert case.target_at is not None  # the promise it would have had is kept for the report


def test_a_later_policy_does_not_touch_a_case_that_is_there() -> None:
    case = factories.file_complaint()
    ServiceLevel.objects.filter(kind="complaint").update(resolution_amount=1)
    verifier = factories.make_user(Role.VERIFIER)
    routing = verification.Routing([factories.make_agency()])
    case = verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=routing)
    assert case.target_at == closing(10, 12)


def test_the_newest_policy_in_force_counts_and_a_category_s_own_before_it() -> None:
    factories.make_city()
    category = factories.make_category()
    level = ServiceLevel.objects.get(kind="complaint")
    level.pk, level.valid_from, level.resolution_amount = None, date(2026, 11, 21), 2
    level.save()
    level.pk, level.category, level.valid_from, level.resolution_amount = None, category, date(2020, 1, 1), 1
    level.save()
    assert factories.file_complaint().target_at == closing(10, 12)
    assert factories.file_complaint(FRIDAY + 3 * DAY).target_at == closing(25)
    assert factories.file_complaint(category=category).target_at == closing(23)


def test_a_new_holiday_moves_open_cases_only_by_a_recorded_act() -> None:
    case = factories.file_complaint()
    Holiday.objects.create(
        calendar=OfficeCalendar.objects.get(), on=date(2026, 11, 24), name_id="Banjir", name_en="Flood"
    )
    case.refresh_from_db()
    assert case.due_at == closing(25)
    assert system.move_deadlines(case.pk, by=None, now=FRIDAY + DAY, reason="Kantor tutup karena banjir") == 2
    case.refresh_from_db()
    assert case.due_at == closing(26)
    event = Event.objects.filter(complaint=case).latest("seq")
    assert event.data["moved"][0] == ["verification", closing(25).isoformat(), closing(26).isoformat()]
    assert event.content.words == {"text": "Kantor tutup karena banjir"}


def test_an_agency_s_own_calendar_counts_for_its_clocks() -> None:
    agency = factories.make_agency("DINKES")
    own = OfficeCalendar.objects.create(name="Puskesmas", agency=agency)
    for weekday in range(7):
        OpeningHours.objects.create(calendar=own, weekday=weekday, opens_at=time(8), closes_at=time(20))
    case = factories.assigned(agency=agency)
    # Five days, Saturday and Sunday among them, until 20:00 in Kupang.
    assert running(case)[Stage.FIRST_RESPONSE] == datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def test_an_oversight_complaint_is_looked_at_by_the_ladder_at_once() -> None:
    assert factories.file_complaint(kind="oversight").next_action_at == FRIDAY
