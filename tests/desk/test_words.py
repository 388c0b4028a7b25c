"""Time in words: how long there still is, and why."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from complaints.choices import agencies
from complaints.clock import words
from complaints.clock.calendars import calendars
from complaints.clock.kept import Kept
from complaints.clock.working_calendar import DayOff, WorkingCalendar
from complaints.desk.additions import NAVIGATION
from complaints.desk.forms.actions import AssignForm
from complaints.desk.replies import fill
from complaints.desk.routing import suggest
from complaints.identity import Identity
from complaints.models import Area, Clock, Complaint, Holiday, OfficeCalendar, Pause, StandardReply
from tests.factories import (
    DAY,
    FRIDAY,
    HOUR,
    file_complaint,
    in_progress,
    make_agency,
    make_category,
    make_city,
    make_user,
    officer_of,
)

OFFICE = ((time(7, 30), time(12)), (time(13), time(16)))
CITY = WorkingCalendar(
    tz=ZoneInfo("Asia/Makassar"),
    hours=dict.fromkeys(range(5), OFFICE),
    days_off={
        datetime(2026, 12, 25, tzinfo=UTC).date(): DayOff("Hari Raya Natal", "Christmas Day", "national")
    },
)
CLOSING = FRIDAY.replace(hour=8)  # 16:00 in Kupang


pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize(
    ("due_at", "now", "level", "expected"),
    [
        (CLOSING, FRIDAY, "soon", "4 working hours left"),  # 11:00 to 16:00 with an hour's break
        (CLOSING, CLOSING - timedelta(minutes=59), "soon", "less than an hour left"),
        (CLOSING + 3 * DAY, FRIDAY, "soon", "1 working day left"),
        (CLOSING + 3 * DAY, FRIDAY + 2 * DAY, "soon", "1 working day left"),  # on Sunday, due Monday
        (CLOSING + 4 * DAY, FRIDAY, "calm", "2 working days left"),
        (CLOSING, CLOSING, "soon", "less than an hour left"),
        (CLOSING, CLOSING + timedelta(seconds=1), "overdue", "less than a working day late"),
        (CLOSING, FRIDAY + 2 * DAY, "overdue", "less than a working day late"),  # nobody worked since
        (CLOSING, FRIDAY + 3 * DAY, "overdue", "1 working day late"),
        (CLOSING, FRIDAY + 35 * DAY, "overdue", "24 working days late"),  # Christmas is no working day
        (CLOSING, CLOSING + 366 * DAY, "overdue", "259 working days late"),
        (CLOSING, CLOSING + 366 * DAY + timedelta(seconds=1), "overdue", "more than a year late"),
    ],
)
def test_how_long_there_still_is(due_at, now, level, expected):
    assert words.time_left(due_at, CITY, now) == words.Remaining(level, expected)


@pytest.mark.parametrize(
    ("case", "level", "expected"),
    [
        (
            {"state": "awaiting_citizen", "due_at": FRIDAY + 12 * DAY},
            "paused",
            "paused: the citizen has 12 days to answer",
        ),
        ({"state": "awaiting_citizen", "due_at": FRIDAY - DAY}, "paused", "paused: waiting for the citizen"),
        ({"state": "submitted", "due_at": None}, "calm", "no deadline"),
        ({"state": "referred", "check_at": FRIDAY}, "calm", "looked at again on Fri 20 Nov 2026"),
        (
            {"state": "referred", "check_at": FRIDAY + 30 * DAY, "ended_at": FRIDAY, "outside_asked": 1},
            "soon",
            "without an answer since Fri 20 Nov 2026",
        ),
        ({"state": "referred", "outside_asked": 1, "outside_answer": "yes"}, "calm", "answered outside"),
    ],
)
def test_what_a_row_says(case, level, expected):
    empty = {"due_at": None, "target_at": None, "ended_at": None}
    left = words.remaining(Complaint(**(empty | case)), CITY, FRIDAY, {})
    assert left.level == level
    assert expected in left.words


@pytest.mark.parametrize(
    ("case", "kept", "level", "expected"),
    [
        ({"state": "resolved"}, Kept.ON_TIME, "done", "answered in time"),
        ({"state": "resolved"}, Kept.NO_TARGET, "done", "answered"),
        (
            {"state": "closed", "target_at": FRIDAY - 4 * DAY},
            Kept.LATE,
            "overdue",
            "answered 4 working days late",
        ),
        # within an extension, or in the round after a late one: the last target alone would say "in time"
        ({"state": "closed"}, Kept.LATE, "overdue", "answered, a promise missed"),
        ({"state": "rejected"}, Kept.LATE, "overdue", "over, a promise missed"),
        ({"state": "rejected"}, Kept.REJECTED, "calm", "over"),  # stopping is not meeting
        ({"state": "merged"}, Kept.MERGED, "calm", "over"),
    ],
)
def test_what_a_finished_case_says_is_what_the_reports_count(case, kept, level, expected):
    fields = {"pk": 1, "target_at": FRIDAY, "ended_at": FRIDAY} | case
    assert words.remaining(Complaint(**fields), CITY, FRIDAY, {1: kept}) == words.Remaining(level, expected)


def clock(unit="working_days", amount=3, start=FRIDAY, **fields):
    empty = {"stage": "resolution", "stopped_at": None, "due_at": None}
    if fields.get("stopped_at"):
        empty["stopped_by"] = "done"
    return Clock(amount=amount, unit=unit, started_at=start, **(empty | fields))


def told(lines):
    return [(line.dates, line.words, line.counted) for line in lines]


def test_the_explanation_names_what_counted_and_what_did_not():
    start = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)  # Thursday before Christmas
    due = datetime(2026, 12, 30, 8, 0, tzinfo=UTC)
    lines = words.explanation(clock(start=start, due_at=due), [], CITY, start + HOUR)
    assert told(lines) == [
        ("Thu 24 Dec 2026", "Day of arrival, not counted", ""),
        ("Fri 25 Dec 2026", "Day off: Christmas Day", ""),
        ("Sat 26 – Sun 27 Dec 2026", "No office day", ""),
        ("Mon 28 – Wed 30 Dec 2026", "The clock ran", "3 days"),
    ]


def test_the_explanation_tells_a_pause_and_lateness():
    pause = Pause(started_at=FRIDAY + 3 * DAY, ended_at=FRIDAY + 5 * DAY)
    due = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    lines = words.explanation(clock(due_at=due), [pause], CITY, FRIDAY + 10 * DAY)
    kinds = [line.kind for line in lines]
    assert "paused" in kinds
    assert kinds[-1] == "overdue"


def test_hours_are_told_in_hours():
    lines = words.explanation(clock("working_hours", 2, due_at=FRIDAY + 3 * HOUR), [], CITY, FRIDAY)
    assert sum("h" in line.counted for line in lines) == 2  # before and after the noon break


@pytest.mark.parametrize(
    ("fields", "level", "expected"),
    [
        ({"due_at": CLOSING, "stopped_at": CLOSING}, "done", "met"),
        ({"due_at": CLOSING, "stopped_at": CLOSING + 3 * DAY}, "overdue", "missed: 1 working day late"),
        (
            {"due_at": CLOSING + 9 * DAY, "promised_at": CLOSING, "stopped_at": CLOSING + 3 * DAY},
            "overdue",
            "within the time given, first promise missed: 1 working day late",
        ),
        (
            {"stage": "first_response", "due_at": CLOSING, "stopped_at": FRIDAY, "stopped_by": "reassigned"},
            "done",
            "not needed: Taken away by decision",
        ),
        (
            {
                "stage": "first_response",
                "due_at": CLOSING,
                "stopped_at": CLOSING + 3 * DAY,
                "stopped_by": "withdrawn",
            },
            "overdue",
            "missed: 1 working day late",
        ),
        ({"due_at": None}, "paused", "stands still"),
        ({"stage": "confirmation", "due_at": CLOSING, "stopped_at": CLOSING + DAY}, "done", "ended"),
    ],
)
def test_how_a_stage_went(fields, level, expected):
    assert words.verdict(clock(**fields), CITY, FRIDAY) == words.Remaining(level, expected)


def test_date_ranges_say_once_what_both_share():
    day = FRIDAY.date()
    assert words.date_range(day, day) == "Fri 20 Nov 2026"
    assert words.date_range(day, day + 2 * DAY) == "Fri 20 – Sun 22 Nov 2026"
    assert words.date_range(day, day + 12 * DAY) == "Fri 20 Nov – Wed 2 Dec 2026"


# Replies and routing


@pytest.mark.django_db
def test_what_is_put_into_a_reply_is_not_looked_at_again():
    case = in_progress(subject="{citizen} {number}")
    reply = StandardReply(use="resolve", text_id="{subject}", text_en="{subject}")
    text = fill(reply, case, identity=Identity("Ani"), known=calendars(), now=FRIDAY)
    assert text == "{citizen} {number}"


@pytest.mark.django_db
def test_a_reply_is_in_the_citizens_language_not_the_officers():
    case = in_progress(language="id")
    reply = StandardReply(use="resolve", text_id="Selesai {due_date}", text_en="Done {due_date}")
    assert fill(reply, case, identity=Identity(), known=calendars(), now=FRIDAY) == "Selesai 4 Desember 2026"


@pytest.mark.django_db
def test_the_agency_of_the_category_is_suggested_first_then_those_whose_words_occur():
    roads = make_agency("PUPR")
    make_agency("DINKES", keywords=["puskesmas", "nyamuk"])
    make_agency("PDAM", keywords=["air"])
    make_agency("LUAR", keywords=["air"], is_external=True)
    case = file_complaint(
        category=make_category(agency=roads), subject="Puskesmas tutup", description="Banyak nyamuk. Hairan."
    )
    assert [each.row.code for each in suggest(case)] == ["PUPR", "DINKES"]


@pytest.mark.django_db
def test_each_suggestion_says_what_led_to_it():
    officer_of(in_progress(agency=make_agency("PUPR", keywords=["lubang", "jalan rusak", "aspal"])))
    lights = make_agency("PRKP")
    category = make_category(agency=lights, keywords=["lampu*"])
    case = file_complaint(
        category=category, subject="Jalan sudah rusak", description="Banyak lubang; lampunya mati."
    )
    assert [(each.row.code, each.because) for each in suggest(case)] == [
        ("PRKP", "the category, lampu"),
        ("PUPR", "jalan rusak, lubang"),
    ]
    form = AssignForm(case=case, actor=make_user(Role.VERIFIER))
    agency: Any = form.fields["agency"]
    _blank, (_suggested, offered), _all = agency.choices
    assert agency.help_text == "Suggested because of: PRKP (the category, lampu); PUPR (jalan rusak, lubang)"
    assert offered[1] == ("PUPR", "Dinas PUPR (because: jalan rusak, lubang)")


@pytest.mark.django_db
def test_the_office_of_a_district_is_suggested_for_its_own_district_only():
    district = Area.objects.create(code="53.71.04", level="district", name="Kelapa Lima")
    ward = Area.objects.create(code="53.71.04.1001", level="ward", name="Oesapa", parent=district)
    make_agency("53.71.04", keywords=["surat keterangan"])
    make_agency("53.71.05", keywords=["surat keterangan"])
    other = Area.objects.create(code="53.71.05", level="district", name="Oebobo")
    subject = "Surat keterangan domisili belum jadi"
    assert [each.row.code for each in suggest(file_complaint(area=ward, subject=subject))] == ["53.71.04"]
    assert [each.row.code for each in suggest(file_complaint(area=other, subject=subject))] == ["53.71.05"]
    assert suggest(file_complaint(subject=subject)) == []


@pytest.mark.django_db
def test_an_oversight_complaint_is_suggested_to_the_inspectorate_only():
    make_agency("PUPR", keywords=["pungutan"])
    make_agency("ITKO", is_oversight=True)
    case = file_complaint(kind="oversight", subject="Pungutan liar")
    assert [each.row.code for each in suggest(case)] == ["ITKO"]
    assert {row.code for row in agencies()} == {"PUPR", "ITKO"}


@pytest.mark.django_db
def test_an_agencys_own_calendar_counts_for_its_cases(client):
    city = make_city()
    case = in_progress()
    own = OfficeCalendar.objects.create(name="PUPR", agency=case.agency)
    for part in city.hours.all():
        own.hours.create(weekday=part.weekday, opens_at=part.opens_at, closes_at=part.closes_at)
    Holiday.objects.create(calendar=own, on=FRIDAY.date() + 3 * DAY, name_id="Libur sendiri")
    day = FRIDAY.date() + 3 * DAY
    assert not calendars().of(case.agency_id).is_working_day(day)
    assert calendars().of(None).is_working_day(day)


# The navigation


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "counts"), [("/", 0), ("/staff/cases/", 1)])
def test_only_desk_pages_count_the_queues(client, path, counts):
    make_city()
    client.force_login(make_user(Role.VERIFIER))
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert sum("AS counted" in query["sql"] for query in captured) == counts


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.CLERK, ["Type in", "Open", "Overdue", "All cases"]),
        (Role.VERIFIER, ["To verify", "Overdue", "All cases"]),
        (Role.OFFICER, ["My agency", "Mine", "Overdue", "All cases"]),
        (Role.AGENCY_HEAD, ["My agency", "Overdue", "All cases"]),
        (Role.SUPERVISOR, ["Open", "Overdue", "All cases"]),
    ],
)
def test_the_navigation_fits_the_role(client, role, labels):
    make_city()
    client.force_login(make_user(role))
    above = {str(entry.label) for entry in NAVIGATION}
    shown = [item["label"] for item in client.get("/staff/cases/").context["desk_nav"]]
    assert [label for label in shown if label not in above] == labels
