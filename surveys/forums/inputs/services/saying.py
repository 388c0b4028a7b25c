"""How an input begins: said in a meeting, sent in, typed in from a slip or a call. One form or key, one input."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Citizen, role_of
from accounts.models import Agency, User
from complaints.clock.arithmetic import Target, Unit, due_at
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, year_of
from complaints.database.keys import reserve_ids
from complaints.identity import Identity
from complaints.ledger.recording import recording
from complaints.models import Service
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.contacts import keep_contact
from surveys.forums.inputs.entries import InputEntry
from surveys.forums.inputs.models import ANSWER_DAYS, REMIND_DAYS, InputTerm
from surveys.forums.inputs.services.telling import ask_to_confirm, tell_received
from surveys.forums.models import Contact, Forum, ForumInput, ForumState, InputState, InputWords
from surveys.rights import SurveyAct

PREFIX = "MSK"
SEGMENT = 8  # signs of the path for each step down
DEEPEST = 8  # replies below stand beside the last
LONGEST_TEXT = 4000
Source, Visibility = ForumInput.Source, ForumInput.Visibility
PUBLIC_SOURCES = frozenset({Source.THREAD, Source.BEFORE})
NEEDS = {
    Source.MEETING: SurveyAct.RUN_FORUMS,
    Source.BOX: SurveyAct.ENTER_INPUT,
    Source.CALL: SurveyAct.ENTER_INPUT,
}
THREAD_CLOSED = _("This discussion is closed.")
BEGUN = _("Questions were taken until the meeting began.")


@dataclass(frozen=True)
class Said:
    """What somebody said, already validated by a form. Without an agency it is the forum's, else nobody's yet."""

    text: str
    source: str
    forum: Forum | None = None
    parent: ForumInput | None = None
    agency: Agency | None = None
    service: Service | None = None
    pseudonym: str = ""
    identity: Identity = field(default_factory=Identity)
    in_own_name: bool = False
    language: str = "id"
    at: datetime | None = None  # when it was said, where that was earlier


def say(said: Said, *, actor: Actor, now: datetime, idempotency_key: str = "") -> ForumInput:
    """Stores an input once: the same key again gives the row that is there and changes nothing.

    `actor` is None for a citizen's own form (a thread, or beforehand), else whoever wrote it down. NotAllowed for
    others, NotPossible in a thread that is closed.
    """
    _check(said, actor, now)
    key = idempotency_key or token_hex(16)
    if found := _earlier(key):
        return found
    try:
        with transaction.atomic():
            return _create(said, actor, now, key)
    except IntegrityError:
        found = _earlier(key)
        if found is None:
            raise
        return found


def _earlier(key: str) -> ForumInput | None:
    found: ForumInput | None = ForumInput.objects.filter(idempotency_key=key).first()
    return found


def _check(said: Said, actor: Actor, now: datetime) -> None:
    if said.source in PUBLIC_SOURCES and actor is None:
        if said.source == Source.THREAD and not is_thread_open(said.forum, now):
            raise NotPossible(THREAD_CLOSED)
        if said.source == Source.BEFORE and (said.forum is None or not asks_beforehand(said.forum, now)):
            raise NotPossible(BEGUN)
    elif said.source in PUBLIC_SOURCES or not isinstance(actor, User):
        raise NotAllowed(SurveyAct.ENTER_INPUT)
    else:
        right = NEEDS[Source(said.source)]
        if not role_may(role_of(actor), right):
            raise NotAllowed(right)
    if said.parent is not None and said.parent.forum_id != (said.forum.pk if said.forum else None):
        raise ForumInput.DoesNotExist


def takes_support(row: ForumInput, now: datetime) -> bool:
    """While its discussion is open; a question sent in beforehand until the meeting begins, in any case."""
    forum = row.forum
    if forum is not None and row.source == Source.BEFORE and asks_beforehand(forum, now):
        return True
    return is_thread_open(forum, now)


def asks_beforehand(forum: Forum, now: datetime) -> bool:
    """Whether questions are taken before the meeting."""
    return forum.state == ForumState.ANNOUNCED and now < forum.starts_at


def is_thread_open(forum: Forum | None, now: datetime) -> bool:
    """Whether everybody may write there now."""
    if forum is None or not forum.has_thread or forum.state in (ForumState.DRAFT, ForumState.CANCELLED):
        return False
    return forum.thread_until is None or day_of(now) <= forum.thread_until


def _create(said: Said, actor: Actor, now: datetime, key: str) -> ForumInput:
    by_staff = isinstance(actor, User)
    contact = keep_contact(said.identity, language=said.language, now=now, is_vouched=by_staff)
    (pk,) = reserve_ids(1, ForumInput)
    row = ForumInput(
        pk=pk,
        number=number_of(pk, now),
        forum=said.forum,
        parent=said.parent,
        source=said.source,
        agency=_agency_of(said),
        service=said.service,
        contact=contact,
        pseudonym=said.pseudonym,
        in_own_name=said.in_own_name and contact is not None,
        at=said.at or now,
        entered_by=actor if isinstance(actor, User) else None,
        visibility=_first_visibility(said, by_staff),
        idempotency_key=key,
    )
    place_in_thread(row, said.parent)
    if said.parent is None:
        set_dates(row, now)
    else:
        row.state = InputState.SHOWN
    row.save(force_insert=True)
    words = InputWords.objects.create(input=row, salt=token_hex(16), text=said.text)
    data: dict[str, Any] = {"input": row.number, "source": row.source, "words": words_digest(words)}
    if said.forum is not None:
        data["forum"] = said.forum.code
    by = actor if by_staff else Citizen(0)
    with recording(InputEntry.SAID, actor=by, now=now, data=data) as record:
        record.new(row, words)
    _tell(row, contact, now)
    return row


def _tell(row: ForumInput, contact: Contact | None, now: datetime) -> None:
    if contact is None:
        return
    if contact.confirmed_at is None:
        ask_to_confirm(contact, row, now)
    else:
        tell_received(contact, row, now)


def _first_visibility(said: Said, by_staff: bool) -> str:
    """What comes over the public pages waits for the moderator where the forum wants it so."""
    before = said.forum is not None and said.forum.moderation == Forum.Moderation.BEFORE
    return Visibility.PENDING if before and not by_staff else Visibility.SHOWN


def _agency_of(said: Said) -> Agency | None:
    """Nobody's where the agency is closed or outside: then the verifiers find one."""
    agency = said.agency or (said.forum.agency if said.forum else None)
    return agency if agency is not None and agency.is_active and not agency.is_external else None


