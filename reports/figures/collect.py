"""All that a report counts, read out of the database."""

from typing import Any

from accounts.models import Agency, User
from complaints.models import Area, Category, RejectReason, Service
from reports.figures.reading.cases import rows_of_cases
from reports.figures.reading.places import rows_of_places
from reports.figures.reading.promises import rows_of_promises
from reports.figures.reading.scope import Scope
from reports.figures.reading.voices import rows_of_voices
from reports.figures.tables import Read, Tables

Names = dict[str, dict[str, dict[str, str]]]


def collect(scope: Scope) -> Tables:
    """The tables of the period and of the one before, in an order that says nothing about the order in which cases
    came."""
    before = Tables.of(_rows(scope.before()))  # its rows are let go before those of the period are read
    return Tables.of(_rows(scope), before)


def _rows(scope: Scope) -> Read:
    return rows_of_cases(scope) | rows_of_promises(scope) | rows_of_voices(scope) | rows_of_places(scope)


def labels_of(tables: Tables, scope: Scope) -> Names:
    """What the codes in the tables are called, in both languages: {"agency": {code: {"id", "en"}}, …}."""
    agencies = Agency.objects.filter(code__in=_codes(tables, "agency") | _codes(tables, "office"))
    areas = Area.objects.filter(code__in=_codes(tables, "area") | _codes(tables, "district"))
    return {
        "agency": {row.code: {"id": row.name, "en": row.name_en or row.name} for row in agencies},
        "category": _bilingual(Category, _codes(tables, "category")),
        "service": _bilingual(Service, _codes(tables, "service")),
        "reason": _bilingual(RejectReason, _codes(tables, "end_reason")),
        "area": {row.code: {"id": row.name, "en": row.name} for row in areas},
        "handler": _handlers(tables, scope),
    }


def _codes(tables: Tables, column: str) -> set[str]:
    """Those of both periods, in whatever table they stand."""
    both = [tables] + ([tables.before] if tables.before is not None else [])
    frames = [frame for each in both for frame in each.frames.values() if column in frame.columns]
    return {code for frame in frames for code in frame[column].unique().tolist() if code}


def _bilingual(model: Any, codes: set[str]) -> dict[str, dict[str, str]]:
    rows = model.objects.filter(code__in=codes)
    return {row.code: {"id": row.name_id, "en": row.name_en or row.name_id} for row in rows}


def _handlers(tables: Tables, scope: Scope) -> dict[str, dict[str, str]]:
    known = _codes(tables, "handler")
    people = User.objects.values_list("pk", "name")
    named = {scope.names(f"user:{pk}"): name for pk, name in people}
    return {code: {"id": name, "en": name} for code, name in named.items() if code in known}
