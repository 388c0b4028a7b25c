"""A forum is prepared, announced, changed or moved, opened, held, or cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from secrets import choice
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from complaints.clock.city_time import day_of, year_of
from complaints.ledger.entries import write_entry
from complaints.ledger.recording import Recorder, Written, recording
from complaints.models import Complaint, Service
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.meetings.entries import ForumEntry
from surveys.forums.meetings.models.minutes import Minutes, MinutesState
from surveys.forums.meetings.models.record import ForumPolicy, ForumStepKind
from surveys.forums.meetings.services import telling
from surveys.forums.meetings.services.frame import add_step, allowed, move, working_days_later
from surveys.forums.models import Forum, ForumState
from surveys.rights import SurveyAct

# Without signs that are taken for others, read off a wall at ten paces.
SIGNS = "ACDEFGHJKLMNPQRTUVWXY3479"
CODE_LENGTH = 6
STILL_AHEAD = (ForumState.DRAFT, ForumState.ANNOUNCED)
TRIES = 20
REMIND_BEFORE = 2  # working days before the minutes are due


@dataclass(frozen=True)
class Plan:
    """What a forum is about, where and when."""

    title: str
    topic: str
    agency: Agency
    starts_at: datetime
    ends_at: datetime
    agenda: str = ""
    place: str = ""
    seats: int | None = None
    agencies: tuple[Agency, ...] = ()
    services: tuple[Service, ...] = ()
    cases: tuple[int, ...] = ()
    has_meeting: bool = True
    has_thread: bool = True
    thread_until: date | None = None
    moderation: str = Forum.Moderation.AFTER
    columns: tuple[str, ...] = field(
        default=(
            *("title", "topic", "agency", "starts_at", "ends_at", "agenda", "place", "seats"),
            *("has_meeting", "has_thread", "thread_until", "moderation"),
        ),
        repr=False,
    )

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.columns}


@transaction.atomic
def prepare(plan: Plan, *, actor: Actor, now: datetime) -> Forum:
    """A draft, which only the office sees. NotAllowed for an agency outside the actor's line."""
    if not isinstance(actor, User) or not role_may(role_of(actor), SurveyAct.RUN_FORUMS):
        raise NotAllowed(SurveyAct.RUN_FORUMS)
    _check(plan, actor, now)
    forum = _store(plan, actor, now)
    _connect(forum, plan, actor)
    add_step(forum, ForumStepKind.MADE, actor=actor, now=now)
    return forum


def _store(plan: Plan, actor: User, now: datetime) -> Forum:
    stem = f"{slugify(plan.title)[:45].strip('-') or 'forum'}-{year_of(plan.starts_at)}"
    for number in range(1, TRIES + 1):
        code = stem if number == 1 else f"{stem}-{number}"
        if Forum.objects.filter(code=code).exists():
            continue
        try:
            with transaction.atomic():
                return Forum.objects.create(code=code, made_by=actor, changed_at=now, **plan.values)
        except IntegrityError:  # another was quicker
            continue
    raise NotPossible(_("Too many forums have this title. Choose another."))


def _check(plan: Plan, actor: User, now: datetime) -> None:
    if plan.agency.pk not in actor.agency_scope:
        raise NotAllowed(SurveyAct.RUN_FORUMS)
    if plan.ends_at <= plan.starts_at:
        raise NotPossible(_("The end has to lie after the beginning."))
    if day_of(plan.starts_at) != day_of(plan.ends_at) and plan.has_meeting:
        raise NotPossible(_("A meeting begins and ends on one day."))
    if plan.has_meeting and not plan.place:
        raise NotPossible(_("Say where people meet."))
    if not plan.has_meeting and not plan.has_thread:
        raise NotPossible(_("People have to be able to come, or to write online."))
    if Complaint.objects.visible_to(actor).filter(pk__in=plan.cases).count() != len(set(plan.cases)):
        raise Complaint.DoesNotExist


