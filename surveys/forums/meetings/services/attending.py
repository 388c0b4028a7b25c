"""Who is invited, who registers, and who was there."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from complaints.identity import Identity, seal
from complaints.services.change import NotPossible
from surveys.forums.contacts import keep_contact
from surveys.forums.meetings import codes
from surveys.forums.meetings.models.minutes import Minutes, MinutesState
from surveys.forums.meetings.models.people import Attendance, Group, Invitation, Person, Registration
from surveys.forums.meetings.models.record import ForumStepKind
from surveys.forums.meetings.services import telling
from surveys.forums.meetings.services.frame import add_step, allowed
from surveys.forums.models import Forum, ForumState

DOORS_BEFORE, DOORS_AFTER = timedelta(hours=1), timedelta(hours=2)
NOBODY = Identity()
NOT_COMING = (ForumState.DRAFT, ForumState.CANCELLED)
FULL = _("All places are taken.")
NOT_NOW = _("Attendance is taken only while the meeting is on.")
WRONG_CODE = _("This is not the code on the wall of this meeting. Please compare it sign by sign.")


@dataclass(frozen=True)
class Guest:
    """Somebody by group; name and address may be empty."""

    group: Group
    identity: Identity = NOBODY


@transaction.atomic
def invite(pk: int, guests: Iterable[Guest], *, actor: Actor, now: datetime) -> int:
    """Adds people to the list of invitations; mails go out with the announcement, or at once after it. Returns how many
    are new."""
    forum, person = allowed(pk, actor)
    if forum.state not in (ForumState.DRAFT, ForumState.ANNOUNCED):
        raise NotPossible(_("Nobody can be invited any more."))
    added = 0
    for guest in guests:
        sealed = _sealed(guest.identity, now)
        if sealed["contact"] is not None and forum.invitations.filter(contact=sealed["contact"]).exists():
            continue
        Invitation.objects.create(forum=forum, group=guest.group, at=now, invited_by=person, **sealed)
        added += 1
    if added:
        add_step(forum, ForumStepKind.INVITED, actor=actor, now=now, people=added)
        if forum.state == ForumState.ANNOUNCED:
            telling.send_invitations(forum, now=now)
    return added


def register(forum: Forum, guest: Guest, *, now: datetime, secret: str) -> Registration:
    """Somebody says that they come; sent twice (`secret`) or by the same address it is one. NotPossible when all places
    are taken or it is too late."""
    if forum.state != ForumState.ANNOUNCED or now >= forum.starts_at or not forum.has_meeting:
        raise NotPossible(_("Registration is closed."))
    found = Registration.objects.filter(idempotency_key=secret).first()
    if found is not None:
        return found
    with transaction.atomic():
        sealed = _sealed(guest.identity, now)
        known = (
            sealed["contact"]
            and forum.registrations.filter(contact=sealed["contact"], cancelled_at=None).first()
        )
        row: Registration = known or _take_place(forum, guest, sealed, now, secret)
        telling.tell_registered(row, now=now)
    return row


def _take_place(
    forum: Forum, guest: Guest, sealed: dict[str, Any], now: datetime, secret: str
) -> Registration:
    """The lowest number that is free. Of two who take the same, one tries the next."""
    for _try in range(forum.seats or 1):
        place = _free_place(forum)
        code = codes.new_code()
        try:
            with transaction.atomic():
                return Registration.objects.create(
                    forum=forum,
                    group=guest.group,
                    at=now,
                    place=place,
                    nonce=code.nonce,
                    code_digest=code.digest,
                    idempotency_key=secret,
                    **sealed,
                )
        except IntegrityError:
            same = Registration.objects.filter(idempotency_key=secret).first()
            if same is None and sealed["contact"] is not None:  # the same address at the same moment
                same = forum.registrations.filter(contact=sealed["contact"], cancelled_at=None).first()
            if same is not None:
                return same
    raise NotPossible(FULL)


def _free_place(forum: Forum) -> int | None:
    if forum.seats is None:
        return None
    taken = set(forum.registrations.filter(place__isnull=False).values_list("place", flat=True))
    place = next((number for number in range(1, forum.seats + 1) if number not in taken), None)
    if place is None:
        raise NotPossible(FULL)
    return place


def places_left(forum: Forum) -> int | None:
    """None without a limit."""
    if forum.seats is None:
        return None
    return max(0, forum.seats - forum.registrations.filter(place__isnull=False).count())


def call_off(row: Registration, *, now: datetime) -> None:
    """They do not come; their place is free again. A second time changes nothing."""
    if row.forum.state != ForumState.ANNOUNCED:
        raise NotPossible(_("This can no longer be changed."))
    Registration.objects.filter(pk=row.pk, cancelled_at=None).update(cancelled_at=now, place=None)


def doors_are_open(forum: Forum, now: datetime) -> bool:
    """Whether the code on the wall counts: from an hour before the beginning until two hours after the end."""
    on = forum.starts_at - DOORS_BEFORE <= now <= forum.ends_at + DOORS_AFTER
    return on and forum.has_meeting and forum.announced_at is not None and forum.state not in NOT_COMING


def be_there(forum: Forum, typed: str, guest: Guest, *, now: datetime, secret: str) -> Attendance:
    """Somebody who read the code on the wall. NotPossible for another code, before and after the meeting."""
    if not doors_are_open(forum, now):
        raise NotPossible(NOT_NOW)
    if not is_wall_code(forum, typed):
        raise NotPossible(WRONG_CODE)
    _check_list_open(forum)
    with transaction.atomic():
        return _attend(forum, guest, Attendance.How.CODE, now, secret)


def _check_list_open(forum: Forum) -> None:
    """How many were there is part of the text that people object to and sign."""
    if not Minutes.objects.filter(forum=forum, state=MinutesState.DRAFT).exists():
        raise NotPossible(_("The minutes are open to objections: the attendance list is closed."))


def is_wall_code(forum: Forum, typed: str) -> bool:
    """Forgives case, spaces and hyphens."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    return bool(forum.attendance_code) and hmac.compare_digest(signs.encode(), forum.attendance_code.encode())


