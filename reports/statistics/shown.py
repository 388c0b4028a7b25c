"""What a page of statistics shows: the same for everybody's frozen figures and for the live ones of staff."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.catalogue import catalogue
from complaints.clock.periods import month_words, quarter_words
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel
from complaints.shares import share_of
from reports.opendata.models import PublicEdition
from reports.statistics.blocks import Block
from reports.statistics.circles import Circle, Place, circles
from reports.suppression.columns import SHORT_FROM, STAYS
from reports.suppression.rows import flat, short_stay
from reports.suppression.tables import OTHERS_CODE

HIDDEN, NONE = "*", "–"
HOURS_A_DAY = 24
Value = int | None
Row = Mapping[str, Any]
Link = Callable[[str, str], str]  # to the cases of a row, by dimension and code; "" where there is none
DIMENSIONS = ("agency", "category", "district", "area", "channel", "kind")
WIDE = ("ended", "open", "met_target", "late")


@dataclass(frozen=True)
class Sheet:
    """The figures of one block; None is hidden. Labels: what codes are called, by dimension and language."""

    main: Row
    tables: Mapping[str, list[Row]]
    labels: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def row(self, dimension: str, code: str) -> Row:
        return next((row for row in self.rows(dimension) if row[dimension] == code), {})

    def rows(self, dimension: str) -> list[Row]:
        return self.tables.get(f"by_{dimension}", [])

    @property
    def is_one_way(self) -> bool:
        return not any("late" in row for name in self.tables for row in self.tables[name])


def of_edition(edition: PublicEdition) -> Sheet:
    tables: dict[str, list[Row]] = {
        name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
        for name, table in edition.tables.items()
    }
    main = {row["figure"]: row["value"] for row in tables.pop("figures")}
    return Sheet(main, tables, edition.labels)


def of_figures(figures: Mapping[str, Any], labels: Mapping[str, Any]) -> Sheet:
    tables = {
        name: [flat(row) if "excluded" in row else row for row in rows]
        for name, rows in figures.items()
        if isinstance(rows, list)
    }
    return Sheet(
        flat({code: value for code, value in figures.items() if not isinstance(value, list)}), tables, labels
    )


def number(value: Value) -> str:
    return HIDDEN if value is None else _grouped(value, get_language())


@lru_cache(maxsize=2000)
def _grouped(value: int, _language: str | None) -> str:
    """A page has hundreds, most of them small."""
    return str(number_format(value, use_l10n=True, force_grouping=True))


def in_time(row: Row) -> str:
    """The share with its two numbers; of few the numbers alone."""
    if "late" not in row:
        return NONE
    met, late = row["met_target"], row["late"]
    if met is None or late is None:
        return HIDDEN
    return share_of(met, met + late) or NONE


def block_name(block: Block) -> str:
    if block.kind == "year":
        return f"{block.first:%Y}"
    if block.kind == "quarter":
        return str(capfirst(quarter_words(block.first)))
    return month_words(block.first)


def cards(now: Row, before: Row | None, name_before: str) -> list[dict[str, str]]:
    """The main figures, each beside the period before; not one of which both are hidden."""
    titles = {
        "received": _("Received"),
        "ended": _("Answered or over in another way"),
        "open": _("Still open"),
    }
    made = []
    for code, title in titles.items():
        if code in now:
            made.append(
                _card(
                    title,
                    number(now[code]),
                    number(before[code]) if before and code in before else "",
                    name_before,
                )
            )
    if "late" in now:
        was = in_time(before) if before and "late" in before else ""
        made.append(_card(_("Answered in time"), in_time(now), was, name_before))
    return [card for card in made if card["value"] != HIDDEN or card["was"] not in ("", NONE, HIDDEN)]


def _card(title: str, value: str, was: str, name_before: str) -> dict[str, str]:
    note = _("%(period)s: %(value)s") % {"period": name_before, "value": was} if was else ""
    return {"label": title, "value": value, "note": note, "was": was}


def breakdowns(now: Sheet, before: Sheet | None, name_before: str, link: Link) -> list[dict[str, Any]]:
    """A table a dimension, its bars in the cells: the largest first, what is put together last."""
    titles = {
        "agency": (_("By agency"), _("Agency")),
        "category": (_("What it was about"), _("Category")),
        "district": (_("By district"), _("District")),
        "area": (_("By ward"), _("Ward or district")),
        "channel": (_("How it came"), _("Channel")),
        "kind": (_("By kind"), _("Kind")),
    }
    made = []
    for dimension in DIMENSIONS:
        rows = now.rows(dimension)
        if len(rows) < 2 and all(row[dimension] == OTHERS_CODE for row in rows):
            continue  # all put together says no more than the whole
        if not rows or (dimension in ("area", "district") and all(not row[dimension] for row in rows)):
            continue
        wide = [code for code in WIDE if code in rows[0]]
        top = max((row["received"] or 0 for row in rows), default=0) or 1
        old = {row[dimension]: row for row in before.rows(dimension)} if before else None
        if before and not old and before.main.get("received") != 0:
            old = None  # of so few only how many they were is published: nobody was nought
        made.append(
            {
                "code": dimension,
                "title": titles[dimension][0],
                "head": titles[dimension][1],
                "wide": bool(wide),
                "before": name_before if old is not None else "",
                "rows": [_line(now, dimension, row, top, old, wide, link) for row in rows],
            }
        )
    return made


def _line(
    sheet: Sheet,
    dimension: str,
    row: Row,
    top: int,
    old: Mapping[str, Row] | None,
    wide: Sequence[str],
    link: Link,
) -> dict[str, Any]:
    code = row[dimension]
    # Of few only how many there were is told; staff, for whom nothing is hidden, read it all.
    is_few = all(row[name] is None for name in wide) and (row["received"] or 0) < SHORT_FROM
    line = {
        "name": name_of(sheet, dimension, code),
        "received": number(row["received"]),
        "width": round(100 * (row["received"] or 0) / top),
        "url": link(dimension, code) if row["received"] else "",
        "cells": [NONE if is_few else number(row[name]) for name in wide[:2]],
    }
    if wide:
        line["in_time"] = NONE if is_few else in_time(row)
    if old is not None:
        was = old.get(code)
        # A code that is missing may have been put together with others.
        unknown = HIDDEN if OTHERS_CODE in old else "0"
        line["before"] = number(was["received"]) if was else unknown
        if code == OTHERS_CODE:  # others than before
            line["before"] = NONE
    return line


def times_with(
    sheet: Sheet, agency: str = "", hours: Mapping[str, float] | None = None
) -> list[dict[str, Any]]:
    """Agencies by the time that a case was with them, or the one; the most times first. `hours`: how long the middle
    time was, by agency, where that is told."""
    hours = hours or {}
    rows = [row if "rest" in row else short_stay(row) for row in sheet.tables.get(STAYS, ())]
    return [
        {
            "code": row["agency"],
            "name": name_of(sheet, "agency", row["agency"]),
            "in_time": in_time({"met_target": row["in_time"], "late": row["late"]}),
            **{name: number(row[name]) for name in ("stays", "late", "handed_on", "rest")},
            "days": _days(hours.get(row["agency"])),
        }
        for row in rows
        if not agency or row["agency"] == agency
    ]


def _days(hours: float | None) -> str:
    return NONE if hours is None else number_format(hours / HOURS_A_DAY, 1)


def name_of(sheet: Sheet, dimension: str, code: str) -> str:
    if code == OTHERS_CODE:
        return _("All others")
    if dimension == "channel":
        return str(Channel(code).label)
    if dimension == "kind":
        return str(Kind(code).label)
    names = sheet.labels.get(dimension, {}).get(code, {})
    return names.get(get_language() or "id", "") or code or _without(dimension)


def _without(dimension: str) -> str:
    if dimension in ("area", "district"):
        return _("No place named")
    return {"agency": _("Not assigned"), "category": _("No category")}.get(dimension, NONE)


def course(blocks: Sequence[tuple[Block, Row]]) -> list[dict[str, Any]]:
    """The same figure over the last periods of the kind, oldest first."""
    top = max((row.get("received") or 0 for _block, row in blocks), default=0) or 1
    return [
        {
            "name": block_name(block),
            "code": block.code,
            "received": number(row.get("received", 0)),
            "width": round(100 * (row.get("received") or 0) / top),
            "in_time": in_time(row),
        }
        for block, row in blocks
    ]


MAP_WIDTH, MAP_HEIGHT, EDGE = 320, 240, 34


def district_map(sheet: Sheet) -> list[Circle]:
    """A circle a district at its middle; hidden ones are hollow."""
    rows = {row["district"]: row["received"] for row in sheet.rows("district")}
    unnamed = None if OTHERS_CODE in rows else 0
    places = [
        Place(
            name_of(sheet, "district", area.code) if area.code in rows else area.name,
            area.latitude,
            area.longitude,
            value,
            number(value),
        )
        for area in catalogue().areas.values()
        if area.level == "district" and area.latitude is not None and area.longitude is not None
        for value in [rows.get(area.code, unnamed)]
    ]
    return circles(places, MAP_WIDTH, MAP_HEIGHT, EDGE)
