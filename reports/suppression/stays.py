"""What the public edition tells of the times that cases were with agencies: a table beside that of the cases of each
agency, from which it could be subtracted."""

from collections.abc import Mapping
from typing import Any

from complaints.clock.kept import share
from reports.suppression.columns import SHORT_FROM
from reports.suppression.report import Marks
from reports.suppression.rows import Hidden, Row, hide, is_small

STAYS = "by_time_with"
REST = ("open_in_time", "referred", "otherwise", "standing_still", "unknown")
PUBLIC_PARTS = ("in_time", "late", "handed_on", "rest")
PUBLIC = ("stays", *PUBLIC_PARTS)
# What each is near to among the cases of the agency; a small difference between the two would tell of few.
NEAR = {"stays": "received", "in_time": "met_target", "late": "late"}


def public_stays(figures: Mapping[str, Any], marks: Marks) -> list[tuple[Row, Hidden]]:
    """The rows of agencies with forty cases and forty times or more, each with what is hidden in it. Nothing of a
    report that is one-way, where the table of cases says how many there were and no more."""
    if marks.is_bare or marks.is_one_way:
        return []
    cases = {row.get("code", row["agency"]): row for row in figures["by_agency"]}
    rows = [
        short(row)
        for row in figures.get(STAYS, ())
        if row["stays"] >= SHORT_FROM and cases.get(row["agency"], {"received": 0})["received"] >= SHORT_FROM
    ]
    also = [_near(row, cases[row["agency"]], marks) for row in rows]
    return list(zip(rows, hide(rows, PUBLIC_PARTS, "stays", also=also), strict=True))


def short(row: Row) -> Row:
    """With what is neither in time nor late nor handed on in one count, and without what is hidden with it."""
    counts = {name: row[name] for name in ("agency", "stays", "in_time", "late", "handed_on")}
    rest = sum(row[name] for name in REST)
    return counts | {"rest": rest, "share": share(row["in_time"], row["in_time"] + row["late"])}


def _near(row: Row, cases: Row, marks: Marks) -> Hidden:
    """What is hidden of the cases, or would tell few of them."""
    gone = marks.hidden("by_agency", row["agency"])
    return {name for name, other in NEAR.items() if other in gone or is_small(abs(row[name] - cases[other]))}
