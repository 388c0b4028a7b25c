"""Sections by agency, category, area, channel and kind: charts of the largest, and tables in which what was received is
the sum of everything that became of it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from complaints.clock.kept import EXCLUDED, Kept
from complaints.shares import FEW, kept_words
from reports.pages import words
from reports.pages.charts import Bar, Colours, bars
from reports.pages.labels import name_of
from reports.pages.parts import Chart, Section, Table
from reports.pages.suppression import OTHERS, Hidden, hide, is_small, merge_small, total

TOP = 15
# What became of the cases of a row: these add up to what was received.
PARTS = ("met_target", "late", "not_yet_due", *(reason.value for reason in EXCLUDED))
PROGRESS = ("ended", "open")
EXTENDED = "extended"  # stands for what extensions change
GROUPED = {"by_agency": "agency", "by_category": "category", "by_area": "area"}
GROUPED |= {"by_channel": "channel", "by_kind": "kind"}
Row = dict[str, Any]


def flat(row: Row) -> Row:
    """A row with the reasons beside the other counts."""
    return {**row, **row["excluded"]}


def excluded(row: Row) -> int:
    return sum(row["excluded"].values())


class Groups:
    """Makes the sections of one report; `public` hides small cells.

    `totals` are the figures of the whole that the public edition does not show, the same in every table.
    """

    def __init__(self, data: dict[str, Any], colours: Colours, *, public: bool) -> None:
        self.data, self.colours, self.public = data, colours, public
        self.figures: Row = data["figures"]
        self.totals: Hidden = set()
        self._hidden: dict[str, list[Hidden]] = {}
        if public:
            self._protect()

    def _protect(self) -> None:
        whole = flat(self.figures)
        self.totals |= _worked_out(self.figures)
        tables = {name: [flat(row) for row in self.rows(name, key)] for name, key in GROUPED.items()}
        tables["by_step"] = [flat(row) for row in self.figures["by_step"]]
        before = None
        while before != self.totals:
            before = set(self.totals)
            for name, rows in tables.items():
                also = [_worked_out(row) for row in rows]
                for parts in (PARTS, PROGRESS) if rows else ():
                    also = hide(rows, parts, "received", total=whole, totals=self.totals, also=also)
                self._hidden[name] = also

    def hidden(self, figure: str, n: int) -> Hidden:
        return self._hidden[figure][n] if self.public else set()

    def rows(self, figure: str, key: str) -> list[Row]:
        rows: list[Row] = self.figures[figure]
        return merge_small(rows, key) if self.public else rows

    def name(self, key: str, row: Row) -> str:
        code = row.get("code", row[key])
        return _("All others") if code == OTHERS else name_of(self.data, key, code)

    def head(self, key: str) -> str:
        return {"state": _("State"), "how": _("Outcome"), "reason": _("Reason")}[key]

    def tables(self, figure: str, head: str, key: str, rows: list[Row]) -> list[Table]:
        """Kept promises, why some are in no share, and how far the cases are; `rows` of `figure`, from the first."""
        named = [(self.name(key, row), row, self.hidden(figure, n)) for n, row in enumerate(rows)]
        if len(rows) > 1:
            named.append((_("Together"), total(rows, key), self.totals))
        return named_tables(head, named, has_total=len(rows) > 1, public=self.public)

    def top(self, key: str, rows: list[Row]) -> list[Row]:
        """The largest, and the rest as one row; in public all of them, lest a sum give away what is hidden."""
        return rows if self.public or len(rows) <= TOP + 1 else [*rows[:TOP], total(rows[TOP:], key)]

    def received_chart(self, title: str, key: str, rows: list[Row]) -> Chart:
        drawn = [
            Bar(self.name(key, row), row["received"], words.number(row["received"]))
            for row in rows[: TOP + 1]
            if not (self.public and is_small(row["received"]))
        ]
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        return Chart(title, bars(title, desc, drawn, self.colours.primary))

    def share_chart(self, title: str, figure: str, key: str, rows: list[Row]) -> Chart | None:
        """Of rows with at least twenty that were judged; what stands in brackets is what the share is of."""
        drawn = []
        for n, row in enumerate(rows):
            judged = row["met_target"] + row["late"]
            if judged >= FEW and not {"met_target", "late"} & self.hidden(figure, n):
                said = f"{words.per_cent(row['on_time_share'])} ({words.number(judged)})"
                drawn.append(Bar(self.name(key, row), row["on_time_share"], said))
        drawn = sorted(drawn, key=lambda bar: -bar.value)[:TOP]
        if len(drawn) < 2:  # one bar compares nothing
            return None
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        return Chart(title, bars(title, desc, drawn, self.colours.accent, top=100))

    def section(self, figure: str, key: str, title: str, head: str, lead: str) -> Section:
        """Chart of what was received, chart of shares in time, and the tables of the largest."""
        rows = self.rows(figure, key)
        top = self.top(key, rows)
        section = Section(figure, title, lead, new_page=True)
        if rows:
            section.charts.append(self.received_chart(_("Received"), key, top))
            share = self.share_chart(
                _("Share in time (in brackets: of how many in time or late)"), figure, key, top
            )
            if share is not None:
                section.charts.append(share)
            section.tables += self.tables(figure, head, key, top)
        return section


def hidden_totals(figures: Row) -> Hidden:
    """What would have to be hidden of a whole that no table divides."""
    totals = _worked_out(figures)
    for parts in (PARTS, PROGRESS):
        hide([], parts, "received", total=flat(figures), totals=totals)
    return totals


def _worked_out(row: Row) -> Hidden:
    """What has to go because a difference of two printed counts would be under five."""
    hidden: Hidden = set()
    if is_small(row["open"] - row["not_yet_due"], row["ended"] - row["met_target"]):
        hidden |= set(PROGRESS)
    extended = row["met_target_extended"], row["late_extended"]
    if is_small(extended[0] - row["met_target"], row["late"] - extended[1], *extended):
        hidden.add(EXTENDED)
    return hidden


Named = tuple[str, Row, Hidden]


def named_tables(head: str, named: Sequence[Named], *, has_total: bool, public: bool) -> list[Table]:
    """The three tables of rows that have a name, the last one being their sum."""
    reasons = [reason for reason in EXCLUDED if any(row["excluded"][reason.value] for _n, row, _h in named)]
    notes = []
    if public:
        notes.append(
            _("* Hidden, since a count under five could point to a person; small groups are joined.")
        )
    tables = [
        _table(
            _("Kept promises"),
            promise_heads(head),
            [promise_cells(*each) for each in named],
            has_total,
            notes,
        )
    ]
    if reasons:
        heads = [(head, False), (_("In no share"), True), *((kept_words(reason), True) for reason in reasons)]
        cells = [_reason_cells(*each, reasons) for each in named]
        tables.append(_table(_("In no share, by reason"), heads, cells, has_total, []))
    heads = [
        (head, False),
        (_("Received"), True),
        (_("Ended"), True),
        (_("Open"), True),
        (_("Median time"), True),
        (_("Median time without waiting for the citizen"), True),
    ]
    cells = [_progress_cells(*each) for each in named]
    return [
        *tables,
        _table(_("How far they are, and how long the ended ones took"), heads, cells, has_total, []),
    ]


def _table(
    caption: str, heads: list[tuple[str, bool]], cells: list[list[str]], has_total: bool, notes: list[str]
) -> Table:
    rows, whole = (cells[:-1], cells[-1]) if has_total else (cells, [])
    return Table(caption, heads, rows, total=whole, notes=notes)


def promise_heads(head: str) -> list[tuple[str, bool]]:
    return [
        (head, False),
        (_("Received"), True),
        (_("In time"), True),
        (_("Late"), True),
        (_("Open in time"), True),
        (_("In no share"), True),
        (_("Share in time"), True),
        (_("… if more time counts"), True),
    ]


def promise_cells(name: str, row: Row, hidden: Hidden) -> list[str]:
    """Received = in time + late + open in time + in no share; in time divided by in time and late is the share."""

    def count(part: str, value: int) -> str:
        return words.HIDDEN if part in hidden else words.number(value)

    is_hidden = bool({"met_target", "late"} & hidden)
    first = words.share(row["met_target"], row["met_target"] + row["late"])
    extended = words.share(row["met_target_extended"], row["met_target_extended"] + row["late_extended"])
    return [
        name,
        count("received", row["received"]),
        count("met_target", row["met_target"]),
        count("late", row["late"]),
        count("not_yet_due", row["not_yet_due"]),
        words.HIDDEN if hides_excluded(hidden) else words.number(excluded(row)),
        words.HIDDEN if is_hidden else first,
        words.HIDDEN if is_hidden or EXTENDED in hidden else extended,
    ]


def hides_excluded(hidden: Hidden) -> bool:
    """What is in no share can be worked out from the rest of the row, and is shown only where all of that is."""
    return bool({"met_target", "late", "not_yet_due", "received"} & hidden)


def _reason_cells(name: str, row: Row, hidden: Hidden, reasons: list[Kept]) -> list[str]:
    counts = [
        words.HIDDEN if each.value in hidden else words.number(row["excluded"][each.value])
        for each in reasons
    ]
    return [name, words.HIDDEN if hides_excluded(hidden) else words.number(excluded(row)), *counts]


def _progress_cells(name: str, row: Row, hidden: Hidden) -> list[str]:
    out = "ended" in hidden
    return [
        name,
        words.HIDDEN if "received" in hidden else words.number(row["received"]),
        words.HIDDEN if out else words.number(row["ended"]),
        words.HIDDEN if "open" in hidden else words.number(row["open"]),
        words.HIDDEN if out else words.duration(row["hours_to_end_median"]),
        words.HIDDEN if out else words.duration(row["hours_without_pauses_median"]),
    ]
