"""How the times that cases were with agencies stand to what was promised, counted from when each case came there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from complaints.clock.kept import share
from complaints.history.turns import How
from reports.figures.counting.cases import Figures, number

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


def stay_stands(stays: pd.DataFrame, promise: str, built_at: datetime) -> Any:
    """The rules from the weakest to the strongest; each overrules those before. Past is past: what was handed on,
    referred or taken away after the promised time is late."""
    how, until, promised = stays["how"], stays["until_at"], stays[promise]
    handed_on = how == How.HANDED_ON.value
    too_late_to_hand_on = handed_on & stays["first_due_at"].notna() & (until > stays["first_due_at"])
    is_over = until.notna()
    stands = how.astype("object").mask(is_over, "otherwise")
    for rule, name in (
        (~is_over, "open_in_time"),
        (~is_over & promised.isna(), "standing_still"),
        (how == How.ANSWERED.value, "in_time"),
        (how == How.REFERRED.value, "referred"),
        (handed_on, "handed_on"),
        ((promised.notna() & (until.fillna(built_at) > promised)) | too_late_to_hand_on, "late"),
        (stays["began_at"].isna(), "unknown"),
    ):
        stands = stands.mask(rule, name)
    return stands


def by_time_with(stays: pd.DataFrame, built_at: datetime) -> list[Figures]:
    """One row an agency, the most times first: stays = all of STAY_PARTS together."""
    stands, extended = (stay_stands(stays, promise, built_at) for promise in ("promised_at", "due_at"))
    hours = (stays["until_at"] - stays["began_at"]).dt.total_seconds() / 3600 - stays["paused_seconds"] / 3600
    typed, groups = stays["is_typed"].astype(bool), stays.groupby("agency").indices
    rows = [
        _row(str(code), *(each.iloc[own] for each in (stands, extended, hours, typed)))
        for code, own in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["stays"], row["agency"]))


def _row(code: str, stands: Any, extended: Any, hours: Any, typed: Any) -> Figures:
    counts = {name: int((stands == name).sum()) for name in STAY_PARTS}
    met, late = (int((extended == name).sum()) for name in ("in_time", "late"))
    return {
        "agency": code,
        "stays": len(stands),
        **counts,
        "share": share(counts["in_time"], counts["in_time"] + counts["late"]),
        "in_time_extended": met,
        "late_extended": late,
        "share_extended": share(met, met + late),
        "typed": int(typed.sum()),
        "hours_median": number(hours.dropna().median()),
    }