def _connect(forum: Forum, plan: Plan, person: User) -> None:
    """What this person does not reach stays as it is: nobody takes away whom a forum keeps away from it."""
    services = forum.services.exclude(agency__in=person.agency_scope)
    cases = forum.cases.exclude(pk__in=Complaint.objects.visible_to(person).values("pk"))
    forum.agencies.set(plan.agencies)
    forum.services.set([*plan.services, *services])
    forum.cases.set({*plan.cases, *cases.values_list("pk", flat=True)})


def _ties(forum: Forum) -> list[models.Model]:
    """The rows by which it belongs to agencies, services and reports."""
    fields = (Forum.agencies, Forum.services, Forum.cases)
    return [row for each in fields for row in each.through._base_manager.filter(forum=forum)]


def _tie_anew(forum: Forum, plan: Plan, person: User, record: Recorder | None) -> None:
    before = _ties(forum)
    _connect(forum, plan, person)
    if record is not None:
        after = _ties(forum)
        record.gone(*(row for row in before if row not in after))
        record.new(*(row for row in after if row not in before))


@transaction.atomic
def announce(pk: int, *, actor: Actor, now: datetime) -> Forum:
    """From now on everybody reads it, and its minutes are awaited."""
    forum, _person = allowed(pk, actor)
    if forum.starts_at <= now:
        raise NotPossible(_("The beginning has passed. Choose a time that lies ahead."))
    code = "".join(choice(SIGNS) for _place in range(CODE_LENGTH)) if forum.has_meeting else ""
    move(
        forum,
        [ForumState.DRAFT],
        state=ForumState.ANNOUNCED,
        announced_at=now,
        changed_at=now,
        attendance_code=code,
    )
    minutes = [_await_minutes(forum)] if forum.has_meeting else []
    # What was prepared stands on no record: all of it counts from now on.
    counts = [forum, *_ties(forum), *forum.steps.all(), *minutes]
    add_step(forum, ForumStepKind.ANNOUNCED, actor=actor, now=now, new=counts)
    data = {"forum": forum.code, "agency": forum.agency.code, "at": forum.starts_at.isoformat()}
    write_entry(ForumEntry.ANNOUNCED, actor=actor, now=now, data=data)
    telling.send_invitations(forum, now=now)
    return forum


def _await_minutes(forum: Forum) -> Minutes:
    """Says by when minutes are due; again where the meeting has moved."""
    policy = ForumPolicy.on(day_of(forum.starts_at))
    names = ("draft_days", "objection_days", "signing_days", "publishing_days")
    due = working_days_later(forum.agency_id, forum.ends_at, policy.draft_days)
    early = working_days_later(forum.agency_id, forum.ends_at, max(1, policy.draft_days - REMIND_BEFORE))
    values = {
        "policy": {name: getattr(policy, name) for name in names},
        "due_at": due,
        "next_action_at": early,
    }
    if not Minutes.objects.filter(forum=forum, state=MinutesState.DRAFT).update(level=0, **values):
        Minutes.objects.get_or_create(forum=forum, defaults=values)
    row: Minutes = Minutes.objects.get(forum=forum)
    return row


