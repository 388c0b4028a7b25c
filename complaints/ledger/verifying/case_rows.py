"""What a case's row must say, by its events alone. What events do not tell for certain is left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.roles import Role
from complaints.history.rows import ERASED, ROWS, WORDS_OF_CASE, spell
from complaints.models import EventKind
from complaints.models.complaint import Channel
from complaints.states import State

# The state each kind of event leaves behind; the others leave it as it was.
LEADS_TO: dict[str, set[State]] = {
    EventKind.SUBMITTED: {State.SUBMITTED},
    EventKind.QUESTION_ASKED: {State.AWAITING_CITIZEN},
    EventKind.QUESTION_STANDS: {State.AWAITING_CITIZEN},
    EventKind.ANSWERED: {State.SUBMITTED, State.ASSIGNED, State.IN_PROGRESS},
    EventKind.QUESTION_DROPPED: {State.SUBMITTED, State.ASSIGNED, State.IN_PROGRESS},
    EventKind.LAPSED: {State.LAPSED},
    EventKind.REJECTED: {State.REJECTED},
    EventKind.MERGED: {State.MERGED},
    EventKind.ASSIGNED: {State.ASSIGNED},
    EventKind.HANDED_BACK: {State.SUBMITTED},
    EventKind.REASSIGNED: {State.ASSIGNED},
    EventKind.ACCEPTED: {State.IN_PROGRESS},
    EventKind.RESOLVED: {State.RESOLVED},
    EventKind.CONFIRMED: {State.CLOSED},
    EventKind.DISPUTED: {State.IN_PROGRESS},
    EventKind.AUTO_CLOSED: {State.CLOSED},
    EventKind.REFERRED: {State.REFERRED},
    EventKind.WITHDRAWN: {State.WITHDRAWN},
    EventKind.WENT_ON: {State.SUBMITTED, State.ASSIGNED},
    EventKind.BROUGHT_BACK: {State.SUBMITTED},
}
ENDS = frozenset(
    {
        EventKind.LAPSED,
        EventKind.REJECTED,
        EventKind.MERGED,
        EventKind.RESOLVED,
        EventKind.CONFIRMED,
        EventKind.AUTO_CLOSED,
        EventKind.REFERRED,
        EventKind.WITHDRAWN,
    }
)
# What an event's data say of the case: kind of event, name there, column of the case.
SAYS: dict[str, tuple[tuple[str, str], ...]] = {
    EventKind.SUBMITTED: (("channel", "channel"), ("kind", "kind")),
    EventKind.ASSIGNED: (
        ("agency", "agency__code"),
        ("kind", "kind"),
        ("category", "category__code"),
        ("parent", "parent__number"),
    ),
    EventKind.CORRECTED: (("kind", "kind"), ("category", "category__code")),
    EventKind.REASSIGNED: (("agency", "agency__code"),),
    EventKind.HANDED_BACK: (("times", "hand_backs"),),
    EventKind.ACCEPTED: (("handler", "handler_id"),),
    EventKind.HANDED_ON: (("handler", "handler_id"),),
    EventKind.REJECTED: (("reason", "end_reason"),),
    EventKind.MERGED: (("into", "merged_into__number"),),
    EventKind.WENT_ON: (
        ("state", "state"),
        ("agency", "agency__code"),
        ("cycle", "cycle"),
        ("kind", "kind"),
        ("category", "category__code"),
    ),
    EventKind.CONFIRMED: (("rating", "rating"),),
    EventKind.DISPUTED: (("cycle", "cycle"),),
    EventKind.BROUGHT_BACK: (("cycle", "cycle"),),
    EventKind.REFERRED: (("body", "referred_to__code"), ("reference", "external_reference")),
    EventKind.IMPORTED: (("state", "state"), ("source", "source"), ("id", "source_id")),
    EventKind.IMPORT_UPDATED: (("state", "state"),),
}
# Codes that an administrator may change: an old one that nothing bears any more says nothing.
CODES = ("agency__code", "category__code", "referred_to__code")
WORDS = ("subject", "description", "location")
ALL_WORDS = WORDS_OF_CASE
GONE = {"subject": ERASED, "description": ERASED, "location": ""}  # once erased; the others null
COLUMNS = (
    "pk", "number", "version", "last_event_hash", "state", "received_at", "ended_at", *WORDS,
    "channel", "kind", "agency__code", "category__code", "parent__number", "hand_backs", "handler_id",
    "end_reason", "merged_into__number", "rating", "cycle", "referred_to__code", "external_reference",
    "source", "source_id", *WORDS_OF_CASE[3:], *(f"parent__{name}" for name in WORDS_OF_CASE),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """An event as far as the fold needs it. `words`: None where there are none (any more)."""

    seq: int
    kind: str
    role: str
    at: str
    data: dict[str, Any]
    words: dict[str, Any] | None


Facts = dict[str, tuple[Any, int]]  # column → what it must be, and the event that says so


def words_from_events(history: Iterable[Told]) -> Facts:
    """Of a case whose events record its rows: what its own words must be. An older version kept less of them."""
    facts: Facts = {}
    for told in history:
        if told.kind in BEGINS and told.words is not None:
            kept = ALL_WORDS if ROWS in told.data else WORDS
            facts = {column: (told.words.get(column), told.seq) for column in kept}
        elif told.kind in PUT_RIGHT and told.words is not None:
            facts |= _corrected_words(told)
        elif told.kind == EventKind.WORDS_ERASED and _erases_the_case(told):
            facts = {column: (GONE.get(column), told.seq) for column in ALL_WORDS}
    return facts


def _corrected_words(told: Told) -> Facts:
    """What was taken out, or lies on the equator, is named in the data and has no words."""
    words, named = told.words or {}, told.data.get("words", ())
    none = {column: "" if column in WORDS else 0.0 for column in ALL_WORDS if column in named}
    return {column: (words.get(column, empty), told.seq) for column, empty in none.items()}


def words_lost(wordless: Iterable[int], history: Iterable[Told]) -> int:
    """The first of the events without their words that no erasing names; 0 when all were erased."""
    erased: set[int] = set()
    for told in history:
        if told.kind == EventKind.WORDS_ERASED:
            if "seqs" not in told.data:
                return 0  # an older version did not say which
            erased.update(told.data["seqs"])
    return next((seq for seq in wordless if seq not in erased), 0)


def _erases_the_case(told: Told) -> bool:
    """Of a main case only what another's citizen said of it may have gone."""
    return bool(told.data.get("seqs", [BEGUN])[:1] == [BEGUN])


