"""The minutes: written, open to objections, answered, published. Signing stands in signing.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Citizen
from accounts.models import Agency, User
from complaints.ledger.entries import write_entry
from complaints.ledger.recording import Written
from complaints.models import Service
from complaints.services.change import NotPossible
from surveys.forums.inputs.services.gathering import NewFinding, make_finding
from surveys.forums.meetings.entries import ForumEntry
from surveys.forums.meetings.messages import ForumMessage
from surveys.forums.meetings.models.minutes import (
    Agreement,
    Minutes,
    MinutesState,
    MinutesVersion,
    Objection,
)
from surveys.forums.meetings.models.people import Attendance
from surveys.forums.meetings.models.record import ForumStepKind
from surveys.forums.meetings.services import telling
from surveys.forums.meetings.services.frame import QUICKER, add_step, allowed, move, working_days_later
from surveys.forums.meetings.text import changed_since_signing, digest_of, words_digest
from surveys.forums.models import Finding, Forum, ForumState

WRITABLE = (MinutesState.DRAFT, MinutesState.OBJECTIONS)
NOT_WRITTEN = _("The minutes are not written yet.")
CHANGED = _("The text is not what was signed. Ask a supervisor before anything is published.")
OVER = _("The time for objections is over.")


@dataclass(frozen=True)
class Agreed:
    """One agreement, by whom it is to be kept."""

    title: str
    agency: Agency
    service: Service | None = None


@dataclass(frozen=True)
class Draft:
    """What an officer has written. `seen`: the number of the text that they wrote on, 0 for none."""

    summary: str
    agreements: Sequence[Agreed]
    changes: str = ""
    seen: int = 0


def minutes_of(forum: Forum) -> Minutes:
    row: Minutes = Minutes.objects.select_related("forum__agency").get(forum=forum)
    return row


@transaction.atomic
def write(pk: int, draft: Draft, *, actor: Actor, now: datetime) -> MinutesVersion:
    """The next version of the text. NotPossible before the meeting was held, once a side has signed, and where somebody
    else has written meanwhile; after it was opened to objections only with words on what is different."""
    forum, person = allowed(pk, actor)
    if forum.state != ForumState.HELD:
        raise NotPossible(_("Close the meeting as held first."))
    minutes = minutes_of(forum)
    _touch(minutes)
    _check_writable(minutes)
    latest = minutes.latest
    number = latest.number if latest else 0
    if number != draft.seen:
        raise NotPossible(_("Somebody else has written meanwhile. Read their text first."))
    if minutes.state == MinutesState.OBJECTIONS and not draft.changes.strip():
        raise NotPossible(_("Say what is different: those who were there have read the text before."))
    version = _store(minutes, draft, number + 1, person, now)
    new = [version, *version.agreements.all()]
    add_step(forum, ForumStepKind.DRAFTED, actor=actor, now=now, new=new, version=version.number)
    if minutes.state == MinutesState.OBJECTIONS:
        _open_to_objections(minutes, version, actor, now)
    return version


def _check_writable(minutes: Minutes) -> None:
    if minutes.state not in WRITABLE or minutes.signatures.exists():
        raise NotPossible(_("A side has signed: the text cannot be changed any more."))


def _touch(minutes: Minutes) -> None:
    """The conditional update, before anything is looked at, that lets one of a signature, a text and an objection go
    first."""
    move(minutes, [minutes.state], level=minutes.level)


def _store(minutes: Minutes, draft: Draft, number: int, person: User, now: datetime) -> MinutesVersion:
    try:
        with transaction.atomic():
            version = MinutesVersion.objects.create(
                minutes=minutes,
                number=number,
                summary=draft.summary,
                changes=draft.changes,
                at=now,
                by=person,
            )
    except IntegrityError:
        raise NotPossible(QUICKER) from None
    Agreement.objects.bulk_create(
        Agreement(version=version, position=place, title=each.title, agency=each.agency, service=each.service)
        for place, each in enumerate(draft.agreements, start=1)
    )
    return version


@transaction.atomic
def circulate(pk: int, *, actor: Actor, now: datetime) -> Minutes:
    """Opens the text to objections by those who were there, and tells those who left an address. A text that is written
    after that has the whole time for objections again: nobody signs what those who were there have not read."""
    forum, _person = allowed(pk, actor)
    minutes = minutes_of(forum)
    _touch(minutes)
    version = minutes.latest
    if version is None:
        raise NotPossible(NOT_WRITTEN)
    if minutes.state != MinutesState.DRAFT:
        raise NotPossible(QUICKER)
    _open_to_objections(minutes, version, actor, now)
    return minutes


def _open_to_objections(minutes: Minutes, version: MinutesVersion, actor: Actor, now: datetime) -> None:
    """The level stays where a text is open already: whoever writes anew is not early by that."""
    forum = minutes.forum
    until = working_days_later(forum.agency_id, now, minutes.policy["objection_days"])
    due = working_days_later(forum.agency_id, until, minutes.policy["signing_days"])
    values = {
        "state": MinutesState.OBJECTIONS,
        "objections_until": until,
        "due_at": due,
        "next_action_at": until,
        "level": minutes.level if minutes.state == MinutesState.OBJECTIONS else 0,
    }
    move(minutes, [minutes.state], **values)
    written: list[Written] = [(minutes, *values)]
    add_step(forum, ForumStepKind.CIRCULATED, actor=actor, now=now, changed=written, version=version.number)
    data = {"forum": forum.code, "version": version.number, "digest": digest_of(minutes, version)}
    write_entry(ForumEntry.CIRCULATED, actor=actor, now=now, data=data | {"at": until.isoformat()})
    telling.tell_present(forum, ForumMessage.MINUTES, now=now, cause=f"minutes{version.number}")


def object_to(
    attendance: Attendance, text: str, *, pseudonym: str = "", now: datetime, secret: str
) -> Objection:
    """Somebody who was there objects; sent twice it is one. NotPossible after the time for it."""
    found = Objection.objects.filter(idempotency_key=secret).first()
    if found is not None:
        return found
    with transaction.atomic():
        minutes = minutes_of(attendance.forum)
        _touch(minutes)
        if not minutes.is_open_to_objections or minutes.objections_until is None:
            raise NotPossible(OVER)
        if now > minutes.objections_until:
            raise NotPossible(OVER)
        salt = token_hex(16)
        row = Objection.objects.create(
            minutes=minutes,
            attendance=attendance,
            pseudonym=pseudonym,
            text=text,
            salt=salt,
            digest=words_digest(salt, text),
            at=now,
            idempotency_key=secret,
        )
        by = Citizen(0)
        add_step(attendance.forum, ForumStepKind.OBJECTED, actor=by, now=now, new=[row], objection=row.pk)
    return row


@transaction.atomic
def answer_objection(pk: int, objection: int, *, actor: Actor, now: datetime, answer: str) -> Objection:
    """The office's answer, once; it stands in the minutes. Objection.DoesNotExist for one of another forum."""
    forum, person = allowed(pk, actor)
    minutes = minutes_of(forum)
    row = Objection.objects.get(pk=objection, minutes=minutes)
    _touch(minutes)
    if not minutes.is_open_to_objections:
        raise NotPossible(_("A side has signed: the text cannot be changed any more."))
    open_ones = Objection.objects.filter(pk=row.pk, answered_at=None)
    if not open_ones.update(answer=answer, answered_at=now, answered_by=person):
        raise NotPossible(QUICKER)
    row.refresh_from_db()
    written: list[Written] = [(row, "answer", "answered_at", "answered_by")]
    kind = ForumStepKind.OBJECTION_ANSWERED
    add_step(forum, kind, actor=actor, now=now, changed=written, objection=row.pk)
    write_entry(
        ForumEntry.ANSWERED, actor=actor, now=now, data={"forum": forum.code, "objection": row.digest[:16]}
    )
    telling.ask_to_sign(minutes, now=now)
    return row


