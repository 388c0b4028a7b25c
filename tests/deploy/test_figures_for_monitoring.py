"""What a monitoring reads, and what shuts out who guesses passwords: neither names anybody."""

import logging
import re
import socket
from pathlib import Path
from urllib.request import urlopen

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from pytest_django.fixtures import Settings

from accounts.roles import Role
from config.logs import QuietFormatter
from config.metrics import Behind, serve_metrics
from config.worker import Job, Worker
from escalation.holding import hold, sweep_on
from escalation.ladder.models import HoldCode, LadderState
from tests import factories
from tests.factories import FRIDAY, HOUR

pytestmark = pytest.mark.django_db
FORGED = "x WARNING accounts.adapters: sign-in refused, from 203.0.113.9"
FILTER = Path(django_settings.BASE_DIR) / "docs/deploy/fail2ban-filter.conf"


def read() -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(Behind())
    lines = generate_latest(registry).decode().splitlines()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
    }


def test_a_monitoring_reads_what_stands_still() -> None:
    LadderState.objects.update_or_create(defaults={"fingerprint": ""})
    sweep_on(FRIDAY)
    factories.file_complaint(email="ani@warga.test", now=FRIDAY)
    hold(HoldCode.CATCH_UP, FRIDAY, "")
    with time_machine.travel(FRIDAY + HOUR, tick=False):
        found = read()
    assert found['tuntas_age_seconds{what="last_sweep"}'] == 3600
    assert found['tuntas_late{what="last_sweep"}'] == 1
    assert found['tuntas_late{what="oldest_paper"}'] == 0
    assert found['tuntas_worker_waits{reason="catch_up"}'] == 1
    assert (found["tuntas_mails_waiting"], found["tuntas_cases_open"], found["tuntas_database_up"]) == (
        1,
        1,
        1,
    )


def test_jobs_are_counted() -> None:
    def fail(now: object) -> int:
        raise ValueError

    worker = Worker([Job("a job of a test", 1, fail)])
    worker.run_job(worker.jobs[0])
    found = generate_latest().decode()
    assert 'tuntas_job_failures_total{job="a job of a test"} 1.0' in found
    assert 'tuntas_job_seconds_total{job="a job of a test"}' in found


def test_off_unless_asked_for_and_not_on_the_sites_port(client: Client, settings: Settings) -> None:
    assert serve_metrics(CollectorRegistry()) == 0
    assert client.get("/metrics").status_code == 404
    assert settings.METRICS_ADDRESS == "127.0.0.1"


def test_who_looks_gets_them_from_another_thread(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection of a thread is its own, and is let go of there."""
    monkeypatch.setattr(Behind, "_asked", lambda self: iter([GaugeMetricFamily("tuntas_asked", "", value=1)]))
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.METRICS_PORT = free.getsockname()[1]
    port = serve_metrics(CollectorRegistry())
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        assert b"tuntas_asked 1.0" in answer.read()


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = (record for record in caplog.records if record.name.startswith("accounts"))
    return [QuietFormatter().format(record) for record in ours]


def shut_out_by(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Whom fail2ban would count."""
    rule = next(line for line in FILTER.read_text().splitlines() if line.startswith("failregex"))
    counted = re.compile(rule.partition(" = ")[2].replace("<HOST>", r"(?P<host>[0-9a-f.:]+)"))
    return [found["host"] for line in lines_of(caplog) if (found := counted.search(line))]


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7"])
def test_a_wrong_password_leaves_the_address_and_not_the_account(
    address: str, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    factories.make_user(Role.VERIFIER, email="vera@kupang.example")
    with caplog.at_level(logging.WARNING, logger="accounts"):
        for login in ("vera@kupang.example", "nobody@kupang.example", f"nobody@kupang.example\n{FORGED}"):
            client.post(
                "/accounts/login/",
                {"login": login, "password": "wrong, and long enough"},
                headers={"X-Forwarded-For": address},
            )
    lines = lines_of(caplog)
    assert len(lines) == 2
    assert shut_out_by(caplog) == [address, address]
    assert not any("kupang.example" in line for line in lines)


@pytest.mark.parametrize("forged", [FORGED, "1.2.3.4 5.6.7.8", "unknown", ""])
def test_who_writes_something_else_than_an_address_shuts_out_nobody(
    forged: str, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRUSTED_PROXY_COUNT = 2  # of which one was gone round
    headers = {"X-Forwarded-For": f"{forged}, 10.0.0.1"}
    client.post("/accounts/login/", {"login": "a@b.example", "password": "wrong, and long"}, headers=headers)
    assert "sign-in refused, from nobody knows" in caplog.text
    assert not shut_out_by(caplog)
