"""The life of a complaint as data: its states, and which transition leads from where to where.

Pure: no Django. The reason stands beside each odd edge. Model methods, rights, tests and the
documentation's diagram are held against this table.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    NEW = "new"  # before the first save only; the database refuses it
    SUBMITTED = "submitted"
    AWAITING_CITIZEN = "awaiting_citizen"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"
    LAPSED = "lapsed"
    REJECTED = "rejected"
    MERGED = "merged"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"


# Still to be answered by somebody.
ACTIVE = frozenset({State.SUBMITTED, State.AWAITING_CITIZEN, State.ASSIGNED, State.IN_PROGRESS})
# Not over: the resolved case still waits for the citizen's word.
OPEN = ACTIVE | {State.RESOLVED}
PAUSED = frozenset({State.AWAITING_CITIZEN})
WITH_AGENCY = frozenset({State.ASSIGNED, State.IN_PROGRESS})
TERMINAL = frozenset(State) - OPEN - {State.NEW}
STORED = frozenset(State) - {State.NEW}


class Lane(StrEnum):
    """What an open case waits for: the queue it lies in. The database works it out (models/complaint.py)."""

    VERIFY = "verify"
    ASKED_BY_VERIFIER = "asked_by_verifier"
    WORK = "work"
    ASKED_BY_AGENCY = "asked_by_agency"
    ANSWERED = "answered"


# The one kind of report that scope and ladder treat apart. All kinds: models.catalogue.Kind.
OVERSIGHT = "oversight"


class Verb(StrEnum):
    """The transitions; each has one service function of this name."""

    SUBMIT = "submit"
    ASK_CITIZEN = "ask_citizen"
    ASK_FOR_PART = "ask_for_part"
    ANSWER = "answer"
    LAPSE = "lapse"
    REJECT = "reject"
    MERGE = "merge"
    ASSIGN = "assign"
    HAND_BACK = "hand_back"
    REASSIGN = "reassign"
    ACCEPT = "accept"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    AUTO_CLOSE = "auto_close"
    REFER = "refer"
    WITHDRAW = "withdraw"
    GO_ON = "go_on"
    BRING_BACK = "bring_back"


@dataclass(frozen=True)
class Edge:
    sources: frozenset[State]
    targets: frozenset[State]


def _edge(source: State | frozenset[State], *targets: State) -> Edge:
    sources = source if isinstance(source, frozenset) else frozenset({source})
    return Edge(sources, frozenset(targets))


TRANSITIONS: dict[Verb, Edge] = {
    Verb.SUBMIT: _edge(State.NEW, State.SUBMITTED),
    # Not from `assigned`: an agency accepts before it asks, so that a named person has asked.
    Verb.ASK_CITIZEN: _edge(frozenset({State.SUBMITTED, State.IN_PROGRESS}), State.AWAITING_CITIZEN),
    # Of a shared case: a named person has accepted the part through which it is asked, if not yet the whole.
    Verb.ASK_FOR_PART: _edge(
        frozenset({State.SUBMITTED, State.ASSIGNED, State.IN_PROGRESS}), State.AWAITING_CITIZEN
    ),
    # Back to the state the question was asked in, kept in `returns_to`.
    Verb.ANSWER: _edge(State.AWAITING_CITIZEN, State.SUBMITTED, State.ASSIGNED, State.IN_PROGRESS),
    Verb.LAPSE: _edge(State.AWAITING_CITIZEN, State.LAPSED),
    Verb.REJECT: _edge(State.SUBMITTED, State.REJECTED),
    Verb.MERGE: _edge(State.SUBMITTED, State.MERGED),
    Verb.ASSIGN: _edge(State.SUBMITTED, State.ASSIGNED),
    Verb.HAND_BACK: _edge(WITH_AGENCY, State.SUBMITTED),
    # Taken away by a decision on an escalation; an unanswered question does not keep it where it is.
    Verb.REASSIGN: _edge(ACTIVE, State.ASSIGNED),
    Verb.ACCEPT: _edge(State.ASSIGNED, State.IN_PROGRESS),
    Verb.RESOLVE: _edge(State.IN_PROGRESS, State.RESOLVED),
    Verb.CONFIRM: _edge(State.RESOLVED, State.CLOSED),
    # Back to work, not to the verifier: the agency that answered must answer again.
    Verb.DISPUTE: _edge(State.RESOLVED, State.IN_PROGRESS),
    Verb.AUTO_CLOSE: _edge(State.RESOLVED, State.CLOSED),
    Verb.REFER: _edge(OPEN, State.REFERRED),
    # A merged case as long as the one it follows is open, which goes on without it.
    Verb.WITHDRAW: _edge(OPEN | {State.MERGED}, State.WITHDRAWN),
    # The case it was merged into ended without an answer for it: it takes that one's place.
    Verb.GO_ON: _edge(State.MERGED, State.SUBMITTED, State.ASSIGNED),
    # The body outside did not answer: the city has it again, to be referred, given to an agency or answered.
    Verb.BRING_BACK: _edge(State.REFERRED, State.SUBMITTED),
}
