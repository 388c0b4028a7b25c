"""The counts of a row, and how many of them its size lets a public edition tell, before any of them is looked at.

A table of many small counts costs the large ones, which have to be hidden beside them. Pure.
"""

from collections.abc import Collection

from complaints.clock.kept import EXCLUDED

# What became of the cases of a row: these add up to what was received, and so do ended and open.
PARTS = ("met_target", "late", "not_yet_due", *(reason.value for reason in EXCLUDED))
PROGRESS = ("ended", "open")
EXTENDED = ("met_target_extended", "late_extended")
COUNTS = ("received", *PARTS, *PROGRESS, *EXTENDED)
SHORT = ("received", "met_target", "late", *PROGRESS)  # the rest was not judged, or ended in another way
ONLY = ("received",)
BESIDE = ("late_ended", "waiting_for_citizen", "end_unknown")  # what only the whole says
# Tables of one row a code, by the column that holds it; each adds up to the whole. By step is by time of receipt.
GROUPED = {
    "by_agency": "agency",
    "by_service": "service",
    "by_category": "category",
    "by_area": "area",
    "by_district": "district",
    "by_channel": "channel",
    "by_kind": "kind",
}
# Times with agencies: all of them, and what they come to in parts that add up.
STAYS = "by_time_with"
STAYS_PARTS = ("in_time", "late", "handed_on", "rest")
STAYS_TOLD = ("stays", *STAYS_PARTS)
STEPS, DAYS, AGES = "by_step", "by_day", "open_by_age"
TOGETHER = "\0together"  # the row of a table's sum, where the whole has no figure of its own for it
TIMES = frozenset(
    f"hours_{of}_{what}" for of in ("to_end", "without_pauses") for what in ("median", "p90", "mean")
)
EVERYTHING = frozenset({*COUNTS, *BESIDE, "count"})
FROM_MANY = ("open_by_age", "rejected")  # of few cases these have hardly a row that is not small
# Below this many cases the whole is told short, and tables are one-way: how many in each row, and not what became of
# them. Of 43 cases in four agencies nearly every cell of the table with both is a person.
ONE_WAY_BELOW = 200
# Where they are not one-way, rows with fewer are only counted, and those with fewer than the second are told short.
SHORT_FROM, FULL_FROM = 40, 1000


def told_of_whole(received: int) -> tuple[str, ...]:
    return SHORT if 0 < received < ONE_WAY_BELOW else (*COUNTS, *BESIDE)


def told_of_row(received: int, *, is_one_way: bool) -> tuple[str, ...]:
    if is_one_way or received < SHORT_FROM:
        return ONLY
    return SHORT if received < FULL_FROM else COUNTS


def told_together(told: Collection[Collection[str]]) -> tuple[str, ...]:
    """The columns of a table whose rows are told these."""
    return tuple(name for name in COUNTS if any(name in each for each in told))
