"""Sections by service, and by place: areas, and districts with what it is per thousand residents.

There is no map: a snapshot keeps the names of areas and not where their middles lie, which `/statistics/` draws.
"""

from django.utils.translation import gettext as _

from reports.pages import words
from reports.pages.charts import Bar, bars
from reports.pages.frozen import Frozen
from reports.pages.groups import Groups
from reports.pages.labels import name_of
from reports.pages.parts import Chart, Section

FEWEST = 2  # rows; one compares nothing


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
    """Not in public: its rows are sums of the rows by area, and give away what is hidden there."""
    frozen = Frozen(groups.data)
    rows = [row for row in frozen.rows("by_district") if row["district"]]
    if groups.public or len(rows) < FEWEST:
        return None
    section = Section("by_district", _("Districts"), frozen.definition("by_district"))
    known = sorted(
        (row for row in rows if row["per_thousand"] is not None),
        key=lambda row: (-row["per_thousand"], row["district"]),
    )
    if known:
        title = _("Received per 1,000 residents")
        drawn = [
            Bar(
                name_of(groups.data, "area", row["district"]),
                row["per_thousand"],
                f"{words.decimal(row['per_thousand'], 2)} ({words.number(row['received'])})",
            )
            for row in known
        ]
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        section.charts.append(Chart(title, bars(title, desc, drawn, groups.colours.primary)))
    columns = ("district", "received", "ended", "open", "met_target", "late", "residents", "per_thousand")
    section.tables.append(frozen.table("by_district", columns))
    return section
