"""By district, with what it is per thousand residents, and by person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures.counting.cases import Figures, by_group, number
from reports.figures.marks import counted

if TYPE_CHECKING:
    import pandas as pd

STAFF = ("received", "ended", "open", "met_target", "late", "disputed", "reopened", "extended", "ratings")


def residents_of_city(areas: pd.DataFrame) -> int | None:
    known = areas.loc[areas["level"] == "city", "residents"].dropna()
    return int(known.sum()) if len(known) else None


def per_thousand(count: int, residents: int | None) -> float | None:
    return 1000 * count / residents if residents else None


def by_district(cases: pd.DataFrame, areas: pd.DataFrame) -> list[Figures]:
    known = areas.dropna(subset=["residents"])
    residents = dict(zip(known["area"], known["residents"].astype(int).tolist(), strict=True))
    rows = by_group(cases, "district")
    for row in rows:
        row["residents"] = residents.get(row["district"])
        row["per_thousand"] = per_thousand(row["received"], row["residents"])
    return rows


def by_handler(cases: pd.DataFrame, handlers: pd.DataFrame) -> list[Figures]:
    """Who has how many cases of the period, and how they stand; by agency and pseudonym, so that it ranks nobody."""
    who = cases["case"].map(handlers.set_index("case")["handler"])
    found = []
    # One group at a time: grouped as a whole they are the whole table once more.
    groups: Any = cases[["agency"]].assign(handler=who).groupby(["agency", "handler"])
    for (agency, handler), rows in sorted(groups.indices.items()):
        own = cases.iloc[rows]
        found.append(
            {
                "handler": handler,
                "agency": agency,
                **counted(own, *STAFF),
                "rating_mean": number(own["rating"].dropna().mean()),
                "hours_to_end_median": number(own["hours"].dropna().median()),
            }
        )
    return found
