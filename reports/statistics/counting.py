"""Counts cases into the rows of a roll-up: of the city, of each agency with those below it, of each place.

The database counts each pair of where cases belong and what they are; what is left is to add some thousands of sums up
along the lines of agencies and places.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models.functions import TruncDate

from accounts.models import Agency
from complaints.clock.city_time import start_of, zone
from complaints.clock.kept import Kept
from complaints.clock.kept_in_sql import with_kept
from complaints.models import Area, Category, Complaint
from complaints.models.complaint import Complaints
from complaints.states import ACTIVE
from escalation.stays.counting import COLUMNS as STAYS_COUNTED
from escalation.stays.counting import counted as stays_counted
from escalation.stays.models import KeptStay
from reports.figures.periods import add_months
from reports.statistics.models import COUNTED, REASONS

DIMENSIONS = ("agency", "category", "area", "district", "channel", "kind")
Key = tuple[str, str, str, str]  # scope, its code, dimension, code
Counts = list[int]
Rows = dict[Key, Counts]
StayRows = dict[tuple[str, str, str], Counts]  # scope, its code, agency
FIELDS = ("agency_id", "category_id", "area_id", "channel", "kind", "parent_id", "day")
_IS = {  # what each column counts of one case
    "received": "1 = 1",
    "ended": "state NOT IN ({})".format(", ".join(f"'{state}'" for state in sorted(ACTIVE))),
    "met_target": f"first = '{Kept.ON_TIME}'",
    "late": f"first = '{Kept.LATE}'",
    "not_yet_due": f"first = '{Kept.NOT_YET_DUE}'",
    "met_target_extended": f"extended = '{Kept.ON_TIME}'",
    "late_extended": f"extended = '{Kept.LATE}'",
    **{reason: f"first = '{reason}'" for reason in REASONS},
}
_SUMS = ", ".join(f"sum({name})" for name in COUNTED)
_COLUMN = {name: f"{name}_id" for name in ("agency", "area", "category")}


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

    def code(self, dimension: str, value: int | str | None) -> str:
        """Of an agency, a category or an area by its key, empty for none; what has no key is its own code."""
        if dimension == "agency":
            return self.agencies[int(value)][0] if value else ""
        if dimension == "area":
            return self.areas[int(value)][0] if value else ""
        return self.categories.get(int(value or 0), "") if dimension == "category" else str(value)

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
    """The rows of these cases as they stand at `now`."""
    rows: Rows = defaultdict(lambda: [0] * len(COUNTED))
    leads = dict(cases.exclude(parent=None).order_by().values_list("parent_id", "parent__agency_id"))
    for side, dimension, own, parent, value, *counts in _sums(cases, now, days=days):
        codes = list(_codes(trees, side, dimension, own, value))
        for scope in _scopes(trees, side, own, leads.get(parent)):
            for code in codes:
                _add(rows[*scope, *code], counts)
    return rows


@dataclass(frozen=True)
class Counted:
    """What was counted of some cases, and of the times that they were with agencies."""

    rows: Rows
    stays: StayRows


def count_stays(cases: Complaints, now: datetime, trees: Trees) -> StayRows:
    """Of the kept times with agencies: once in the city and in its places, and with each agency in the line of whose
    they are. Parts of shared cases are times of their own."""
    found: StayRows = defaultdict(lambda: [0] * len(STAYS_COUNTED))
    stays = KeptStay.objects.filter(complaint__in=cases.order_by().values("pk"))
    for (agency, area), counts in stays_counted(stays, now, "complaint__area_id"):
        code = trees.agencies[int(agency or 0)][0]
        for scope in (*_scopes(trees, "agency", agency, None), *_scopes(trees, "area", area, None)):
            _add(found[*scope, code], counts)
    return dict(found)


def _add(into: Counts, counts: Counts) -> None:
    for n, value in enumerate(counts):
        if value:
            into[n] += value


def _codes(
    trees: Trees, side: str, dimension: str, own: int | None, value: str | None
) -> Iterator[tuple[str, str]]:
    """Dimension and code of the rows in which sums stand. The whole is added up from one dimension of each side."""
    if dimension == "area":
        yield from _place(trees, int(value or 0))
    else:
        yield dimension, trees.code(dimension, value)
    if (side, dimension) == ("agency", "area"):
        yield "agency", trees.code("agency", own)
        yield "", ""
    elif (side, dimension) == ("area", "agency"):
        yield from _place(trees, own or 0)
        yield "", ""


def _place(trees: Trees, area: int) -> Iterator[tuple[str, str]]:
    yield "area", trees.code("area", area)
    yield "district", trees.district(area)


def _scopes(trees: Trees, side: str, own: int | None, lead: int | None) -> Iterator[tuple[str, str]]:
    """Where a case counts: once in the city and in its places; with each agency in its line, and a part of a shared
    case there only where its lead does not count already."""
    if side == "agency":
        above = set(trees.lines.get(lead or 0, ()))
        for pk in trees.lines.get(own or 0, ()):
            if pk not in above:
                yield "agency", trees.agencies[pk][0]
        return
    yield "", ""
    for pk in trees.places.get(own or 0, ()):
        yield "area", trees.areas[pk][0]


def _sums(cases: Complaints, now: datetime, *, days: bool) -> Iterator[tuple[Any, ...]]:
    """(side, dimension, agency or area, case of which these are parts, value, …counts), in one statement. A side is the
    agencies, with parts of shared cases, the places without them, or the city's days."""
    dated = cases.annotate(day=TruncDate("received_at", tzinfo=zone()))
    judged, parameters = with_kept(dated, now, *FIELDS).query.sql_with_params()
    names = ", ".join((*FIELDS, "state", "first", "extended"))
    tests = ", ".join(f"CASE WHEN {test} THEN 1 ELSE 0 END AS {name}" for name, test in _IS.items())
    parts = [
        *(_part("agency", name) for name in ("area", "category", "channel", "kind")),
        *(_part("area", name) for name in ("agency", "category", "channel", "kind")),
        *([_part("", "day")] if days else []),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH one ({names}) AS ({judged}), judged AS MATERIALIZED (SELECT {', '.join(FIELDS)}, {tests} FROM one) "
            + " UNION ALL ".join(parts),
            parameters,
        )
        yield from cursor.fetchall()


def _part(side: str, dimension: str) -> str:
    none, value = "CAST(NULL AS bigint)", _COLUMN.get(dimension, dimension)
    own = _COLUMN[side] if side else none
    parent, where = ("parent_id", "") if side == "agency" else (none, " WHERE parent_id IS NULL")
    keys = [value] + ([own] if side else []) + (["parent_id"] if side == "agency" else [])
    return (
        f"SELECT '{side}', '{dimension}', {own}, {parent}, CAST({value} AS text), {_SUMS} "
        f"FROM judged{where} GROUP BY {', '.join(keys)}"
    )
