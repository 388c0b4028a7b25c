"""Sections by service, and by place: areas, and districts with a map and with what it is per thousand residents."""

from django.utils.translation import gettext as _

from reports.figures.reading.places import MAP_VERSION
from reports.pages import words
from reports.pages.charts import Bar, bars
from reports.pages.frozen import Frozen, Row
from reports.pages.groups import Groups, hidden_notes
from reports.pages.labels import name_of
from reports.pages.maps import district_map
from reports.pages.parts import Chart, Section, Table
from reports.statistics.circles import Place
from reports.suppression.rows import OTHERS, code_of

FEWEST = 2  # rows; one compares nothing
COLUMNS = ("district", "received", "ended", "open", "met_target", "late", "residents", "per_thousand")


def place_sections(groups: Groups) -> list[Section]:
    found = [_services(groups), _areas(groups), _districts(groups)]
    return [section for section in found if section is not None]


def _services(groups: Groups) -> Section | None:
    rows = groups.data["figures"].get("by_service", [])
    if len([row for row in rows if row["service"]]) < FEWEST:
        return None
    lead = _("Of the cases that name a public service.")
    return groups.section("by_service", "service", _("Services"), _("Service"), lead)


def _areas(groups: Groups) -> Section:
    rows = groups.data["figures"]["by_area"]
    if {row["area"] for row in rows} <= {""}:
        return Section("by_area", _("Areas"), _("None of these cases names one of the city's areas."))
    return groups.section("by_area", "area", _("Areas"), _("Area"), "")


def _districts(groups: Groups) -> Section | None:
    frozen = Frozen(groups.data)
    if not frozen.rows("by_district"):
        return None
    rows = [row for row in groups.rows("by_district", "district") if row["district"]]
    if len(rows) < FEWEST or all(_received(groups, row) is None for row in rows):
        return None
    section = Section("by_district", _("Districts"), frozen.definition("by_district"))
    section.charts += [chart for chart in (_map(groups, rows), _per_thousand(groups, rows)) if chart]
    if groups.public:
        section.tables.append(_public_table(groups))
    else:
        columns = COLUMNS if any(row["residents"] for row in rows) else COLUMNS[:-2]
        section.tables.append(frozen.table("by_district", columns))
    return section


def _received(groups: Groups, row: Row) -> int | None:
    """None where it is hidden."""
    return None if "received" in groups.hidden("by_district", "district", row) else row["received"]


def _map(groups: Groups, rows: list[Row]) -> Chart | None:
    """None of a snapshot that does not say where districts lie, as those made by an earlier version."""
    kept = groups.data.get("map", {})
    if kept.get("version") != MAP_VERSION:
        return None
    known = {code_of(row, "district"): _received(groups, row) for row in rows}
    unnamed = None if OTHERS in known else 0  # it is among those put together, or nobody named it
    places = [
        Place(name_of(groups.data, "area", code), north, east, value, _said(value))
        for code, (north, east) in kept["districts"].items()
        for value in [known.get(code, unnamed)]
    ]
    title = _("Received, by district: a circle at the middle of each, as large as their number")
    drawn = district_map(title, places, groups.colours)
    return Chart(title, drawn) if drawn else None


def _said(value: int | None) -> str:
    return words.HIDDEN if value is None else words.number(value)


def _per_thousand(groups: Groups, rows: list[Row]) -> Chart | None:
    shown = [
        row for row in rows if row.get("per_thousand") is not None and _received(groups, row) is not None
    ]
    if len(shown) < FEWEST:
        return None
    title = _("Received per 1,000 residents (in brackets: how many in all)")
    drawn = [
        Bar(
            name_of(groups.data, "area", row["district"]),
            row["per_thousand"],
            f"{words.decimal(row['per_thousand'], 2)} ({words.number(row['received'])})",
        )
        for row in sorted(shown, key=lambda row: (-row["per_thousand"], row["district"]))
    ]
    desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
    return Chart(title, bars(title, desc, drawn, groups.colours.primary))


def _public_table(groups: Groups) -> Table:
    """How many came from each, and what that is per thousand residents where they are known."""
    rows = groups.rows("by_district", "district")
    heads, cells = [(_("District"), False), (_("Received"), True)], []
    if has_residents := any(row.get("residents") for row in rows):
        heads += [(_("Residents"), True), (_("Per 1,000 residents"), True)]
    for row in rows:
        received, is_one = _received(groups, row), code_of(row, "district") != OTHERS
        cell = [name_of(groups.data, "area", row["district"]) if is_one else _("All others"), _said(received)]
        if has_residents:
            rate = row["per_thousand"] if is_one and received is not None else None
            cell += [words.number(row["residents"] if is_one else None), words.decimal(rate, 2)]
        cells.append(cell)
    return Table(_("Received by district"), heads, cells, notes=hidden_notes(cells))
