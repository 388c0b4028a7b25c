"""Whose report it is, over which period, and how rows and codes are called in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, QuerySet

from accounts.actors import Actor, role_of
from accounts.models import Agency
from accounts.roles import Role
from complaints.clock.city_time import day_of, zone
from complaints.database.one_of import OneOf
from complaints.models import Area, Category, Complaint, Service
from complaints.models.complaint import Complaints
from reports.figures import arrays
from reports.figures.periods import Period

CHUNK = 2000
CROWDED = 4  # of a stretch of cases at least every fourth is wanted: then all are read


class Pseudonyms:
    """A name for each row that means nothing outside this report and without the server's key; the same whenever the
    report of this period and scope is built again, so that two of them can be compared."""

    def __init__(self, period: Period, agency: Agency | None) -> None:
        salt = f"report:{period.first}:{period.last}:{agency.code if agency else ''}"
        self._inner, self._outer = _keyed(salt, settings.PSEUDONYM_KEY or settings.SECRET_KEY)
        self._known: dict[int | str, str] = {}  # each is asked for in several tables
        self._of: tuple[Any, Any] | None = None  # keys of cases, and what they are called

    def __call__(self, key: int | str) -> str:
        if (name := self._known.get(key)) is None:
            name = self._known[key] = self.once(key)
        return name

    def of(self, keys: Any) -> Any:
        """Of whole columns: those asked for first are remembered for whoever asks for some of them."""
        if self._of is not None:
            places = arrays.places_in(self._of[0], keys)
            if (places >= 0).all():
                return self._of[1][places]
        places, known = arrays.distinct(keys)
        names = arrays.names([self.once(key) for key in known.tolist()])
        if self._of is None:
            self._of = known, names
        return names[places]

    def forget(self) -> None:
        """When all rows are read; what is asked for after that gets the same name anew."""
        self._known.clear()
        self._of = None

    def once(self, key: int | str) -> str:
        """For what stands in one row only: not remembered."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(str(key).encode())
        outer.update(inner.digest())
        name: str = outer.hexdigest()[:20]
        return name


def _keyed(salt: str, secret: str) -> tuple[Any, Any]:
    """The two halves of `salted_hmac(salt, …)` as far as they are the same for every name (RFC 2104): of a large city
    there are millions, and each takes half as long so."""
    key = sha256((salt + secret).encode()).digest().ljust(64, b"\0")
    return sha256(bytes(byte ^ 0x36 for byte in key)), sha256(bytes(byte ^ 0x5C for byte in key))


class Codes:
    """What the keys of agencies, categories, areas and services stand for."""

    def __init__(self) -> None:
        self.agencies, self.categories = _codes_of(Agency), _codes_of(Category)
        self.areas, self.services = _codes_of(Area), _codes_of(Service)


def _codes_of(model: Any) -> dict[int | None, str]:
    """Codes by key, the empty one for none."""
    codes: dict[int | None, str] = {None: ""}
    codes.update(model.objects.values_list("pk", "code"))
    return codes


class Keys(NamedTuple):
    """Of some cases: the first and the last."""

    first: int
    last: int


@dataclass(frozen=True)
class Scope:
    """`agency`: of it and those below it; None: of the whole city. Everything that is read goes through `actor`."""

    period: Period
    agency: Agency | None
    actor: Actor
    now: datetime
    names: Pseudonyms
    codes: Codes
    keys: Keys | None = None  # of cases: only those between them

    @classmethod
    def of(cls, period: Period, agency: Agency | None, actor: Actor, now: datetime) -> "Scope":
        return cls(period, agency, actor, now, Pseudonyms(period, agency), Codes())

    def before(self) -> "Scope":
        return replace(self, period=self.period.before())

    def between(self, keys: Keys) -> "Scope":
        """Of no other cases than those with such a key."""
        return replace(self, keys=keys)

    @property
    def today(self) -> date:
        return day_of(self.now)

    @property
    def days(self) -> tuple[date, date]:
        """For `__range` of a day."""
        return self.period.first, self.period.last

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return self.period.bounds(zone())

    @property
    def own(self) -> dict[str, Any]:
        """The condition on a row's agency."""
        return {} if self.agency is None else {"agency_id__in": self.agencies}

    @cached_property
    def agencies(self) -> list[int]:
        return self.agency.with_descendants() if self.agency is not None else []

    @property
    def reads_all(self) -> bool:
        """Verifiers read cases and nothing that agencies owe or were told; what would be missing for them is left out
        of their report as a whole."""
        return role_of(self.actor) != Role.VERIFIER

    @property
    def cases(self) -> Complaints:
        """Those received in the period."""
        return self.own_part(cases_of(self.period, self.agency, self.actor))

    @property
    def any_cases(self) -> Complaints:
        return self.own_part(Complaint.objects.visible_to(self.actor).counted_once(self.agency))

    def own_part(self, cases: Complaints) -> Complaints:
        return cases if self.keys is None else cases.filter(pk__range=self.keys)

    def of_cases(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those rows of another table that belong to the cases."""
        return self._between(rows).filter(complaint__in=self.cases)

    def near(self, rows: QuerySet[Any], cases: list[int]) -> QuerySet[Any]:
        """The rows of these cases, maybe with those of others between them, which whoever reads it leaves out: where
        most are wanted, asking of each row whose it is takes longer than reading it."""
        if self.keys is not None and self.keys.last - self.keys.first < CROWDED * len(cases):
            return self._between(rows)
        return rows.filter(OneOf(F("complaint_id"), keys=cases))

    def _between(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.keys is None:
            return rows
        return rows.filter(complaint_id__gte=self.keys.first, complaint_id__lte=self.keys.last)


def cases_of(period: Period, agency: Agency | None, actor: Actor) -> Complaints:
    """The cases received in the period, in the actor's scope and, if given, of an agency and those below it.

    A case shared between agencies counts once: its parts are left out wherever the whole is counted.
    """
    start, end = period.bounds(zone())
    cases = Complaint.objects.visible_to(actor).filter(received_at__gte=start, received_at__lt=end)
    return cases.counted_once(agency)


def stream(queryset: Any, *fields: str) -> Iterator[tuple[Any, ...]]:
    rows: Iterator[tuple[Any, ...]] = queryset.order_by().values_list(*fields).iterator(chunk_size=CHUNK)
    return rows


def day(value: date | datetime | None) -> str:
    """A day of the city, empty for none."""
    if value is None:
        return ""
    return (day_of(value) if isinstance(value, datetime) else value).isoformat()
