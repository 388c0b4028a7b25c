"""How the times that cases were with agencies stand to what was promised, counted from when each case came there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import share
from complaints.history.turns import How
from reports.figures.arrays import ruled
from reports.figures.counting.cases import Figures, number
from reports.figures.counting.sums import Alike, Group, Numbers

if TYPE_CHECKING:
    import pandas as pd

# Each time is in exactly one of these; together they are all.
STAY_PARTS = (
    "in_time",
    "late",
    "open_in_time",
    "handed_on",
    "referred",
    "otherwise",
    "standing_still",
    "unknown",
)
NAMES = (*STAY_PARTS, "in_time_extended", "late_extended", "typed")


def stay_stands(stays: pd.DataFrame, promise: str, built_at: datetime) -> Any:
    """The rules from the weakest to the strongest; each overrules those before. Past is past: what was handed on,
    referred or taken away after the promised time is late."""
    how, until, promised = stays["how"], stays["until_at"], stays[promise]
    handed_on = how == How.HANDED_ON.value
    too_late_to_hand_on = handed_on & stays["first_due_at"].notna() & (until > stays["first_due_at"])
    is_over = until.notna()
    return ruled(
        (is_over, "otherwise"),
        (~is_over, "open_in_time"),
        (~is_over & promised.isna(), "standing_still"),
        (how == How.ANSWERED.value, "in_time"),
        (how == How.REFERRED.value, "referred"),
        (handed_on, "handed_on"),
        ((promised.notna() & (until.fillna(built_at) > promised)) | too_late_to_hand_on, "late"),
        (stays["began_at"].isna(), "unknown"),
    )


class Stays:
    """The times of a period, of which some come at a time."""

    def __init__(self, built_at: datetime) -> None:
        self.built_at = built_at
        self._agencies, self._hours = Group(NAMES), Numbers("float64")

    def add(self, stays: pd.DataFrame) -> None:
        first, extended = (
            stay_stands(stays, promise, self.built_at) for promise in ("promised_at", "due_at")
        )
        hours = (stays["until_at"] - stays["began_at"]).dt.total_seconds() / 3600 - stays[
            "paused_seconds"
        ] / 3600
        numbers = [first == name for name in STAY_PARTS]
        numbers += [extended == name for name in ("in_time", "late")]
        numbers += [stays["is_typed"].to_numpy(dtype=bool)]
        self._agencies.add(stays["agency"], Alike.of(numbers))
        self._hours.add(hours)

    def by_agency(self) -> list[Figures]:
        """One row an agency, the most times first: stays = all of STAY_PARTS together."""
        medians = self._agencies.medians({"hours": self._hours})
        rows = [_row(code, sums, medians[code]["hours"]) for code, sums in self._agencies.sums()]
        return sorted(rows, key=lambda row: (-row["stays"], row["agency"]))


def _row(code: str, sums: dict[str, int], median: Any) -> Figures:
    counts = {name: sums[name] for name in STAY_PARTS}
    return {
        "agency": code,
        "stays": sum(counts.values()),
        **sums,
        "share": share(sums["in_time"], sums["in_time"] + sums["late"]),
        "share_extended": share(sums["in_time_extended"], sums["in_time_extended"] + sums["late_extended"]),
        "hours_median": number(median),
    }
