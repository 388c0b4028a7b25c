"""Counts cases into the rows of a roll-up: of the city, of each agency with those below it, of each place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from accounts.models import Agency
from complaints.clock.city_time import day_of, start_of
from complaints.clock.kept import Kept
from complaints.clock.kept_in_sql import kept
from complaints.models import Area, Category, Complaint
from complaints.models.complaint import Complaints
from complaints.states import ACTIVE
from reports.figures.periods import add_months
from reports.statistics.models import COUNTED

CHUNK = 2000
DIMENSIONS = ("agency", "category", "area", "district", "channel", "kind")
Key = tuple[str, str, str, str]  # scope, its code, dimension, code
Counts = list[int]
Rows = dict[Key, Counts]
_PLACE = {name: n for n, name in enumerate(COUNTED)}
_FIRST = {Kept.ON_TIME: "met_target"}
_EXTENDED = {Kept.ON_TIME: "met_target_extended", Kept.LATE: "late_extended"}
FIELDS = (
    "agency_id",
    "category_id",
    "area_id",
    "channel",
    "kind",
    "parent_id",
    "parent__agency_id",
    "state",
    "received_at",
)


def cases_of_month(month: date) -> Complaints:
    """All that were received in it, parts of shared cases too."""
    start, end = start_of(month), start_of(add_months(month, 1))
    return Complaint.objects.visible_to(None).filter(received_at__gte=start, received_at__lt=end)


@dataclass(frozen=True)
class Trees:
    """Agencies and places with all that they belong to; read once for many months."""

    agencies: dict[int, tuple[str, int | None]]
    areas: dict[int, tuple[str, int | None, str]]
    categories: dict[int, str]

    @classmethod
    def read(cls) -> "Trees":
        places = Area.objects.values_list("pk", "code", "parent_id", "level")
        return cls(
            {
                pk: (code, parent)
                for pk, code, parent in Agency.objects.values_list("pk", "code", "parent_id")
            },
            {pk: (code, parent, level) for pk, code, parent, level in places},
            dict(Category.objects.values_list("pk", "code")),
        )

    @cached_property
    def lines(self) -> dict[int, list[int]]:
        """Each agency with those above it, upwards."""
        return {
            pk: list(_upwards(pk, {key: parent for key, (_c, parent) in self.agencies.items()}))
            for pk in self.agencies
        }

    @cached_property
    def places(self) -> dict[int, list[int]]:
        """Each place with those above it, without the city."""
        parents = {key: parent for key, (_code, parent, _level) in self.areas.items()}
        return {
            pk: [each for each in _upwards(pk, parents) if self.areas[each][2] != Area.Level.CITY]
            for pk in self.areas
        }

    def district(self, area: int | None) -> str:
        found = [pk for pk in self.places.get(area or 0, ()) if self.areas[pk][2] == Area.Level.DISTRICT]
        return self.areas[found[0]][0] if found else ""


def _upwards(pk: int, parents: dict[int, int | None]) -> Iterator[int]:
    seen: set[int] = set()
    at: int | None = pk
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = parents.get(at)


def count(cases: Complaints, now: datetime, trees: Trees, *, days: bool = True) -> Rows:
    """The rows of these cases as they stand at `now`, in one query."""
    rows: Rows = defaultdict(lambda: [0] * len(COUNTED))
    found = cases.annotate(first=kept(now), extended=kept(now, extended=True)).order_by()
    for (
        agency,
        category,
        area,
        channel,
        kind,
        parent,
        lead,
        state,
        received,
        first,
        extended,
    ) in found.values_list(*FIELDS, "first", "extended").iterator(chunk_size=CHUNK):
        codes = {
            "agency": trees.agencies[agency][0] if agency else "",
            "category": trees.categories.get(category, ""),
            "area": trees.areas[area][0] if area else "",
            "district": trees.district(area),
            "channel": channel,
            "kind": kind,
        }
        columns = _columns(state, first, extended)
        for scope, code in _scopes(trees, agency, area, parent, lead):
            _add(rows, (scope, code, "", ""), columns)
            for dimension in DIMENSIONS:
                _add(rows, (scope, code, dimension, codes[dimension]), columns)
        if days and parent is None:
            _add(rows, ("", "", "day", day_of(received).isoformat()), columns)
    return rows


def _columns(state: str, first: str, extended: str) -> list[int]:
    names = ["received", _FIRST.get(Kept(first), first)]
    if state not in ACTIVE:
        names.append("ended")
    if later := _EXTENDED.get(Kept(extended)):
        names.append(later)
    return [_PLACE[name] for name in names]


def _scopes(
    trees: Trees, agency: int | None, area: int | None, parent: int | None, lead: int | None
) -> Iterable[tuple[str, str]]:
    """Where a case counts: once in the city and in its places; with each agency in its line, and a part of a shared
    case there only where its lead does not count already."""
    if parent is None:
        yield "", ""
        for pk in trees.places.get(area or 0, ()):
            yield "area", trees.areas[pk][0]
    above = set(trees.lines.get(lead or 0, ())) if parent is not None else set()
    for pk in trees.lines.get(agency or 0, ()):
        if pk not in above:
            yield "agency", trees.agencies[pk][0]


def _add(rows: Rows, key: Key, columns: list[int]) -> None:
    counts = rows[key]
    for n in columns:
        counts[n] += 1
