"""The life of a report as data. Pure; the methods of the model are held against this table."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class Verb(StrEnum):
    REVIEW = "review"
    GIVE_BACK = "give_back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    DROP = "drop"


# Everybody reads these: a report that was withdrawn stays, and says why.
PUBLIC = frozenset({State.PUBLISHED, State.WITHDRAWN})
AHEAD = frozenset({State.DRAFT, State.REVIEWED})


@dataclass(frozen=True)
class Edge:
    source: State
    target: State


TRANSITIONS: dict[Verb, Edge] = {
    Verb.REVIEW: Edge(State.DRAFT, State.REVIEWED),
    Verb.GIVE_BACK: Edge(State.REVIEWED, State.DRAFT),
    Verb.PUBLISH: Edge(State.REVIEWED, State.PUBLISHED),
    Verb.WITHDRAW: Edge(State.PUBLISHED, State.WITHDRAWN),
    Verb.DROP: Edge(State.DRAFT, State.DROPPED),
}
