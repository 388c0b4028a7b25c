"""Who answers for a case now: who works on it, and who stands on each level of the ladder above it.

Read once for many cases. The order in which people are asked is the same whoever asks: the outbox for readers, the
oversight for names, the count of cases that nobody watches. Who is not there is told too, and so is the next.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import Absence, Agency, User, may_stand_in
from accounts.roles import Role, Seat
from complaints.clock.city_time import day_of
from complaints.models import Reader
from complaints.permissions import waits_for_verification
from complaints.recusal import Recusal, Tree, line_above
from complaints.states import OVERSIGHT

HEAD, INSPECTORATE, OMBUDSMAN = 1, 2, 3  # the levels of the ladder
ROLES = (Role.OFFICER, Role.AGENCY_HEAD, Role.VERIFIER, Role.SUPERVISOR)


class Case(Protocol):
    """What has to be known of a case, or of many that lie alike."""

    pk: int
    agency_id: int | None
    handler_id: int | None
    kind: str
    state: str
    returns_to: str
    is_anonymous: bool
    is_confidential: bool


@dataclass
class Roster:
    """The people who work on cases and their agencies, as they stand at one moment."""

    officers: dict[int, list[User]] = field(default_factory=dict)
    heads: dict[int, list[User]] = field(default_factory=dict)
    supervisors: dict[str, list[User]] = field(default_factory=dict)  # by seat; "" sits on both upper levels
    verifiers: list[User] = field(default_factory=list)
    parents: Tree = field(default_factory=dict)
    inspectorates: set[int] = field(default_factory=set)
    away: dict[int, int | None] = field(default_factory=dict)  # who is absent today, and who stands in
    people: dict[int, User] = field(default_factory=dict)
    # Who stands aside from the cases at hand; `read_parties` reads it.
    recusal: Recusal = field(default_factory=Recusal)

    @classmethod
    def read(cls, now: datetime) -> "Roster":
        """Two queries."""
        roster = cls()
        for pk, parent, is_oversight in Agency.objects.values_list("pk", "parent_id", "is_oversight"):
            roster.parents[pk] = parent
            if is_oversight:
                roster.inspectorates.add(pk)
        absence = Absence.objects.on(day_of(now)).filter(user=OuterRef("pk"))
        people = User.objects.filter(is_active=True, role__in=ROLES).order_by("pk")
        away = {"is_away": Exists(absence), "deputy": Subquery(absence.values("deputy")[:1])}
        user: Any  # as annotated
        for user in people.annotate(**away):
            roster._add(user)
            if user.is_away:
                roster.away[user.pk] = user.deputy
        return roster

    def _add(self, user: User) -> None:
        self.people[user.pk] = user
        if user.role == Role.VERIFIER:
            self.verifiers.append(user)
        elif user.role == Role.SUPERVISOR:
            self.supervisors.setdefault(user.seat, []).append(user)
        elif user.agency_id is not None:
            by_agency = self.officers if user.role == Role.OFFICER else self.heads
            by_agency.setdefault(user.agency_id, []).append(user)

    def read_parties(self, cases: Iterable[int]) -> None:
        """Reads whom these cases are about, in one query, before anybody is looked for."""
        keys = list(cases)
        self.recusal = Recusal.of(*keys, parents=self.parents) if keys else Recusal()

    def is_there(self, user: User) -> bool:
        """Whether this person can sign in and is not away."""
        return user.is_active and user.has_usable_password() and user.pk not in self.away

    def stand_ins(self, users: Iterable[User], case: Case) -> list[User]:
        """Who stands in for those of `users` who are away, as far as they may see this case. Of a deputy who is away
        too their own deputy does; whoever stands in at last must be able to do the work of the first."""
        found = []
        for user in users:
            last, seen = user, {user.pk}
            while last.pk in self.away:
                deputy = self.people.get(self.away[last.pk] or 0)
                if deputy is None or deputy.pk in seen:
                    break
                seen.add(deputy.pk)
                last = deputy
            if self.is_there(last) and may_stand_in(last, user):
                found.append(last)
        return self.recusal.unblocked(found, case.pk)

    def workers(self, case: Case) -> list[User]:
        """Who is told what concerns the work: the handler while they are that, else the agency's officers, else
        its head or the one above it, else the levels above; the verifiers while the case lies with them."""
        return self._told(self._in_order_of_work(case), case)

    def level(self, level: int, case: Case) -> list[User]:
        """Who answers on this level: the heads of the agency or of the one above it, from the second level on
        the supervisors of that seat. Where nobody is there, or only whom the case is about, the next level."""
        return self._told(self._in_order_of_level(level, case), case)

    def readers(self, reader: str, case: Case) -> list[User]:
        level = Reader(reader).level
        return self.level(level, case) if level else self.workers(case)

    def somebody_works(self, case: Case) -> bool:
        """Whether in its agency, or among the verifiers while it lies with them, somebody can sign in and act."""
        lies_with_verifiers = case.agency_id is None or waits_for_verification(case)
        return self._is_anybody_there(self.verifiers if lies_with_verifiers else self.officers_of(case), case)

    def somebody_answers(self, level: int, case: Case) -> bool:
        """Whether somebody can sign in and decide on this level: who sits on it, or a supervisor above it."""
        if level <= HEAD and any(self._is_anybody_there(heads, case) for heads in self._heads_of(case)):
            return True
        seats = ("", Seat.OMBUDSMAN) if level > INSPECTORATE else self.supervisors
        return any(self._is_anybody_there(self.supervisors.get(seat, []), case) for seat in seats)

    def _is_anybody_there(self, users: Iterable[User], case: Case) -> bool:
        # A deputy has the same role at the same agency, so is counted for themselves.
        return any(self.is_there(user) for user in self.recusal.unblocked(users, case.pk))

    def _told(self, groups: Iterable[list[User]], case: Case) -> list[User]:
        """The people of the first group in which somebody is there or stands in, and those of the groups before it."""
        told: list[User] = []
        for group in groups:
            free = self.recusal.unblocked(group, case.pk)
            present = self.stand_ins(free, case)
            told += [user for user in (*free, *present) if user not in told]
            if present or any(self.is_there(user) for user in free):
                break
        return told

    def _in_order_of_work(self, case: Case) -> Iterator[list[User]]:
        if case.agency_id is None or waits_for_verification(case):
            yield self.verifiers
        else:
            officers = self.officers_of(case)
            yield [user for user in officers if user.pk == case.handler_id]
            yield officers
        yield from self._in_order_of_level(HEAD, case)

    def _in_order_of_level(self, level: int, case: Case) -> Iterator[list[User]]:
        if level <= HEAD:
            yield from self._heads_of(case)
        for seat in (Seat.INSPECTORATE, Seat.OMBUDSMAN) if level <= INSPECTORATE else (Seat.OMBUDSMAN,):
            yield self.supervisors.get(seat, [])
            yield self.supervisors.get("", [])
        yield [user for users in self.supervisors.values() for user in users]

    def _heads_of(self, case: Case) -> Iterator[list[User]]:
        """Of its agency, then of those above it."""
        for agency_id in line_above(case.agency_id, self.parents):
            yield self._of_agency(self.heads, agency_id, case)

    def officers_of(self, case: Case) -> list[User]:
        """Those of its agency who may see the case, but for its reported parties."""
        return self._of_agency(self.officers, case.agency_id, case)

    def _of_agency(self, people: dict[int, list[User]], agency_id: int | None, case: Case) -> list[User]:
        """Oversight complaints are the inspectorate's alone, unless the inspectorate is complained about."""
        if agency_id is None:
            return []
        is_elsewhere = case.kind == OVERSIGHT and agency_id not in self.inspectorates
        if is_elsewhere and not any(self.recusal.blocks_agency(pk, case.pk) for pk in self.inspectorates):
            return []
        return people.get(agency_id, [])


def in_place_of(actor: User, handler_id: int | None, agency_id: int | None, now: datetime) -> int | None:
    """The key of the absent person whose work `actor` does on a case: its handler, or for a head that of its agency."""
    if actor.role not in (Role.OFFICER, Role.AGENCY_HEAD):
        return None
    away = Absence.objects.on(day_of(now)).filter(
        deputy=actor, user__role=actor.role, user__agency=actor.agency_id
    )
    if actor.role == Role.OFFICER:
        away = away.filter(user=handler_id)
    elif agency_id != actor.agency_id:
        return None
    return away.values_list("user", flat=True).first()