@transaction.atomic
def erase_objection(pk: int, objection: int, *, actor: Actor, now: datetime) -> None:
    """Takes the words of an objection out, at the wish of whoever wrote them; its digest and the answer stay, so that
    what was signed is still what it was."""
    forum, _person = allowed(pk, actor)
    row = Objection.objects.get(pk=objection, minutes__forum=forum)
    Objection.objects.filter(pk=row.pk).update(text="", salt="", pseudonym="", attendance=None)


@transaction.atomic
def publish(pk: int, *, actor: Actor, now: datetime) -> Minutes:
    """Everybody reads them. Each agreement becomes a finding, which can become a promise."""
    forum, _person = allowed(pk, actor)
    minutes = minutes_of(forum)
    if changed_since_signing(minutes):
        raise NotPossible(CHANGED)
    version = minutes.latest
    if version is None:
        raise NotPossible(NOT_WRITTEN)
    values: dict[str, Any] = {"published_at": now, "due_at": None, "next_action_at": None, "level": 0}
    move(minutes, [MinutesState.SIGNED], state=MinutesState.PUBLISHED, **values)
    written: list[Written] = [(minutes, "state", *values)]
    found = []
    for each in version.agreements.select_related("agency", "service"):
        found.append(_finding(forum, each, now))
        Agreement.objects.filter(pk=each.pk).update(finding=found[-1])
        written.append((each, "finding"))
    kind = ForumStepKind.PUBLISHED
    add_step(forum, kind, actor=actor, now=now, new=found, changed=written, version=version.number)
    data = {"forum": forum.code, "version": version.number, "digest": digest_of(minutes, version)}
    write_entry(ForumEntry.PUBLISHED, actor=actor, now=now, data=data)
    telling.tell_present(forum, ForumMessage.PUBLISHED, now=now, cause="published")
    return minutes


def _finding(forum: Forum, agreed: Agreement, now: datetime) -> Finding:
    new = NewFinding(agreed.title, agreed.agency, forum=forum, service=agreed.service)
    return make_finding(new, now=now, idempotency_key=f"agreement-{agreed.pk}")
