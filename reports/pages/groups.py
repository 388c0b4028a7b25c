"""Sections by agency, category, area, channel and kind: a chart of the largest and a table."""

from typing import Any

from django.utils.translation import gettext as _

from reports.pages import words
from reports.pages.charts import Bar, Colours, bars
from reports.pages.labels import name_of
from reports.pages.parts import Chart, Section, Table
from reports.pages.suppression import OTHERS, is_small, merge_small, total

TOP = 15
FEW = 20  # a share of fewer cases than this says little


class Groups:
    """Makes the sections of one report; `public` hides small cells."""

    def __init__(self, data: dict[str, Any], colours: Colours, *, public: bool) -> None:
        self.data, self.colours, self.public = data, colours, public

    def rows(self, figure: str, key: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.data["figures"][figure]
        return merge_small(rows, key) if self.public else rows

    def name(self, key: str, row: dict[str, Any]) -> str:
        code = row.get("code", row[key])
        return _("All others") if code == OTHERS else name_of(self.data, key, code)

    def table(self, head: str, key: str, rows: list[dict[str, Any]], total_row: bool = True) -> Table:
        heads = [
            (head, False),
            (_("Received"), True),
            (_("Ended"), True),
            (_("Open"), True),
            (_("With target"), True),
            (_("In time"), True),
            (_("Share in time"), True),
            (_("Median time"), True),
        ]
        cells = [self._cells(self.name(key, row), row) for row in rows]
        notes = []
        if any(0 < row["with_target"] < FEW for row in rows):
            notes.append(
                _("° Fewer than %(count)d cases with a target: one case more or less moves the share a lot.")
                % {"count": FEW}
            )
        if self.public:
            notes.append(
                _("* Hidden, since a count under five could point to a person; small groups are joined.")
            )
        whole = self._cells(_("Together"), total(rows, key)) if total_row and len(rows) > 1 else ()
        return Table(_("The figures by row"), heads, cells, total=whole, notes=notes)

    def _cells(self, name: str, row: dict[str, Any]) -> list[str]:
        due = row["with_target"] - row["not_yet_due"]
        hide = self.public and is_small(row["with_target"], row["met_target"], due - row["met_target"])
        hide_open = self.public and is_small(row["open"], row["ended"])
        share = words.per_cent(row["on_time_share"])
        if row["on_time_share"] is not None and row["with_target"] < FEW:
            share += " °"
        return [
            name,
            words.number(row["received"]),
            words.HIDDEN if hide_open else words.number(row["ended"]),
            words.HIDDEN if hide_open else words.number(row["open"]),
            words.HIDDEN if hide else words.number(row["with_target"]),
            words.HIDDEN if hide else words.number(row["met_target"]),
            words.HIDDEN if hide else share,
            words.HIDDEN if hide_open else words.duration(row["hours_to_end_median"]),
        ]

    def top(self, key: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The largest, and the rest as one row."""
        return rows if len(rows) <= TOP + 1 else [*rows[:TOP], total(rows[TOP:], key)]

    def received_chart(self, title: str, key: str, rows: list[dict[str, Any]]) -> Chart:
        drawn = [Bar(self.name(key, row), row["received"], words.number(row["received"])) for row in rows]
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        return Chart(title, bars(title, desc, drawn, self.colours.primary))

    def share_chart(self, title: str, key: str, rows: list[dict[str, Any]]) -> Chart | None:
        judged = [
            row
            for row in rows
            if row["on_time_share"] is not None
            and row["with_target"] >= FEW
            and not (self.public and is_small(row["met_target"], row["with_target"] - row["met_target"]))
        ]
        judged.sort(key=lambda row: -row["on_time_share"])
        if len(judged) < 2:  # one bar compares nothing
            return None
        drawn = [
            Bar(
                self.name(key, row),
                row["on_time_share"],
                f"{words.per_cent(row['on_time_share'])} ({words.number(row['with_target'])})",
            )
            for row in judged[:TOP]
        ]
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        return Chart(title, bars(title, desc, drawn, self.colours.accent, top=100))

    def section(self, figure: str, key: str, title: str, head: str, lead: str) -> Section:
        """Chart of what was received, chart of shares in time, and the table of the largest."""
        rows = self.rows(figure, key)
        top = self.top(key, rows)
        section = Section(figure, title, lead, new_page=True)
        if rows:
            section.charts.append(self.received_chart(_("Received"), key, top))
            share = self.share_chart(
                _("Share in time, of cases with a target (their number in brackets)"), key, top
            )
            if share is not None:
                section.charts.append(share)
            section.tables.append(self.table(head, key, top))
        return section
