"""Which pages read the replica, and which rows there: never what somebody has just done."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import Agency, User
from complaints.models import Category, Complainant, Complaint, Head, OfficeCalendar
from config import replica
from config.replica import ReadsTheReplica, ReplicaRouter
from escalation.ladder.models import EscalationRule
from reports.publication.models import ReportSnapshot

ROUTER = ReplicaRouter()


@pytest.fixture(autouse=True)
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(replica, "is_there", lambda: True)
    yield
    assert ROUTER.db_for_read(Head) is None  # nothing is left of a request


def read_by(path: str, method: str = "GET") -> list[Any]:
    """From where such a request reads a head, a case, an agency."""
    seen: list[Any] = []

    def view(request: Any) -> HttpResponse:
        seen.extend(ROUTER.db_for_read(model) for model in (Head, Complaint, Agency))
        return HttpResponse()

    ReadsTheReplica(view)(RequestFactory().generic(method, path))
    return seen


@pytest.mark.parametrize("path", ["/statistics/", "/ledger/heads.txt", "/commitments/", "/reports/2026-q3/"])
def test_what_is_published_is_read_there(path: str) -> None:
    assert read_by(path) == ["replica", "replica", None]
    assert read_by(path, "POST") == [None, None, None]


MINE = (
    "/complaints/mine/ /complaints/track/ /complaints/new/x/receipt/ /files/x/ /reports/subscribe/confirm/x/"
)
OTHERS = "/ /staff/cases/ /health/ /reports/check/ /accounts/login/ /admin/"


@pytest.mark.parametrize("path", [*MINE.split(), *OTHERS.split()])
def test_what_somebody_has_just_done_is_not(path: str) -> None:
    assert read_by(path) == [None, None, None]


def test_a_page_that_the_replica_takes_back_is_read_from_the_database_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []

    def view(request: Any) -> HttpResponse:
        seen.append(ROUTER.db_for_read(Head))
        if seen[-1] == "replica":
            raise OperationalError("canceling statement due to conflict with recovery")
        return HttpResponse("read")

    closed: list[str] = []
    monkeypatch.setattr(
        replica, "connections", {"replica": SimpleNamespace(close=lambda: closed.append("replica"))}
    )

    def site(request: Any) -> HttpResponse:
        request.resolver_match = SimpleNamespace(func=view, args=(), kwargs={})
        try:
            return view(request)
        except OperationalError as error:  # as Django hands it over
            answer = middleware.process_exception(request, error)
            assert answer is not None
            return answer

    middleware = ReadsTheReplica(site)
    assert middleware(RequestFactory().get("/ledger/")).content == b"read"
    assert (seen, closed) == (["replica", None], ["replica"])
    assert middleware.process_exception(RequestFactory().get("/ledger/"), OperationalError()) is None


@pytest.mark.parametrize("model", [User, Agency, Category, OfficeCalendar, EscalationRule, Complainant])
def test_settings_are_read_from_the_database_itself(model: Any) -> None:
    """Processes keep them, and a filing is counted by them."""
    token = replica._reads_there.set(True)
    try:
        assert ROUTER.db_for_read(model) is None
        assert ROUTER.db_for_read(ReportSnapshot) == "replica"
        assert ROUTER.db_for_write(ReportSnapshot) == "default"
    finally:
        replica._reads_there.reset(token)
    assert not ROUTER.allow_migrate("replica", "complaints")
