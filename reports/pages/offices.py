"""What agencies are judged by: the times that cases were with them."""

from typing import Any

from django.utils.translation import gettext as _

from complaints.shares import FEW
from reports.figures.counting.stays import STAY_PARTS
from reports.pages import words
from reports.pages.charts import Bar, bars
from reports.pages.groups import Groups, Row, hidden_note, too_few
from reports.pages.labels import name_of
from reports.pages.parts import Chart, Section, Table
from reports.suppression.columns import STAYS, STAYS_TOLD
from reports.suppression.rows import Hidden
from reports.suppression.stays import public_stays


def time_with_agencies(groups: Groups) -> list[Section]:
    """None in a report from before this was counted."""
    if STAYS not in groups.figures:
        return []
    section = Section(STAYS, _("The time a case was with an agency"), _lead())
    rows: list[tuple[Row, Hidden]] = [(row, set()) for row in groups.figures[STAYS]]
    if groups.public:
        rows = public_stays(groups.figures, groups.marks)
    if not rows:
        section.lead = too_few(groups.data)
        return [section]
    if chart := _chart(groups, rows):
        section.charts.append(chart)
    section.tables += (
        [_public(groups, rows)] if groups.public else _internal(groups, [row for row, _h in rows])
    )
    return [section]


def _lead() -> str:
    return _(
        "What an agency answers for. Each time that a case was with it counts, wherever the case is now; the promised "
        "time is counted from the moment it came there. What it gave back within the time of the first answer "
        "is handed on, and not its delay. The table by agency above shows the promise to the citizen instead."
    )


def _chart(groups: Groups, rows: list[tuple[Row, Hidden]]) -> Chart | None:
    drawn = [
        Bar(
            name_of(groups.data, "agency", row["agency"]),
            row["share"],
            f"{words.per_cent(row['share'])} ({words.number(row['in_time'] + row['late'])})",
        )
        for row, hidden in rows
        if row["in_time"] + row["late"] >= FEW and not {"in_time", "late"} & hidden
    ]
    if len(drawn) < 2:
        return None
    drawn = sorted(drawn, key=lambda bar: -bar.value)[:15]
    title = _("Share in time of the time with the agency (in brackets: of how many)")
    desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
    return Chart(title, bars(title, desc, drawn, groups.colours.accent, top=100))


def _public(groups: Groups, rows: list[tuple[Row, Hidden]]) -> Table:
    heads = [
        (_("Agency"), False),
        (_("Times with it"), True),
        (_("In time"), True),
        (_("Late"), True),
        (_("Handed on"), True),
        (_("Other"), True),
        (_("Share in time"), True),
    ]
    cells = []
    for row, hidden in rows:
        counts = [words.HIDDEN if name in hidden else words.number(row[name]) for name in STAYS_TOLD]
        is_hidden = bool({"in_time", "late"} & hidden)
        share = words.HIDDEN if is_hidden else words.share(row["in_time"], row["in_time"] + row["late"])
        cells.append([name_of(groups.data, "agency", row["agency"]), *counts, share])
    return Table(_("Times with agencies of forty cases and more"), heads, cells, notes=[hidden_note()])


def _internal(groups: Groups, rows: list[dict[str, Any]]) -> list[Table]:
    names = [name_of(groups.data, "agency", row["agency"]) for row in rows]
    heads = [
        (_("Agency"), False),
        (_("Times with it"), True),
        (_("In time"), True),
        (_("Late"), True),
        (_("Share in time"), True),
        (_("… if more time counts"), True),
        (_("Median time with it"), True),
        (_("Typed in by staff"), True),
    ]
    cells = [
        [
            name,
            *(words.number(row[code]) for code in ("stays", "in_time", "late")),
            words.share(row["in_time"], row["in_time"] + row["late"]),
            words.share(row["in_time_extended"], row["in_time_extended"] + row["late_extended"]),
            words.duration(row["hours_median"]),
            words.share(row["typed"], row["stays"]),
        ]
        for name, row in zip(names, rows, strict=True)
    ]
    return [Table(_("In the time with the agency"), heads, cells), *_not_judged(names, rows)]


def _not_judged(names: list[str], rows: list[dict[str, Any]]) -> list[Table]:
    titles = {
        "open_in_time": _("Open in time"),
        "handed_on": _("Handed on"),
        "referred": _("Referred"),
        "otherwise": _("Ended otherwise"),
        "standing_still": _("Standing still"),
        "unknown": _("Unknown"),
    }
    shown = [part for part in STAY_PARTS if part in titles and any(row[part] for row in rows)]
    heads = [(_("Agency"), False), *((titles[part], True) for part in shown)]
    cells = [
        [name, *(words.number(row[part]) for part in shown)] for name, row in zip(names, rows, strict=True)
    ]
    return [Table(_("Neither in time nor late"), heads, cells)] if shown else []
