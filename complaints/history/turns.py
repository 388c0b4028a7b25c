"""Whose turn a report was: its steps from hand to hand, and the times that it was with each agency. Pure: no Django."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

ACCEPTED, ANSWERED, DISPUTED, GIVEN, LEFT = "accepted", "answered", "disputed", "given", "left"


@dataclass(frozen=True, slots=True)
class Step:
    """`who`: of `accepted` to whom it was named, of `answered` who answered. `agency`: of `given`, who has it since.
    `how`: what became of the time before; of `given` empty where the same event says nothing of it."""

    kind: str
    at: datetime
    who: int | None = None
    agency: str = ""
    how: str = ""


class How(StrEnum):
    """How the time of a report with an agency ended."""

    RUNNING = ""
    ANSWERED = "answered"
    HANDED_ON = "handed_on"  # given back by the agency, since it is not its own
    REFERRED = "referred"  # another level's matter
    TAKEN_AWAY = "taken_away"  # by a decision
    STOOD_ASIDE = "stood_aside"  # the report is about it
    AGENCY_CLOSED = "agency_closed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    MERGED = "merged"
    REJECTED = "rejected"
    ENDED = "ended"  # over in a way that its history does not tell


@dataclass(frozen=True, slots=True)
class Stay:
    """A time that a report was with an agency, from when it was given to it, or given back by the citizen's no.

    `began` None: nobody knows when it came, since another system had it before. `until` None: it is there still.
    """

    agency: str
    began: datetime | None
    until: datetime | None = None
    how: How = How.RUNNING


def stays_of(steps: Iterable[Step]) -> list[Stay]:
    """The times of a report with its agencies, from its steps in their order. Naming another officer of the same agency
    ends none."""
    found: list[Stay] = []
    running: Stay | None = None
    last = ""  # whom the citizen's no gives it back
    for step in steps:
        if step.kind == GIVEN:
            if running is not None and running.agency == step.agency:
                continue
            if running is not None:
                found.append(_ended(running, step))
            running = _begun(step.agency, step) if step.agency else None
            last = step.agency
        elif step.kind == DISPUTED:
            running = running or (_begun(last, step) if last else None)
        elif step.kind in (ANSWERED, LEFT) and running is not None:
            found.append(_ended(running, step))
            running = None
    return found if running is None else [*found, running]


def _begun(agency: str, step: Step) -> Stay:
    """What came with its history from another system has been there longer than is known."""
    return Stay(agency, None if step.how == "imported" else step.at)


def _ended(stay: Stay, step: Step) -> Stay:
    how = How.ANSWERED if step.kind == ANSWERED else How(step.how or How.TAKEN_AWAY)
    return replace(stay, until=step.at, how=how)
