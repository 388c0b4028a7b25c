"""A copy of the database that PostgreSQL keeps up by itself (REPLICA_URL), for pages that are the same for everybody.

Only what is published is read there, and only on those pages: a citizen's own pages, the desk, the worker and every
setting ask the database itself, so that nobody misses what they have just done
(docs/decisions/0103-several-hosts-one-database.md).
"""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections, models
from django.http import HttpRequest, HttpResponse

from complaints.history.rows import SETTINGS
from complaints.models import Complaint, Event, Head, Leaf, LedgerEntry, Tile

ALIAS = "replica"
PAGES = re.compile(r"/(statistics|commitments|ledger)/|/reports/(?!subscribe/|check/)")
PUBLISHED_APPS = {"reports", "escalation", "surveys"}
PUBLISHED = {Complaint, Event, Head, Leaf, LedgerEntry, Tile}
TRIED_AGAIN = 30  # seconds after which one that did not answer is asked again

logger = logging.getLogger(__name__)
_reads_there: ContextVar[bool] = ContextVar("reads_there", default=False)
_away_until = 0.0


class ReplicaRouter:
    """Reads of published rows on pages for everybody; all else stays with the database itself."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        if not _reads_there.get() or any(table.model is model for table in SETTINGS):
            return None
        return ALIAS if model in PUBLISHED or model._meta.app_label in PUBLISHED_APPS else None

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != ALIAS


class ReadsTheReplica:
    """Where the replica does not answer, the page is read from the database itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not PAGES.match(request.path) or not is_there():
            return self.get_response(request)
        token = _reads_there.set(True)
        try:
            return self.get_response(request)
        finally:
            _reads_there.reset(token)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A replica takes back what it was asked when it has to catch up, and may go in the middle of a page: then the
        page, which only reads, is made once more from the database itself."""
        if (
            not isinstance(exception, DatabaseError)
            or not _reads_there.get()
            or request.resolver_match is None
        ):
            return None
        _reads_there.set(False)
        connections[ALIAS].close()
        view = request.resolver_match
        try:
            return view.func(request, *view.args, **view.kwargs)  # type: ignore[no-any-return]
        except DatabaseError:
            return None


def is_there() -> bool:
    """Whether there is a replica that takes connections."""
    global _away_until
    if ALIAS not in settings.DATABASES or monotonic() < _away_until:
        return False
    try:
        connections[ALIAS].ensure_connection()
    except DatabaseError:
        logger.warning("the replica does not answer: its pages are read from the database itself")
        _away_until = monotonic() + TRIED_AGAIN
        return False
    return True
