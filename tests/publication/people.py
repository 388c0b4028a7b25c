"""A city with a quarter behind it, and the people who prepare, read and publish its report."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import User
from accounts.roles import Role, Seat
from reports.figures.periods import Period
from reports.publication import counting, printing
from reports.publication.models import Report
from reports.publication.services import publishing, reviewing
from tests import factories
from tests.factories import make_user

DAY = timedelta(days=1)
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
IN_QUARTER = datetime(2026, 8, 12, 2, tzinfo=UTC)
# Thursday, 1 October 2026, 09:00 in Kupang: the first working day after the quarter.
FIRST_DAY = datetime(2026, 10, 1, 1, tzinfo=UTC)


@dataclass
class Office:
    verifier: User
    second: User  # verifier
    sari: User  # supervisor without a seat
    rudi: User  # supervisor of the inspectorate
    lena: User  # ombudsman
    head: User


def make_office() -> Office:
    for _case in range(12):
        factories.file_complaint(IN_QUARTER)
    return Office(
        verifier=make_user(Role.VERIFIER),
        second=make_user(Role.VERIFIER, name="Wati"),
        sari=make_user(Role.SUPERVISOR, name="Sari"),
        rudi=make_user(Role.SUPERVISOR, name="Rudi", seat=Seat.INSPECTORATE),
        lena=make_user(Role.SUPERVISOR, name="Lena", seat=Seat.OMBUDSMAN),
        head=make_user(Role.AGENCY_HEAD, name="Hana"),
    )


def draft(now: datetime = FIRST_DAY) -> Report:
    """Begun by itself and counted."""
    counting.begin_due(now)
    report: Report = Report.objects.filter(kind="quarter").latest("pk")
    while Report.objects.to_count(now).exists():
        assert counting.count_waiting(now)
    report.refresh_from_db()
    return report


def reviewed(office: Office, now: datetime = FIRST_DAY + 5 * DAY) -> Report:
    report = draft()
    return reviewing.review(report.pk, actor=office.second, now=now, seen=1)


def published(office: Office, now: datetime = FIRST_DAY + 8 * DAY) -> Report:
    report = reviewed(office)
    return publishing.publish(report.pk, actor=office.sari, now=now)


def print_all(now: datetime) -> None:
    while printing.print_reports(now):
        pass


@pytest.fixture
def quick_print(monkeypatch: pytest.MonkeyPatch) -> None:
    print_quickly(monkeypatch)


def print_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF takes seconds; that it is printed from the snapshot alone is tried in tests/reports."""

    def pdf(snapshot: object, *, language: str, **rest: object) -> bytes:
        return f"%PDF-{snapshot.digest}-{language}-{sorted(rest)}".encode()  # type: ignore[attr-defined]

    monkeypatch.setattr(printing, "report_pdf", pdf)