def number_of(pk: int, now: datetime) -> str:
    return f"{PREFIX}-{year_of(now)}-{pk:05d}"


def words_digest(words: InputWords) -> str:
    """What the ledger holds of the words: without the salt it says nothing about them."""
    return sha256(f"{words.salt}\0{words.text}".encode()).hexdigest()


def place_in_thread(row: ForumInput, parent: ForumInput | None) -> None:
    segment = f"{row.pk:0{SEGMENT}x}"
    if parent is None:
        row.path = segment
        return
    row.root_id = parent.root_id or parent.pk
    row.path = parent.path[: SEGMENT * (DEEPEST - 1)] + segment


def term_on(now: datetime) -> tuple[int, int]:
    """Working days to answer, and how many before that a reminder leaves, as in force on that day."""
    found = InputTerm.objects.filter(valid_from__lte=day_of(now)).order_by("-valid_from").first()
    return (found.answer_days, found.remind_days) if found else (ANSWER_DAYS, REMIND_DAYS)


def set_dates(row: ForumInput, now: datetime) -> None:
    """By when it is answered, in working days of its agency's calendar from now, and when the sweep first looks."""
    days, remind = term_on(now)
    _row, calendar = calendar_for(row.agency_id)
    due = due_at(now, Target(days, Unit.WORKING_DAYS), calendar)
    first = due_at(now, Target(days - remind, Unit.WORKING_DAYS), calendar)
    assert due is not None
    row.due_at, row.next_action_at = due, first
