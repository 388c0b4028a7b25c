"""The calendar file, as calendars of other makers read it (RFC 5545)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from surveys.forums.meetings.calendar_file import CalendarEvent, calendar_file, escape, fold
from surveys.forums.meetings.services import announcing
from tests.meetings.people import BEFORE, DAY, HOUR, STARTS, announced, officer, plan


def lines(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.django_db
def test_a_forum_keeps_its_uid_and_counts_its_changes(client: Client) -> None:
    forum = announced()
    url = reverse("surveys:forum-calendar", args=[forum.code])
    before = lines(client.get(url).content)
    announcing.change(forum.pk, plan(starts_at=STARTS + DAY), actor=officer(), now=BEFORE + HOUR)
    after = lines(client.get(url).content)
    uid = [line for line in before if line.startswith("UID:")]
    assert len(uid) == 1 and uid[0] in after
    assert "SEQUENCE:0" in before and "SEQUENCE:1" in after
    assert "DTSTART;TZID=Asia/Makassar:20261203T120000" in before
    assert "DTSTART;TZID=Asia/Makassar:20261204T120000" in after
    assert "TZOFFSETTO:+0800" in before


@pytest.mark.django_db
def test_a_cancelled_forum_is_taken_out_of_calendars(client: Client) -> None:
    forum = announced()
    announcing.cancel(forum.pk, actor=officer(), now=BEFORE, why="Gedung rusak.")
    found = lines(client.get(reverse("surveys:forum-calendar", args=[forum.code])).content)
    assert {"STATUS:CANCELLED", "METHOD:CANCEL", "SEQUENCE:1"} <= set(found)


def test_no_line_is_longer_than_75_octets_and_no_sign_is_cut_in_two() -> None:
    moment = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
    words = "Naïve – “日本語” " * 20
    event = CalendarEvent("u@x", 0, moment, moment, moment, words, "Aula; lt. 2", "a\nb", "https://x/", False)
    content = calendar_file(event, ZoneInfo("Asia/Makassar"))
    raw = content.split(b"\r\n")
    assert max(map(len, raw)) == 75
    assert f"SUMMARY:{escape(words)}" in lines(content)
    assert "LOCATION:Aula\\; lt. 2" in lines(content)
    assert all(piece.decode() for piece in raw[:-1])


@pytest.mark.parametrize("text", ["", "a", "a" * 75, "a" * 76, "é" * 200])
def test_what_is_folded_is_the_same_unfolded(text: str) -> None:
    assert "\r\n".join(fold(text)).replace("\r\n ", "") == text
