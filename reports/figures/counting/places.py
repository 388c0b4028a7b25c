"""By district, with what it is per thousand residents, and by person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures.arrays import combined, numbered, table_of
from reports.figures.counting.cases import Figures, by_group, mean, number

if TYPE_CHECKING:
    import pandas as pd

    from reports.figures.counting.gathered import Cases

STAFF = ("received", "ended", "open", "met_target", "late", "disputed", "reopened", "extended", "ratings")


def residents_of_city(areas: pd.DataFrame) -> int | None:
    known = areas.loc[areas["level"] == "city", "residents"].dropna()
    return int(known.sum()) if len(known) else None


def per_thousand(count: int, residents: int | None) -> float | None:
    return 1000 * count / residents if residents else None


def by_district(cases: Cases, areas: pd.DataFrame) -> list[Figures]:
    known = areas.dropna(subset=["residents"])
    residents = dict(zip(known["area"], known["residents"].astype(int).tolist(), strict=True))
    rows = by_group(cases, "district")
    for row in rows:
        row["residents"] = residents.get(row["district"])
        row["per_thousand"] = per_thousand(row["received"], row["residents"])
    return rows


def with_handlers(cases: pd.DataFrame, handlers: pd.DataFrame) -> pd.Series[Any]:
    """(agency, handler) of each case; none where nobody has it."""
    import pandas as pd

    (case, own), size = numbered(cases["case"], handlers["case"])
    codes, known = pd.factorize(handlers["handler"])
    who = table_of(size, own, codes, -1)[case]
    which, one = combined(cases["agency"], who)
    each = zip(cases["agency"].iloc[one], who[one].tolist(), strict=True)
    pairs = pd.Series([None if n < 0 else (agency, known[n]) for agency, n in each], dtype="object")
    return pairs.iloc[which].reset_index(drop=True)


def by_handler(cases: Cases) -> list[Figures]:
    """Who has how many cases of the period, and how they stand; by agency and pseudonym, so that it ranks nobody."""
    medians = cases.medians("handler")
    return [
        {
            "handler": handler,
            "agency": agency,
            **{code: sums[code] for code in STAFF},
            "rating_mean": mean(sums["rating"], sums["ratings"]),
            "hours_to_end_median": number(medians[agency, handler]["hours"]),
        }
        for (agency, handler), sums in sorted(cases.by("handler").items())
    ]