@transaction.atomic
def change(pk: int, plan: Plan, *, actor: Actor, now: datetime) -> Forum:
    """Changes what a draft or an announced forum says. A new time or place is told to whoever registered or was
    invited, and stands in the ledger."""
    forum, person = allowed(pk, actor)
    _check(plan, person, now)
    if plan.agency.pk != forum.agency_id or plan.has_meeting != forum.has_meeting:
        raise NotPossible(_("The agency, and whether people meet, cannot be changed. Prepare another forum."))
    announced = forum.state == ForumState.ANNOUNCED
    if announced and plan.starts_at <= now and plan.starts_at != forum.starts_at:
        raise NotPossible(_("The beginning has passed. Choose a time that lies ahead."))
    taken = forum.registrations.filter(cancelled_at=None).count()
    if plan.seats is not None and plan.seats < taken:
        raise NotPossible(_("More people than that have registered already."))
    before = (forum.starts_at, forum.ends_at, forum.place)
    has_moved = announced and before != (plan.starts_at, plan.ends_at, plan.place)
    move(
        forum,
        [forum.state] if forum.state in STILL_AHEAD else [],
        **plan.values,
        changed_at=now,
        sequence=F("sequence") + (1 if announced else 0),
    )
    changed: list[Written] = [(forum, *plan.values, "changed_at", "sequence")]
    if has_moved and forum.has_meeting:
        changed.append((_await_minutes(forum), "policy", "due_at", "next_action_at", "level"))
    kind = ForumStepKind.MOVED if has_moved else ForumStepKind.CHANGED
    with recording(actor=actor, now=now) as record:
        _tie_anew(forum, plan, person, record if announced else None)
        add_step(forum, kind, actor=actor, now=now, changed=changed, at=forum.starts_at.isoformat())
    if has_moved:
        data = {"forum": forum.code, "at": forum.starts_at.isoformat()}
        write_entry(ForumEntry.MOVED, actor=actor, now=now, data=data)
        telling.tell_of_move(forum, now=now)
    return forum


@transaction.atomic
def begin(pk: int, *, actor: Actor, now: datetime) -> Forum:
    """The doors are open: attendance by the code on the wall is taken from now on."""
    forum, _person = allowed(pk, actor)
    move(forum, [ForumState.ANNOUNCED], state=ForumState.OPEN)
    add_step(forum, ForumStepKind.OPENED, actor=actor, now=now, changed=[(forum, "state")])
    return forum


@transaction.atomic
def close(pk: int, *, actor: Actor, now: datetime) -> Forum:
    """It was held. The time for the minutes runs from its end."""
    forum, _person = allowed(pk, actor)
    if now < forum.starts_at:
        raise NotPossible(_("It has not begun yet."))
    move(forum, [ForumState.ANNOUNCED, ForumState.OPEN], state=ForumState.HELD)
    add_step(forum, ForumStepKind.HELD, actor=actor, now=now, changed=[(forum, "state")])
    data = {"forum": forum.code, "present": forum.attendances.count()}
    write_entry(ForumEntry.HELD, actor=actor, now=now, data=data)
    return forum


@transaction.atomic
def cancel(pk: int, *, actor: Actor, now: datetime, why: str) -> Forum:
    """It does not take place, and everybody reads why. Whoever registered or was invited is told."""
    forum, _person = allowed(pk, actor)
    move(
        forum,
        STILL_AHEAD,
        state=ForumState.CANCELLED,
        cancelled_because=why,
        changed_at=now,
        sequence=F("sequence") + 1,
    )
    changed: list[Written] = [(forum, "state", "cancelled_because", "changed_at", "sequence")]
    for minutes in Minutes.objects.filter(forum=forum):
        move(minutes, MinutesState, state=MinutesState.DROPPED, due_at=None, next_action_at=None)
        changed.append((minutes, "state", "due_at", "next_action_at"))
    add_step(forum, ForumStepKind.CANCELLED, actor=actor, now=now, words=why, changed=changed)
    if forum.announced_at is not None:
        write_entry(ForumEntry.CANCELLED, actor=actor, now=now, data={"forum": forum.code})
        telling.tell_of_cancelling(forum, now=now)
    return forum


def cases_by_number(numbers: Iterable[str], actor: User) -> list[int]:
    """Keys of the actor's cases with these numbers, in their order; Complaint.DoesNotExist for one out of scope."""
    found = dict(
        Complaint.objects.visible_to(actor).filter(number__in=list(numbers)).values_list("number", "pk")
    )
    try:
        return [found[number] for number in numbers]
    except KeyError:
        raise Complaint.DoesNotExist from None
