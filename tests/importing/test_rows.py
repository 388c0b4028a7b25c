"""What becomes of days without time, of dates nobody can read, of half positions, and of words that mean nothing."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from complaints.importing.moments import parse_moment
from complaints.importing.reading import Record
from complaints.importing.rows import BadRow, read_row
from tests.factories import FRIDAY
from tests.importing.files import GOOD, HEADINGS, mapping

WITA = ZoneInfo("Asia/Makassar")


def row(changed=None, **changes):
    cells = dict(zip(HEADINGS.split(","), GOOD.split(","), strict=True)) | (changed or {})
    with translation.override("en"):
        return read_row(Record(2, cells), mapping(**changes), FRIDAY)


def test_a_day_without_time_is_its_end_for_what_was_promised_and_its_beginning_for_what_came_in():
    found = row({"opened": "2026-01-05", "due": "2026-01-20", "closed": "2026-01-05"})
    assert found.received_at == datetime(2026, 1, 4, 16, tzinfo=UTC)
    assert found.target_at == datetime(2026, 1, 20, 15, 59, 59, tzinfo=UTC)
    assert found.received_at <= found.ended_at == datetime(2026, 1, 5, 15, 59, 59, tzinfo=UTC)


def test_what_ended_on_the_day_of_its_receipt_did_not_end_before_it():
    found = row({"opened": "2026-01-05 17:30", "closed": "2026-01-05"})
    assert found.ended_at > found.received_at and found.remarks == ()


def test_a_midnight_before_the_receipt_of_that_day_is_the_day():
    found = row({"opened": "2026-01-05 17:30", "closed": "2026-01-05 00:00:00"})
    assert found.ended_at == datetime(2026, 1, 5, 15, 59, 59, tzinfo=UTC) and found.remarks == ()
    assert row({"opened": "2026-01-05 17:30", "closed": "2026-01-05 00:01"}).ended_at is None
    assert row({"opened": "2026-01-06 17:30", "closed": "2026-01-05 00:00"}).ended_at is None
    later = row({"opened": "2026-01-05 17:30", "closed": "2026-01-06 00:00"}).ended_at
    assert later == datetime(2026, 1, 5, 16, tzinfo=UTC)  # a moment like any other


def test_an_end_today_lies_not_in_the_future():
    assert row({"closed": FRIDAY.astimezone(WITA).date().isoformat()}).ended_at == FRIDAY


@pytest.mark.parametrize(
    ("changed", "unknown", "told"),
    [
        ({"due": "soon"}, "target_at", "soon"),
        ({"closed": "?"}, "ended_at", "?"),
        ({"closed": "2026-01-04 08:00"}, "ended_at", "ended before"),
        ({"closed": "2027-01-04 08:00"}, "ended_at", "future"),
        ({"status": "open"}, "ended_at", "still open"),
    ],
)
def test_a_target_or_end_that_makes_no_sense_is_unknown_and_said(changed, unknown, told):
    found = row(changed)
    assert getattr(found, unknown) is None
    assert len(found.remarks) == 1 and told in found.remarks[0]


def test_a_state_that_cannot_be_taken_over_is_said():
    found = row({"status": "open", "office": "", "closed": ""})
    assert found.state == "submitted"
    assert "waits for verification" in found.remarks[0]


@pytest.mark.parametrize("opened", ["someday", "", "2099-01-01"])
def test_without_a_day_of_receipt_it_is_no_case(opened):
    with pytest.raises(BadRow):
        row({"opened": opened})


def test_half_a_position_is_none():
    columns = mapping().columns
    named = {name: list(headings) for name, headings in columns.items() if name not in ("location", "area")}
    both = named | {"latitude": "where", "longitude": "via"}
    assert (lambda r: (r.latitude, r.longitude))(row({"where": "-10,17", "via": "123.6"}, columns=both)) == (
        -10.17,
        123.6,
    )
    for where, via in [("-10.17", ""), ("", "123.6"), ("-10.17", "999")]:
        found = row({"where": where, "via": via}, columns=both)
        assert (found.latitude, found.longitude) == (None, None)


def test_words_that_mean_nothing_and_signs_nobody_sees_are_left_out():
    found = row(
        {"due": " Tidak  Ada ", "where": "-", "title": "Ja\0lan\u202e rusak"}, empty=["-", "tidak ada"]
    )
    assert (found.target_at, found.location, found.subject) == (None, "", "Jalan rusak")
    assert found.remarks == ()


def test_each_column_may_have_a_zone_of_its_own():
    found = row({"closed": "2026-01-10 08:00"}, time_zones={"ended_at": "UTC"})
    assert found.ended_at == datetime(2026, 1, 10, 8, tzinfo=UTC)
    assert found.received_at == datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment", "whole_day"),
    [
        ("Senin, 5 Januari 2026", datetime(2026, 1, 4, 16, tzinfo=UTC), True),
        ("Jum'at, 9 Jan 2026", datetime(2026, 1, 8, 16, tzinfo=UTC), True),
        ("Sep 9 2026", datetime(2026, 9, 8, 16, tzinfo=UTC), True),
        ("5 Januari 2026 pukul 13:30 WIB", datetime(2026, 1, 5, 6, 30, tzinfo=UTC), False),
        ("5 Januari 2026 13:30 WIT", datetime(2026, 1, 5, 4, 30, tzinfo=UTC), False),
        ("46027", datetime(2026, 1, 4, 16, tzinfo=UTC), True),
        ("46027,5", datetime(2026, 1, 5, 4, tzinfo=UTC), False),
        ("46027 0.25", datetime(2026, 1, 4, 22, tzinfo=UTC), False),
    ],
)
def test_dates_as_offices_write_them(text, moment, whole_day):
    formats = ("iso", "%d %b %Y", "%b %d %Y", "%d %b %Y %H:%M", "serial")
    assert parse_moment(text, formats, WITA) == (moment, whole_day)


def test_an_hour_that_the_clocks_show_twice_ends_after_it_began():
    """1 November 2020, 5:50 and 6:10 UTC, on the walls of New York."""
    changed = {"opened": "2020-11-01 01:50", "closed": "2020-11-01 01:10"}
    found = row(changed, time_zone="America/New_York")
    assert (found.ended_at - found.received_at).total_seconds() == 20 * 60 and found.remarks == ()
    assert row(changed).ended_at is None  # there it is forty minutes too early


@pytest.mark.parametrize("written", ["EN", "English", "en-US"])
def test_a_language_is_known_however_it_is_written(written):
    columns = {"id": "no", "received_at": "opened", "subject": "title", "language": "via"}
    found = row({"via": written}, columns=columns, constants={"state": "submitted"})
    assert found.language == "en"
