"""The frame of every change to a case: scope, right, transition, event, outbox, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from accounts.actors import Actor
from accounts.models import User
from complaints.clock.deadlines import Clockwork, moves_told, office_moment
from complaints.database.kept_statements import rows_of
from complaints.history.events import Drafted, draft_event, draft_row, give_hashes, store_events
from complaints.history.rows import CASE, Rows, together, with_rows
from complaints.mail.drafting import draft_message, draft_message_row, store_messages
from complaints.models import Complaint, Event, EventKind, Message, Reader, Stopped
from complaints.models.complaint import Conflict
from complaints.permissions import Right, may
from complaints.roster import in_place_of
from complaints.states import ACTIVE, OPEN, PAUSED, Verb

NOT_NOW = _("This cannot be done in the state that the case is in now.")
REASON_NEEDED = _("Give a reason.")
HISTORY_STAYS = _("This case is history taken over from another system. It is kept as it was.")


class NotAllowed(Exception):
    """In scope, but this person may not do this (403)."""


class NotPossible(Exception):
    """The case is in a state, or lacks something, in which this cannot be done now (409).

    `reason` is said to whoever tried, in their language: `NotPossible(_("Give a reason."))`. A reason that is given
    in two places, or that something tells from the others, is a constant.
    """

    def __init__(self, reason: Promise) -> None:
        if not isinstance(reason, Promise):
            raise TypeError("the reason is a lazy translation")
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


@dataclass
class Change:
    """One change in the making. Services move the state and say what happened; leaving the frame stores it."""

    case: Complaint
    actor: Actor
    now: datetime
    clockwork: Clockwork
    drafted: list[Drafted] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    rows: Rows = field(
        default_factory=dict
    )  # of other tables than case and clocks: what the last event records
    # Changes of parts that end with the whole, stored with it.
    endings: list["Change"] = field(default_factory=list)
    # What can be done only once this is stored, in the same transaction.
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    # Keys of merged cases whose citizens are not told: those that go on without this one hang on it only until this
    # is stored.
    gone_on: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Hosts' clocks differ, and of two people the quicker may have begun later: a case's time only goes on."""
        last = rows_of("last event", (self.case.pk, self.case.stored_version), (0, 1_000_000), _event)
        self.now = max([self.now, *(event.at for event in last)])
        self._before = CASE.snapshot(self.case)
        # As the case was found: what is done may name another.
        self._owner = (self.case.handler_id, self.case.agency_id)

    @property
    def changed_hands(self) -> bool:
        """Whether somebody who worked on it does so no longer."""
        handler, _agency = self._owner
        return handler is not None and self._owner != (self.case.handler_id, self.case.agency_id)

    @cached_property
    def _in_place_of(self) -> int | None:
        actor = self.actor
        return in_place_of(actor, *self._owner, self.now) if isinstance(actor, User) else None

    def move(self, verb: Verb) -> None:
        """Runs the transition; NotPossible when the state does not allow it."""
        transition_method = getattr(self.case, verb.value)
        if not can_proceed(transition_method):
            raise NotPossible(NOT_NOW)
        transition_method()

    def event(
        self, kind: str, data: dict[str, Any] | None = None, words: dict[str, Any] | None = None
    ) -> None:
        kept = {key: value for key, value in (words or {}).items() if value}
        if self._in_place_of is not None:
            data = (data or {}) | {"in_place_of": self._in_place_of}
        self.drafted.append(
            draft_event(self.case, kind, actor=self.actor, at=self.now, data=data, words=kept)
        )

    def record_rows(self) -> None:
        """Lets the last event say what this change makes of the case's row and clocks; where nothing was said, one of
        its own. Called when all is done, before anything is stored."""
        columns = CASE.changed(self.case, self._before)
        rows = together(self.rows, {"case": [columns] if columns else []}, self.clockwork.rows())
        if not rows:
            return
        last = self._last_event()
        if last is None:
            self.event(EventKind.RECORDED)
            last = self._last_event()
        last.data = with_rows(last.data, rows)
        self._chain()

    def _last_event(self) -> Any:
        return self.drafted[-1].event if self.drafted else None

    def _chain(self) -> None:
        last = self._last_event()
        last.hash = self.case.last_event_hash = last.compute_hash(self.case.number)

    def active_parts(self) -> list[Complaint]:
        """The parts of a shared case on which somebody still works."""
        return list(self.case.children.filter(state__in=sorted(ACTIVE)))

    def tell_citizen(self, template: str, data: dict[str, Any] | None = None) -> None:
        """A mail to the citizen; an anonymous one has left no address, a part of a shared case has none."""
        if not self.case.is_anonymous and self.case.parent_id is None:
            self._tell(template, None, self.now, data)

    def followers(self) -> list[Complaint]:
        """The cases merged into this one, the oldest first."""
        return rows_of("merged into", self.case.pk, 0, _merged_into)

    def tell_merged(self, template: str, data: dict[str, Any] | None = None) -> None:
        """A mail to each citizen whose case was merged into this one and who follows it since."""
        for joined in self.followers():
            if not joined.is_anonymous and joined.pk not in self.gone_on:
                self._tell(template, None, self.now, data, about=joined)

    def tell_staff(
        self,
        users: list[User],
        template: str,
        data: dict[str, Any] | None = None,
        at: datetime | None = None,
    ) -> None:
        """A line to these people, whatever they are to the case when it leaves."""
        for user in users:
            self._tell(template, user, at or self.now, data)

    def tell(
        self,
        reader: Reader,
        template: str,
        data: dict[str, Any] | None = None,
        at: datetime | None = None,
    ) -> None:
        """A line to whoever is the `reader` of the case when it leaves. Nobody is looked for now."""
        self._draft(template, self.case, at or self.now, data, reader=reader)

    def tell_not_missed(self) -> None:
        """Where whoever works on the case was told that a day was missed, which has moved into the future since;
        whom the ladder told, it tells itself."""
        moved = [clock for clock in self.clockwork.clocks if clock.stage in self.clockwork.taken_back]
        told = Message.objects.filter(complaint=self.case, template=Message.Template.BREACH)
        if not moved or not told.exists():
            return
        due = moved[-1].due_at
        data = {"stage": moved[-1].stage, "due": due.isoformat() if due else None}
        at = office_moment(self.clockwork.calendar_row(), self.now)
        self.tell(Reader.WORKERS, Message.Template.NOT_MISSED, data, at=at)

    def _tell(
        self, template: str, user: User | None, at: datetime, data: Any, about: Complaint | None = None
    ) -> None:
        self._draft(template, about or self.case, at, data, user=user)

    def _draft(self, template: str, about: Complaint, at: datetime, data: Any, **to: Any) -> None:
        cause = self._cause(about)
        self.messages.append(draft_message(template, case=about, cause=cause, due_at=at, data=data, **to))

    def _cause(self, about: Complaint) -> str:
        """The event told of. A merged citizen hears of one main case after another: whose event it is belongs to it."""
        version = str(self.case.version)
        return version if about is self.case else f"{self.case.number}.{version}"


