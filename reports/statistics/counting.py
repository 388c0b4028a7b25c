"""Counts cases into the rows of a roll-up: of the city, of each agency with those below it, of each place.

The database does all of it in one statement: it counts each pair of where cases belong and what they are, by how they
stand, and adds these counts up along the lines of agencies and places.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import F, Max, Min, Model, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Agency
from complaints.clock.city_time import start_of, zone
from complaints.clock.kept import Kept
from complaints.clock.kept_in_sql import with_kept
from complaints.models import Area, Category, Complaint
from complaints.models.complaint import Complaints
from complaints.states import ACTIVE
from escalation.stays.counting import COLUMNS as STAYS_COUNTED
from escalation.stays.counting import cells as stays_cells
from escalation.stays.models import KeptStay
from reports.figures.periods import add_months
from reports.statistics.models import COUNTED, REASONS, RollUp, RollUpStay

DIMENSIONS = ("agency", "category", "area", "district", "channel", "kind")
Key = tuple[str, str, str, str]  # scope, its code, dimension, code
Counts = list[int]
Rows = dict[Key, Counts]
Place = tuple[
    int, str, str
]  # key of an agency, an area or a category (0: none), and where it counts: of what kind, its code
StayRows = dict[tuple[str, str, str], Counts]  # scope, its code, agency
NOWHERE: list[Place] = [(-1, "", "")]  # a table of no rows has no columns either
KEY = ("scope", "scope_code", "dimension", "code")
STAY_KEY = ("scope", "scope_code", "agency")
FIELDS = ("agency_id", "area_id", "category_id", "channel", "kind", "parent_id", "day")
SIDES = ("agency", "area")
IS = ("agency", "area", "category", "channel", "kind")
OWN = "own_"  # before a side: what its cases are by where they belong, with the whole
# How a case stands as one number, since one count for each is quicker than a sum for each column: four bits by the
# first promise, four with extensions counted as promised, and one for what has ended.
STANDS = {each.value: place for place, each in enumerate(Kept, 1)}
_IN_WORDS = " ".join(f"WHEN '{each}' THEN {place}" for each, place in STANDS.items())
_ACTIVE = ", ".join(f"'{state}'" for state in sorted(ACTIVE))
_STAND = (
    f"(CASE first {_IN_WORDS} ELSE 0 END) + 16 * (CASE extended {_IN_WORDS} ELSE 0 END) "
    f"+ CASE WHEN state IN ({_ACTIVE}) THEN 0 ELSE 256 END"
)
_IS = {  # what each column counts
    "received": "1 = 1",
    "ended": "stand >= 256",
    "met_target": f"(stand & 15) = {STANDS[Kept.ON_TIME]}",
    "late": f"(stand & 15) = {STANDS[Kept.LATE]}",
    "not_yet_due": f"(stand & 15) = {STANDS[Kept.NOT_YET_DUE]}",
    "met_target_extended": f"(stand & 240) = {16 * STANDS[Kept.ON_TIME]}",
    "late_extended": f"(stand & 240) = {16 * STANDS[Kept.LATE]}",
    **{reason: f"(stand & 15) = {STANDS[reason]}" for reason in REASONS},
}
_SUMS = ", ".join(f"sum(CASE WHEN {_IS[name]} THEN n ELSE 0 END)" for name in COUNTED)


def cases_of_month(month: date) -> Complaints:
    """All that were received in it, parts of shared cases too."""
    return Complaint.objects.visible_to(None).filter(_received_in(month))


def stays_of_month(month: date) -> QuerySet[KeptStay]:
    """Kept times with agencies of these cases. By their keys as well: cases of a month lie side by side, and without a
    range PostgreSQL reads the times of all months for each."""
    # A sum, or PostgreSQL looks for the least key of all and goes on until one is of the month.
    keys = cases_of_month(month).aggregate(first=Min(F("pk") + 0), last=Max(F("pk") + 0))
    own = Q(complaint_id__gte=keys["first"] or 0, complaint_id__lte=keys["last"] or 0)
    return KeptStay.objects.filter(own, _received_in(month, "complaint__"))


def _received_in(month: date, prefix: str = "") -> Q:
    start, end = start_of(month), start_of(add_months(month, 1))
    return Q(**{f"{prefix}received_at__gte": start, f"{prefix}received_at__lt": end})


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
    def scopes(self) -> dict[str, list[Place]]:
        """Where cases count, by side: once in the city and in their places; with each agency in their line."""
        parents = {pk: parent for pk, (_code, parent) in self.agencies.items()}
        lines = ((pk, up) for pk in self.agencies for up in _upwards(pk, parents))
        places = ((pk, up) for pk in self.areas for up in self._places(pk))
        return {
            "agency": [(pk, "agency", self.agencies[up][0]) for pk, up in lines],
            "area": [(pk, "", "") for pk in (0, *self.areas)]
            + [(pk, "area", self.areas[up][0]) for pk, up in places],
        }

    @cached_property
    def codes(self) -> dict[str, list[Place]]:
        """In which rows cases count by what they are: dimension and code."""
        areas = [(0, "area", "")] + [(pk, "area", code) for pk, (code, *_rest) in self.areas.items()]
        districts = [(pk, "district", self._district(pk)) for pk in (0, *self.areas)]
        agencies = [(pk, "agency", code) for pk, (code, _parent) in self.agencies.items()]
        categories = [(pk, "category", code) for pk, code in self.categories.items()]
        found = {
            "agency": [(0, "agency", ""), *agencies],
            "area": areas + districts,
            "category": [(0, "category", ""), *categories],
        }
        for side in SIDES:
            keys = {pk for pk, _dimension, _code in found[side]}
            found[OWN + side] = found[side] + [(pk, "", "") for pk in sorted(keys)]
        return found

    def _places(self, area: int) -> Iterator[int]:
        """A place with those above it, without the city."""
        return (pk for pk in _upwards(area, self._above) if self.areas[pk][2] != Area.Level.CITY)

    @cached_property
    def _above(self) -> dict[int, int | None]:
        return {pk: parent for pk, (_code, parent, _level) in self.areas.items()}

    def _district(self, area: int) -> str:
        found = [pk for pk in self._places(area) if self.areas[pk][2] == Area.Level.DISTRICT] if area else []
        return self.areas[found[0]][0] if found else ""


def _upwards(pk: int, parents: dict[int, int | None]) -> Iterator[int]:
    seen: set[int] = set()
    at: int | None = pk
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = parents.get(at)


def count(cases: Complaints, now: datetime, trees: Trees) -> Rows:
    """The rows of these cases as they stand at `now`."""
    with connection.cursor() as cursor:
        cursor.execute(*_statement(cases, now, trees))
        return {row[:4]: list(row[4:]) for row in cursor.fetchall()}


def store(month: date, now: datetime, trees: Trees) -> None:
    """The same of the cases of a month, straight into the roll-up."""
    _insert(RollUp, (*KEY, *COUNTED), month, _statement(cases_of_month(month), now, trees, first="%s, "))


def _insert(model: type[Model], columns: Sequence[str], month: date, found: tuple[str, list[Any]]) -> None:
    """What a statement finds of a month, whose last parameter is the month."""
    rows, parameters = found
    day = connection.ops.adapt_datefield_value(month)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} (month, {', '.join(columns)}) {rows}", [*parameters, day]
        )


def _statement(cases: Complaints, now: datetime, trees: Trees, first: str = "") -> tuple[str, list[Any]]:
    """KEY and COUNTED of each row. SQL of names of this code alone; codes are parameters."""
    dated = cases.annotate(day=TruncDate("received_at", tzinfo=zone()))
    judged, own = with_kept(dated, now, *FIELDS).query.sql_with_params()
    places = {f"of_{side}": rows for side, rows in trees.scopes.items()}
    places |= {f"code_of_{name}": rows for name, rows in trees.codes.items()}
    statement = (
        f"WITH one ({', '.join((*FIELDS, 'state', 'first', 'extended'))}) AS ({judged}), "
        f"judged AS MATERIALIZED ({_JUDGED}), "
        + "".join(f"{name} (pk, kind, code) AS ({_values(rows)}), " for name, rows in places.items())
        + f"leads (pk, code) AS ({_LEADS}), cells (scope, scope_code, dimension, code, stand, n) AS ({_CELLS}) "
        f"SELECT {first}scope, scope_code, dimension, code, {_SUMS} FROM cells "
        "GROUP BY scope, scope_code, dimension, code"
    )
    texts = [text for rows in places.values() for _pk, *both in rows or NOWHERE for text in both]
    return statement, [*own, *texts]


def _values(rows: list[Place]) -> str:
    return "VALUES " + ", ".join(f"({pk}, %s, %s)" for pk, *_rest in rows or NOWHERE)


def _part(side: str, name: str) -> str:
    """A case counts once in the city and in its places, its parts do not; with the agencies in its line, and a part
    there only where its lead does not count already."""
    keys = ", ".join(dict.fromkeys((*(["parent"] if side == "agency" else []), side, name, "stand")))
    where = "" if side == "agency" else "WHERE is_whole <> 0 "  # PostgreSQL takes what is equal for few
    code = f"'{name}', c.{name}" if name in ("channel", "kind") else "d.kind, d.code"
    part = (
        f"SELECT s.kind, s.code, {code}, c.stand, c.n "
        f"FROM (SELECT {keys}, CAST(count(*) AS integer) AS n FROM judged {where}GROUP BY {keys}) AS c "
        f"JOIN of_{side} s ON s.pk = c.{side}"
    )
    if name not in ("channel", "kind"):
        part += f" JOIN code_of_{name if name != side else OWN + side} d ON d.pk = c.{name}"
    if side == "agency":
        part += " WHERE NOT EXISTS (SELECT 1 FROM leads l WHERE l.pk = c.parent AND l.code = s.code)"
    return part


_JUDGED = (
    "SELECT coalesce(agency_id, 0) AS agency, coalesce(area_id, 0) AS area, "
    "coalesce(category_id, 0) AS category, coalesce(parent_id, 0) AS parent, "
    "CASE WHEN parent_id IS NULL THEN 1 ELSE 0 END AS is_whole, channel, kind, day, "
    f"{_STAND} AS stand FROM one"
)
_LEADS = (
    "SELECT p.pk, s.code FROM (SELECT DISTINCT parent AS pk FROM judged WHERE is_whole = 0) AS p "
    "JOIN complaints_complaint c ON c.id = p.pk JOIN of_agency s ON s.pk = c.agency_id"
)
_DAYS = (
    "SELECT '', '', 'day', CAST(day AS text), stand, CAST(count(*) AS integer) "
    "FROM judged WHERE is_whole <> 0 GROUP BY day, stand"
)
_CELLS = " UNION ALL ".join([*(_part(side, name) for side in SIDES for name in IS), _DAYS])


@dataclass(frozen=True)
class Counted:
    """What was counted of some cases, and of the times that they were with agencies."""

    rows: Rows
    stays: StayRows


def times_of(cases: Complaints) -> QuerySet[KeptStay]:
    return KeptStay.objects.filter(complaint__in=cases.order_by().values("pk"))


def count_stays(stays: QuerySet[KeptStay], now: datetime, trees: Trees) -> StayRows:
    """Of kept times with agencies: once in the city and in the places of their cases, and with each agency in the line
    of whose they are. Parts of shared cases are times of their own."""
    with connection.cursor() as cursor:
        cursor.execute(*_statement_of_stays(stays, now, trees))
        return {row[:3]: list(row[3:]) for row in cursor.fetchall()}


def store_stays(month: date, now: datetime, trees: Trees) -> None:
    """The same of the cases of a month, straight into the roll-up."""
    found = _statement_of_stays(stays_of_month(month), now, trees, first="%s, ")
    _insert(RollUpStay, (*STAY_KEY, *STAYS_COUNTED), month, found)


def _statement_of_stays(
    stays: QuerySet[KeptStay], now: datetime, trees: Trees, first: str = ""
) -> tuple[str, list[Any]]:
    """STAY_KEY and STAYS_COUNTED of each row; SQL as in `_statement`."""
    cells, own = stays_cells(stays, now, "complaint__area_id").query.sql_with_params()
    places: dict[str, list[Place]] = {f"of_{side}": rows for side, rows in trees.scopes.items()}
    places["called"] = [(pk, "", code) for pk, (code, _parent) in trees.agencies.items()]
    parts = " UNION ALL ".join(
        f"SELECT s.kind, s.code, c.agency, c.first, c.extended, c.n FROM cells c "
        f"JOIN of_{side} s ON s.pk = coalesce(c.{side}, 0)"
        for side in SIDES
    )
    statement = (
        f"WITH cells (agency, area, first, extended, n) AS ({cells}), "
        + ", ".join(f"{name} (pk, kind, code) AS ({_values(rows)})" for name, rows in places.items())
        + f", parts (scope, scope_code, agency, first, extended, n) AS ({parts}) "
        f"SELECT {first}scope, scope_code, called.code, {_STAY_SUMS} FROM parts "
        "JOIN called ON called.pk = parts.agency GROUP BY scope, scope_code, called.code"
    )
    texts = [text for rows in places.values() for _pk, *both in rows or NOWHERE for text in both]
    return statement, [*own, *texts]


def _stay_sum(name: str) -> str:
    """Of one of STAYS_COUNTED: all, those that stand so by the first promise, or with extensions."""
    by_first = f"first = '{name}'"
    is_counted = f"extended = '{name.removesuffix('_extended')}'" if name.endswith("_extended") else by_first
    return f"CAST(sum(CASE WHEN {'1 = 1' if name == 'stays' else is_counted} THEN n ELSE 0 END) AS integer)"


_STAY_SUMS = ", ".join(_stay_sum(name) for name in STAYS_COUNTED)
