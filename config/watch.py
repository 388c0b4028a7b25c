"""Whether the work behind the site goes on: what `/health/worker/` answers and the administrator's first page says."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.files.object_store import ObjectStore, StoreAway
from complaints.models import Event, Leaf, Message
from config import clocks
from config.backup.making import newest_copy
from escalation.ladder.models import Hold, LadderState
from reports.documents.models import Document, DocumentState

logger = logging.getLogger(__name__)
STORE_ANSWERS, ASKED_EVERY = "file-store-answers", 20  # seconds
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Watched:
    """Something that must not be older than `limit`. `since` is None where there is nothing to wait for."""

    code: str
    label: Promise
    limit: timedelta
    since: datetime | None
    missing: bool = False  # it has never been, and should have

    def age(self, now: datetime) -> timedelta:
        return now - self.since if self.since else timedelta(0)

    def is_late(self, now: datetime) -> bool:
        return self.missing or self.age(now) > self.limit


def watched(now: datetime) -> list[Watched]:
    """All that is watched, in the order to show; a dozen small queries, and where files are in a store one of it."""
    return [
        _last_sweep(),
        _oldest_mail(),
        _oldest_paper(),
        _unsigned(),
        _last_copy(now),
        _clock(now),
        *([_file_store()] if settings.FILES_S3_BUCKET else []),
    ]


def holds() -> Iterator[str]:
    """Why the worker waits for a person."""
    return iter(Hold.objects.order_by("pk").values_list("code", flat=True))


def _last_sweep() -> Watched:
    swept = LadderState.objects.values_list("swept_at", flat=True).first()
    return Watched("last_sweep", _("The last sweep"), 15 * MINUTE, swept, missing=swept is None)


def _oldest_mail() -> Watched:
    waiting = Message.objects.filter(sent_at=None, dropped_at=None).order_by("due_at")
    due = waiting.values_list("due_at", flat=True).first()
    return Watched("oldest_mail", _("The oldest mail that is due"), 30 * MINUTE, due)


def _oldest_paper() -> Watched:
    waiting = Document.objects.filter(state=DocumentState.WAITING).order_by("requested_at")
    asked = waiting.values_list("requested_at", flat=True).first()
    return Watched("oldest_paper", _("The oldest document that was asked for"), 30 * MINUTE, asked)


def _unsigned() -> Watched:
    """Since when an event waits for its head."""
    last = Leaf.objects.order_by("-index").values_list("event_id", flat=True).first()
    events = Event.objects.filter(pk__gt=last or 0).order_by("pk")
    since = events.values_list("at", flat=True).first()
    return Watched("unsigned_history", _("The oldest event without a signed head"), 2 * HOUR, since)


def _last_copy(now: datetime) -> Watched:
    """A city that is on the net must have one; what is dated later than it is now is none."""
    newest = newest_copy(by=now + MINUTE)
    at = newest[1] if newest else None
    return Watched("last_backup", _("The last backup"), 26 * HOUR, at, missing=at is None and settings.HTTPS)


def _clock(now: datetime) -> Watched:
    """The clock of a database on another host: how far it is from this one."""
    database = clocks.database_now()
    apart = abs(now - database) if database else timedelta(0)
    return Watched("clock", _("The clock, against the database's"), MINUTE, now - apart if database else None)


def _file_store() -> Watched:
    """Whether the object store answers; each process asks it once in so many seconds, however many look here."""
    answers = cache.get(STORE_ANSWERS)
    if answers is None:
        try:
            ObjectStore().ask()
        except StoreAway as error:
            logger.error("files cannot be kept or fetched: %s", error)
            answers = False
        else:
            answers = True
        cache.set(STORE_ANSWERS, answers, ASKED_EVERY)
    return Watched("file_store", _("The store for files"), MINUTE, None, missing=not answers)