@dataclass
class BulkChange(Change):
    """One of thousands of changes that a sweep makes in memory as the system. `event_rows` and `message_rows`
    are plain rows, which the sweep stores in bulk; the words of the verbs are the same as everywhere."""

    parts: list[Complaint] = field(default_factory=list)
    merged: list[Complaint] | None = None  # asked for with the rest; None: not yet
    event_rows: list[Any] = field(default_factory=list)
    message_rows: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The sweep has asked for all its cases at once."""
        self._before = CASE.snapshot(self.case)

    def move(self, verb: Verb) -> None:
        if not may(self.actor, verb, self.case):
            raise NotAllowed(verb)
        super().move(verb)

    def event(
        self, kind: str, data: dict[str, Any] | None = None, words: dict[str, Any] | None = None
    ) -> None:
        assert not words, "what people say is stored one by one"
        self.event_rows.append(draft_row(self.case, kind, at=self.now, data=data or {}))

    def record_rows(self) -> None:
        super().record_rows()
        give_hashes(self.case, self.event_rows)

    def _last_event(self) -> Any:
        return self.event_rows[-1] if self.event_rows else None

    def _chain(self) -> None:
        """All at once, when all is said."""

    def active_parts(self) -> list[Complaint]:
        return self.parts

    def followers(self) -> list[Complaint]:
        return super().followers() if self.merged is None else self.merged

    def _draft(self, template: str, about: Complaint, at: datetime, data: Any, **to: Any) -> None:
        cause = self._cause(about)
        self.message_rows.append(
            draft_message_row(template, case=about, cause=cause, due_at=at, data=data, **to)
        )


def _event(place: tuple[int, int]) -> QuerySet[Event]:
    case, seq = place
    return Event.objects.filter(complaint=case, seq=seq).only("at")


def _merged_into(case: int) -> QuerySet[Complaint]:
    return Complaint.objects.filter(merged_into=case).order_by("received_at", "pk")


def locked(actor: Actor, pk: int) -> Complaint:
    """The case in the actor's scope, its row held until the end of the transaction. Raises DoesNotExist.

    Held without its key: who writes a row that names the case, such as a mail to its lead, need not wait, and so
    two that work on parts of one whole do not wait for each other.
    """
    cases = Complaint.objects.visible_to(actor)
    if connection.features.has_select_for_update:
        cases = cases.select_for_update(of=("self",), no_key=True)
    case: Complaint = cases.get(pk=pk)
    return case


def hold_whole(pk: int, *, asked: bool = False) -> None:
    """Of a part of a shared case: the row of the whole, before its own. Who changes the whole takes them in this order,
    so nobody waits for somebody who waits for them. `asked`: only if its citizen is asked, perhaps through the part."""
    if connection.features.has_select_for_update:
        whole = Complaint.objects.visible_to(None).filter(children=pk)
        whole = whole.filter(state__in=sorted(PAUSED)) if asked else whole
        list(whole.select_for_update(of=("self",), no_key=True).values_list("pk"))


@contextmanager
def changing(
    pk: int, actor: Actor, right: Right, *, now: datetime, version: int | None = None
) -> Iterator[Change]:
    """Opens a change of case `pk` by `actor`.

    Raises Complaint.DoesNotExist out of scope, NotAllowed without the right, Conflict when `version`
    (what the person saw) is no longer the case's. Nothing is written unless the block ends well.
    """
    with transaction.atomic():
        hold_whole(pk, asked=True)
        case = locked(actor, pk)
        if not may(actor, right, case):
            raise NotAllowed(right)
        if not case.is_live and isinstance(right, Verb):
            raise NotPossible(HISTORY_STAYS)
        if version is not None and version != case.version:
            raise Conflict(case.number)
        change = Change(case, actor, now, Clockwork.load(case))
        yield change
        finish(change)


def finish(change: Change) -> list[Event]:
    """Settles the clocks and stores case, events and mails, and what ends or moves with the case.

    The next sweep looks at every case that was changed and still waits for an answer: the ladder's rules say
    when it has to come again, and nothing down here knows them.
    """
    case = change.case
    change.tell_not_missed()
    case.watch_at = change.now if case.is_live and case.state in ACTIVE else None
    change.clockwork.settle()
    if case.is_live and case.state in OPEN and case.next_level is None:
        case.next_level = 1
    change.record_rows()
    case.save()
    change.clockwork.store()
    events = store_events(change.drafted)
    for do in change.afterwards:
        do()
    store_messages(change.messages)
    for other in change.endings:
        finish(other)
    for part in _parts_that_follow(change):
        finish(part)
    for whole in _whole_that_waits_in_vain(change):
        finish(whole)
    return events


def part_that_asks(whole: Complaint) -> str:
    """The number of the part through which its citizen is asked; "": they are not, or the question is its own."""
    if whole.state not in PAUSED:
        return ""
    asked = whole.events.filter(kind=EventKind.QUESTION_ASKED).order_by("-seq")
    data = asked.values_list("data", flat=True).first() or {}
    return str(data.get("part", ""))


def let_question_stand(change: Change) -> None:
    """A whole that is given to others stays asked: the question is that of whoever works on the part."""
    came_from = change.case.state
    change.move(Verb.ASK_FOR_PART)
    change.case.returns_to = came_from
    change.event(EventKind.QUESTION_STANDS)


def _whole_that_waits_in_vain(change: Change) -> list[Change]:
    """A question falls with the part through which it was asked, once that is over or out of the asker's hands."""
    part = change.case
    if part.parent_id is None or (part.state in ACTIVE and not change.changed_hands):
        return []
    whole = locked(None, part.parent_id)
    if part_that_asks(whole) != part.number:
        return []
    dropping = Change(whole, None, change.now, Clockwork.load(whole))
    dropping.move(Verb.ANSWER)
    whole.returns_to = ""
    dropping.clockwork.resume(dropping.now, Stopped.WITHDRAWN)
    dropping.event(EventKind.QUESTION_DROPPED, {"part": part.number})
    return [dropping]


def _parts_that_follow(change: Change) -> list[Change]:
    """The open parts of a shared case whose lead's promise or pauses just moved; each says so itself."""
    lead = change.case
    if lead.parent_id is not None or lead.state not in OPEN or not change.clockwork.moved_promise():
        return []
    following = []
    for part in lead.children.filter(state__in=sorted(OPEN)).order_by("pk"):
        moving = Change(part, None, change.now, Clockwork.load(part))
        moved = moving.clockwork.follow(change.clockwork, moving.now)
        if moved:
            told = moves_told(moving.clockwork, moved) | {"with": lead.number, "by": None}
            moving.event(EventKind.DEADLINES_MOVED, told)
            following.append(moving)
    return following
