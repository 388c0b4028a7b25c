"""Limits per address: they stop a flood, let neighbours through, and keep no address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.addresses import client_address
from complaints.models import Complaint
from complaints.public import throttle
from tests.filing.form import PATH, minimal, open_city

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_flood_is_refused_with_the_time_to_wait_and_others_go_on(settings: Settings) -> None:
    open_city()
    settings.SUBMISSIONS_PER_MINUTE = 3
    flood = [Client(REMOTE_ADDR="203.0.113.7").post(PATH, minimal()) for _ in range(5)]
    neighbour = Client(REMOTE_ADDR="198.51.100.1").post(PATH, minimal())
    assert [answer.status_code for answer in flood] == [201, 201, 201, 429, 429]
    assert 1 <= int(flood[-1].headers["Retry-After"]) <= 60
    assert neighbour.status_code == 201
    assert Complaint.objects.count() == 4


def test_a_bucket_fills_up_again_within_a_minute() -> None:
    waits = [throttle.spend("x", "a", 2, now=NOW) for _ in range(3)]
    assert waits[:2] == [0, 0]
    assert waits[2] == 30
    assert throttle.spend("x", "a", 2, now=NOW + timedelta(seconds=30)) == 0
    assert throttle.spend("x", "a", 2, now=NOW + timedelta(seconds=30)) > 0


def test_a_clock_set_back_neither_gives_nor_takes() -> None:
    throttle.spend("x", "a", 2, now=NOW)
    assert throttle.spend("x", "a", 2, now=NOW - timedelta(hours=1)) == 0
    assert throttle.spend("x", "a", 2, now=NOW - timedelta(hours=1)) > 0


def test_what_is_given_back_can_be_spent() -> None:
    throttle.spend("x", "a", 1, now=NOW)
    throttle.give_back("x", "a")
    assert throttle.spend("x", "a", 1, now=NOW) == 0


def test_several_processes_share_the_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    assert [throttle.spend("x", "a", 4, now=NOW) > 0 for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("<script>", "unknown"),
        ("", "unknown"),
    ],
)
def test_addresses_count_by_their_network(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "192.0.2.1"), (1, "198.51.100.9"), (2, "203.0.113.5"), (3, "192.0.2.1")]
)
def test_only_trusted_proxies_are_believed(settings: Settings, proxies: int, address: str) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.5, 198.51.100.9"
    )
    assert client_address(request) == address


def test_tomorrow_nobody_can_be_recognised() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")
    today = throttle.visitor(request, NOW)
    assert today == throttle.visitor(request, NOW)
    assert today != throttle.visitor(request, NOW + timedelta(days=1))
    assert "203" not in today or len(today) == 32