@transaction.atomic
def type_list(pk: int, guests: Iterable[Guest], *, actor: Actor, now: datetime, secret: str) -> int:
    """The list that went round, a line a person; sent twice it counts once. Returns how many are new."""
    forum, _person = allowed(pk, actor)
    if forum.state in NOT_COMING or now < forum.starts_at - DOORS_BEFORE:
        raise NotPossible(NOT_NOW)
    _check_list_open(forum)
    before = forum.attendances.count()
    for number, guest in enumerate(guests):
        _attend(forum, guest, Attendance.How.LIST, now, f"{secret}-{number}")
    added: int = forum.attendances.count() - before
    if added:
        add_step(forum, ForumStepKind.LIST_TYPED, actor=actor, now=now, people=added)
    return added


def _attend(forum: Forum, guest: Guest, how: Attendance.How, now: datetime, secret: str) -> Attendance:
    sealed = _sealed(guest.identity, now)
    if sealed["contact"] is not None:
        known = forum.attendances.filter(contact=sealed["contact"]).first()
        if known is not None:
            return known
    code = codes.new_code()
    values = {"group": guest.group, "how": how, "at": now, "nonce": code.nonce, "code_digest": code.digest}
    row, _is_new = Attendance.objects.get_or_create(
        idempotency_key=secret, defaults={"forum": forum, **values, **sealed}
    )
    return row


def _sealed(identity: Identity, now: datetime) -> dict[str, Any]:
    """Where name and address stand: with the contact, or a name alone in the row."""
    contact = keep_contact(identity, language=_language(), now=now)
    alone = seal(identity) if contact is None and identity else None
    return {"contact": contact, "sealed": alone}


def _language() -> str:
    return (get_language() or "id")[:2]


@transaction.atomic
def forget(row: Person, *, actor: Actor, now: datetime) -> None:
    """Takes name and address away from one row; that somebody was there stays, by group. The contact itself, of which
    other rows may live, is erased by its own service."""
    forum_id: int = row.forum_id  # type: ignore[attr-defined]
    allowed(forum_id, actor)
    type(row)._default_manager.filter(pk=row.pk).update(contact=None, sealed=None)