def facts_from_events(history: Iterable[Told]) -> Facts:
    """Of a case of an older version, whose events say less."""
    facts: Facts = {}
    state_before = None
    is_erased = False
    for told in history:
        kind = told.kind
        leads = LEADS_TO.get(kind)
        if leads is not None:
            if kind in (EventKind.QUESTION_ASKED, EventKind.QUESTION_STANDS):
                state_before = facts.get("state", (None, 0))[0]
            _lead(facts, told, leads, state_before)
        for name, column in SAYS.get(kind, ()):
            if name in told.data:
                facts[column] = told.data[name], told.seq
        if kind in BEGINS:
            _begin(facts, told)
        if kind in PUT_RIGHT:
            facts |= _corrected_words(told)
        is_erased |= kind == EventKind.WORDS_ERASED and _erases_the_case(told)
    if is_erased:
        for column in WORDS:
            facts.pop(column, None)
    return facts


PUT_RIGHT = frozenset({EventKind.CORRECTED, EventKind.IMPORT_UPDATED})
BEGUN = 1  # the place of the event with the case's own words
BEGINS = frozenset({EventKind.SUBMITTED, EventKind.IMPORTED})


def _lead(facts: Facts, told: Told, leads: set[State], state_before: str | None) -> None:
    """State, end and hands that follow from what happened."""
    kind, seq = told.kind, told.seq
    if kind in (EventKind.ANSWERED, EventKind.QUESTION_DROPPED):
        # Taken over while it waited: then the row alone knew where it came from.
        facts["state"] = state_before if state_before in leads else leads, seq
    else:
        facts["state"] = next(iter(leads)), seq
    if kind in ENDS:
        if facts.get("ended_at", (None, 0))[0] is None:
            facts["ended_at"] = told.at, seq
    elif kind in (EventKind.DISPUTED, EventKind.WENT_ON, EventKind.BROUGHT_BACK):
        facts["ended_at"] = None, seq
    if kind in (EventKind.WENT_ON, EventKind.WITHDRAWN):
        facts["merged_into__number"] = None, seq
    if kind in (EventKind.ASSIGNED, EventKind.REASSIGNED, EventKind.HANDED_BACK, EventKind.BROUGHT_BACK):
        facts["handler_id"] = None, seq
    if kind in (EventKind.HANDED_BACK, EventKind.SUBMITTED, EventKind.BROUGHT_BACK):
        facts["agency__code"] = None, seq
    elif kind == EventKind.ACCEPTED and facts.get("agency__code", ("", 0))[0] is None:
        del facts["agency__code"]


def _begin(facts: Facts, told: Told) -> None:
    seq = told.seq
    if told.kind == EventKind.IMPORTED:
        facts["received_at"] = told.at, seq
        facts["ended_at"] = told.data.get("ended_at"), seq
    else:
        facts |= {"cycle": (1, seq), "hand_backs": (0, seq), "rating": (None, seq), "ended_at": (None, seq)}
        # A clerk may type in what came earlier.
        if told.role == Role.CITIZEN and told.data.get("channel") == Channel.WEB:
            facts["received_at"] = told.at, seq
    if told.words is not None:
        for column in WORDS:
            facts[column] = told.words.get(column, ""), seq


def contradiction(facts: Facts, row: dict[str, Any], known_codes: frozenset[str]) -> tuple[str, int] | None:
    """A code for the first column that is not as the events say, and the event that says otherwise."""
    for column, (expected, seq) in facts.items():
        found = row[column]
        if column in CODES and expected and expected not in known_codes:
            continue
        if column in ("received_at", "ended_at"):
            agrees = found == (datetime.fromisoformat(expected) if expected else None)
        elif isinstance(expected, set):
            agrees = found in expected
        elif column == "location" and row["source"]:
            agrees = (
                not expected or found.endswith(expected) or len(found) == LOCATION
            )  # with the ward before it
        else:
            agrees = (spell(found) or None) == (expected or None)
        if not agrees:
            return f"{column.split('__')[0].removesuffix('_id')}_differs", seq
    # A part has no words of its own in the history: it bears those of the whole.
    if row["parent__number"] and any(row[name] != row[f"parent__{name}"] for name in ALL_WORDS):
        return "words_differs", 1
    return None


LOCATION = 200  # letters that fit
