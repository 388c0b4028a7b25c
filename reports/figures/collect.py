"""Reads all that a report counts out of the database, some cases at a time: their rows go into the snapshot, and what
figures need of them is gathered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.models import Agency, User
from complaints.clock.city_time import zone
from complaints.models import Area, Category, RejectReason, Service
from reports.figures.reading.cases import pieces_of, rows_of_cases
from reports.figures.reading.places import rows_of_places
from reports.figures.reading.promises import rows_of_promises
from reports.figures.reading.scope import Scope
from reports.figures.reading.voices import rows_of_voices
from reports.figures.sheet import Sheet
from reports.figures.stored import StoredTables
from reports.figures.tables import OF_CASES, Tables

AT_ONCE = 10_000  # cases whose rows are in memory
NAMED = ("agency", "office", "area", "district", "category", "service", "end_reason", "handler")
Names = dict[str, dict[str, dict[str, str]]]


@dataclass
class Collected:
    """Of one period. `codes`: by column, those of NAMED that stand in any table."""

    sheet: Sheet
    rows: StoredTables = field(default_factory=StoredTables)
    codes: dict[str, set[str]] = field(default_factory=lambda: {column: set() for column in NAMED})

    def add(self, tables: Tables) -> None:
        self.rows.add(tables)
        for frame in tables.frames.values():
            for column in self.codes.keys() & set(frame.columns):
                self.codes[column].update(code for code in frame[column].unique() if code)


def collect(scope: Scope) -> Collected:
    """The rows lie in an order that says nothing about the order in which cases came."""
    whole = Tables.of(rows_of_promises(scope) | rows_of_voices(scope) | rows_of_places(scope))
    found = Collected(Sheet(whole, scope.period, scope.now, zone()))
    found.add(Tables({name: frame for name, frame in whole.frames.items() if name not in OF_CASES}))
    for some in pieces_of(scope, AT_ONCE):
        rows = Tables.of(rows_of_cases(some))
        rows = Tables({name: rows[name] for name in OF_CASES})
        found.add(rows)
        found.sheet.add(Tables(whole.frames | rows.frames))
        scope.names.forget()
    return found


def labels_of(codes: dict[str, set[str]], scope: Scope) -> Names:
    """What codes are called, in both languages: {"agency": {code: {"id", "en"}}, …}."""
    agencies = Agency.objects.filter(code__in=codes["agency"] | codes["office"])
    areas = Area.objects.filter(code__in=codes["area"] | codes["district"])
    return {
        "agency": {row.code: {"id": row.name, "en": row.name_en or row.name} for row in agencies},
        "category": _bilingual(Category, codes["category"]),
        "service": _bilingual(Service, codes["service"]),
        "reason": _bilingual(RejectReason, codes["end_reason"]),
        "area": {row.code: {"id": row.name, "en": row.name} for row in areas},
        "handler": _handlers(codes["handler"], scope),
    }


def _bilingual(model: Any, codes: set[str]) -> dict[str, dict[str, str]]:
    rows = model.objects.filter(code__in=codes)
    return {row.code: {"id": row.name_id, "en": row.name_en or row.name_id} for row in rows}


def _handlers(known: set[str], scope: Scope) -> dict[str, dict[str, str]]:
    people = User.objects.values_list("pk", "name")
    named = {scope.names(f"user:{pk}"): name for pk, name in people}
    return {code: {"id": name, "en": name} for code, name in named.items() if code in known}
