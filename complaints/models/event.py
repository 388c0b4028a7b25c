"""The one history: append-only events, chained by hash within their case.

Codes and data are stored, sentences are made when shown. What people wrote stands in EventContent:
erasing that row (words and salt) leaves the chain whole, since the chain holds a salted digest only.
Database triggers refuse UPDATE and DELETE on the events (migration 0002).
"""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring as quote
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.database.quick_json import Spelled, encoder_of
from complaints.models.complaint import Complaint


class EventKind(models.TextChoices):
    """What can happen to a case. An app above adds kinds of its own (history/kinds.py)."""

    SUBMITTED = "submitted", _("Received")
    IMPORTED = "imported", _("Taken over from another system")
    IMPORT_UPDATED = "import_updated", _("Brought up to date with the other system")
    QUESTION_ASKED = "question_asked", _("Question to the citizen")
    QUESTION_PASSED_ON = "question_passed_on", _("Question put through the whole")
    QUESTION_STANDS = "question_stands", _("Question still to be answered")
    QUESTION_DROPPED = "question_dropped", _("Question needs no answer any more")
    ANSWERED = "answered", _("Citizen answered")
    LAPSED = "lapsed", _("Lapsed without an answer")
    REJECTED = "rejected", _("Rejected")
    MERGED = "merged", _("Merged with another case")
    MERGE_RECEIVED = "merge_received", _("Another case was merged into this one")
    MERGE_LEFT = "merge_left", _("A case that was merged into this one was withdrawn")
    ASSIGNED = "assigned", _("Assigned")
    HANDED_BACK = "handed_back", _("Handed back")
    ACCEPTED = "accepted", _("Accepted")
    HANDED_ON = "handed_to_colleague", _("Handed to a colleague")
    PROGRESS_TOLD = "progress_told", _("Word on how far it is")
    RESOLVED = "resolved", _("Answered")
    CONFIRMED = "confirmed", _("Confirmed by the citizen")
    DISPUTED = "disputed", _("Disputed by the citizen")
    AUTO_CLOSED = "auto_closed", _("Closed without a reply from the citizen")
    REFERRED = "referred", _("Referred to another body")
    WITHDRAWN = "withdrawn", _("Withdrawn by the citizen")
    REFERRAL_CHECKED = "referral_checked", _("Asked whether the other body has answered")
    OUTSIDE_ANSWERED = "outside_answered", _("Answered by the other body")
    TOLD_OF_OMBUDSMAN = "told_of_ombudsman", _("Told that they may go to the ombudsman")
    BROUGHT_BACK = "brought_back", _("Back with the city: the other body did not answer")
    NOTE_ADDED = "note_added", _("Internal note")
    FILES_ADDED = "files_added", _("Files added")
    CORRECTED = "corrected", _("Put right as what it is")
    FILE_CHECKED = "file_checked", _("A file that waited was made safe, or could not be")
    FILES_MARKED = "files_marked", _("Files marked that show a person or papers")
    RATED = "rated", _("Rated")
    WARNED = "warned", _("Reminder: due soon")
    BREACHED = "breached", _("Target missed")
    DEADLINES_MOVED = "deadlines_moved", _("Deadlines moved")
    IDENTITY_OPENED = "identity_opened", _("Protected identity opened")
    WORDS_ERASED = "words_erased", _("Personal words erased")
    RECORDED = "recorded", _("State of the report put on record")
    REASSIGNED = "reassigned", _("Taken away and given to another agency")
    PARTY_NAMED = "party_named", _("Reported party named")
    PARTY_CLEARED = "party_cleared", _("No longer a reported party")
    WENT_ON = "went_on", _("Goes on in place of the case it was merged into")


class AppendOnly(Exception):
    """Somebody tried to change or delete an event."""


_encode = encoder_of(DjangoJSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def canonical(data: Any) -> bytes:
    """One spelling of JSON, so that equal data has equal hashes."""
    return _encode(data).encode()


def spelled(data: Any) -> Spelled:
    """The same as a text, which an event that is stored in bulk keeps: it is spelled once."""
    return Spelled(_encode(data))


@lru_cache(maxsize=1024)
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def content_digest(salt: str, words: dict[str, Any]) -> str:
    return sha256(b"content\0" + salt.encode() + b"\0" + canonical(words)).hexdigest()


def event_body(event: Any, number: str) -> dict[str, Any]:
    """The event's place in the chain and all it says; `number` is the case's. Spelled by `canonical`, this is
    the event's leaf in the tree (docs/ledger.md)."""
    return {
        "case": number,
        "seq": event.seq,
        "kind": str(event.kind),
        "at": _moment(event.at),
        "actor": event.actor_id,
        "role": str(event.role),
        "data": event.data,
        "content": event.content_digest,
        "prev": event.prev_hash,
    }


def event_hash(event: Any, number: str) -> str:
    """SHA-256 over the body, as RFC 6962 hashes a leaf."""
    spelled = leaf(
        number,
        event.seq,
        str(event.kind),
        _moment(event.at),
        event.actor_id,
        str(event.role),
        event.data if type(event.data) is Spelled else _encode(event.data),
        event.content_digest,
        event.prev_hash,
    )
    return sha256(b"\0" + spelled).hexdigest()


def leaf(
    number: str,
    seq: int,
    kind: str,
    at: str,
    actor: int | None,
    role: str,
    data: str,
    content: str,
    prev: str,
) -> bytes:
    """The canonical body; `data` is its canonical JSON already."""
    who = "null" if actor is None else actor
    return (
        f'{{"actor":{who},"at":"{at}","case":{quote(number)},"content":{quote(content)},"data":{data},'
        f'"kind":{quote(kind)},"prev":{quote(prev)},"role":{quote(role)},"seq":{seq}}}'
    ).encode()


class Event(models.Model):
    """One fact about one case."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    content_digest = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["complaint", "seq"], name="event_seq_once")]
        # Every supervisor sees these few among all events.
        indexes = [
            models.Index(fields=["at", "id"], condition=Q(kind="identity_opened"), name="event_identity")
        ]

    @property
    def said(self) -> dict[str, Any]:
        """The data but for what it records of the rows (history/rows.py)."""
        return {name: value for name, value in self.data.items() if name != "rows"}

    def compute_hash(self, number: str) -> str:
        return event_hash(self, number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("events are never deleted")


class EventContent(models.Model):
    """What somebody wrote, with the salt that ties it to its event."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="content")
    salt = models.CharField(max_length=32)
    words = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event content")
        verbose_name_plural = _("event contents")
