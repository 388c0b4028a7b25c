"""Who answers for an input now, and who stands above: the same roster as for cases, without whom it speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.roles import Role
from complaints.models import ReportedParty
from complaints.recusal import Recusal, line_above
from complaints.roster import HEAD, OMBUDSMAN, Roster
from complaints.states import State
from surveys.forums.inputs.models import InputMark
from surveys.forums.models import Forum, ForumInput


@dataclass
class Lies:
    """Where an input lies, as the roster asks of a case."""

    pk: int
    agency_id: int | None
    level: int = 0
    handler_id: int | None = None
    kind: str = ""
    state: str = State.ASSIGNED
    returns_to: str = ""
    is_anonymous: bool = False
    is_confidential: bool = False


def place_of(row: ForumInput) -> Lies:
    """What no agency has lies with the verifiers, who find one."""
    return Lies(row.pk, row.agency_id, row.level)


def roster_for(inputs: Iterable[int], now: datetime, roster: Roster | None = None) -> Roster:
    """Four queries, however many inputs; none of `roster`'s own where it was read for something else already."""
    recusal, keys = Recusal(), list(inputs)
    roster = roster or Roster.read(now)
    marks = InputMark.objects.filter(input__in=keys, cleared_at=None)
    for key, user in marks.values_list("input", "user"):
        recusal.people[key].add(user)
    about = ForumInput.objects.filter(pk__in=keys, forum__in=forums_about_somebody())
    of_cases = about.filter(forum__cases__reported_parties__cleared_at=None) if keys else about.none()
    party = "forum__cases__reported_parties"
    for key, user, unit in of_cases.values_list("pk", f"{party}__user", f"{party}__agency").distinct():
        recusal.people[key] |= {user} - {None}
        if unit is not None:
            recusal.people[key] |= _line_below(roster, unit, with_heads=user is not None)
    return replace(roster, recusal=recusal)


def forums_about_somebody() -> Any:
    """Keys of the forums that are about a report which complains about a person or a unit."""
    links = Forum.cases.through.objects
    return links.filter(complaint__in=ReportedParty.objects.active().values("complaint")).values("forum")


def _line_below(roster: Roster, unit: int, *, with_heads: bool) -> set[int]:
    """Who works there or below: heads only where their own head is named, else they answer for their unit
    (surveys.forums.querysets)."""
    return {
        user.pk
        for user in roster.people.values()
        if (with_heads or user.role != Role.AGENCY_HEAD)
        and unit in line_above(user.agency_id, roster.parents)
    }


def somebody_answers(roster: Roster, lies: Lies) -> bool:
    """Whether somebody can sign in and answer it: an officer of the agency, or its head or one above; a verifier, who
    gives it to an agency."""
    if lies.agency_id is None:
        return _is_there(roster, roster.verifiers, lies)
    heads = [user for pk in line_above(lies.agency_id, roster.parents) for user in roster.heads.get(pk, [])]
    return _is_there(roster, [*roster.officers.get(lies.agency_id, []), *heads], lies)


def is_watched(roster: Roster, lies: Lies) -> bool:
    """Somebody may answer it, and somebody stands on the next level."""
    next_level = min(max(lies.level + 1, HEAD), OMBUDSMAN)
    return somebody_answers(roster, lies) and roster.somebody_answers(next_level, lies)


def _is_there(roster: Roster, users: Iterable[User], lies: Lies) -> bool:
    return any(roster.is_there(user) for user in roster.recusal.unblocked(users, lies.pk))
