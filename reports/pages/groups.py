"""Sections by agency, category, area, channel and kind: charts of the largest, and tables in which what was received is
the sum of everything that became of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from complaints.clock.kept import EXCLUDED, Kept
from complaints.shares import FEW, kept_words
from reports.pages import words
from reports.pages.charts import Bar, Colours, bars
from reports.pages.labels import name_of
from reports.pages.parts import Chart, Section, Table
from reports.suppression.columns import EVERYTHING, EXTENDED, ONE_WAY_BELOW, SHORT_FROM
from reports.suppression.report import Marks, decide
from reports.suppression.rows import OTHERS, Hidden, code_of, merge_small, total

TOP = 15
LONGEST = 360  # days, about
MEDIANS = ("hours_to_end_median", "hours_without_pauses_median")
Row = dict[str, Any]


def excluded(row: Row) -> int:
    return sum(row["excluded"].values())


class Groups:
    """Makes the sections of one report; `public` hides small cells, by `marks` where they were decided before.

    `totals` are the figures of the whole that the public edition does not show, the same in every table.
    """

    def __init__(
        self, data: dict[str, Any], colours: Colours, *, public: bool, marks: Marks | None = None
    ) -> None:
        self.data, self.colours, self.public = data, colours, public
        self.figures: Row = data["figures"]
        self.marks = (marks or decide(self.figures)[0]) if public else Marks()
        self.totals = self.marks.main

    def hidden(self, figure: str, key: str, row: Row) -> Hidden:
        return self.marks.hidden(figure, code_of(row, key))

    def rows(self, figure: str, key: str) -> list[Row]:
        rows: list[Row] = self.figures[figure]
        return merge_small(rows, key) if self.public else rows

    @property
    def hides_timed(self) -> bool:
        """How many have a time: those that ended, but for whose moment is unknown. A share of them tells it as well."""
        return "ended" in self.totals or ("end_unknown" in self.totals and self.figures["end_unknown"] > 0)

    def name(self, key: str, row: Row) -> str:
        code = row.get("code", row[key])
        return _("All others") if code == OTHERS else name_of(self.data, key, code)

    def head(self, key: str) -> str:
        return {"state": _("State"), "how": _("Outcome"), "reason": _("Reason")}[key]

    def tables(self, figure: str, head: str, key: str, rows: list[Row]) -> list[Table]:
        """Kept promises, how far the cases are and, by agency, why some are in no share; `rows` of `figure`, from the
        first."""
        named = [(self.name(key, row), row, self.hidden(figure, key, row)) for row in rows]
        is_named = [code_of(row, key) not in ("", OTHERS) for row in rows]
        if len(rows) > 1:
            named.append((_("Together"), self.together(rows, key), self.totals))
        is_worth_it = any(
            has_name and not _only_counted(each[2]) for has_name, each in zip(is_named, named, strict=False)
        )
        return self.named_tables(
            head, named, has_total=len(rows) > 1, reasons=figure == "by_agency", is_worth_it=is_worth_it
        )

    def named_tables(
        self,
        head: str,
        named: Sequence["Named"],
        *,
        has_total: bool,
        reasons: bool = True,
        is_worth_it: bool = True,
    ) -> list[Table]:
        """The public edition tells of a row what its size allows; a column that no row tells is left out, and rows of
        which only their number is told are one row of the tables that say more. `is_worth_it`: whether any of these
        is more than what is put together."""
        if not self.public:
            return named_tables(head, named, has_total=has_total, public=False, gone=set(), reasons=reasons)
        rows, last = (named[:-1], named[-1:]) if has_total else (named, [])
        told = [each for each in rows if not _only_counted(each[2])]
        counted = [each for each in rows if _only_counted(each[2])]
        tables = []
        if not told or not is_worth_it or len(counted) > len(told):
            heads = [(head, False), (_("Received"), True)]
            cells = [
                [name, words.count(row["received"], "received" in hidden)] for name, row, hidden in named
            ]
            tables.append(_table(_("Received"), heads, cells, has_total, hidden_notes(cells)))
            if not told or not is_worth_it:
                return tables
            rest = total([row for _name, row, _hidden in counted], "code")
            hides_one = any("received" in hidden for _name, _row, hidden in counted)
            out = set(EVERYTHING if hides_one else EVERYTHING - {"received"})
            rows = [*told, (_("The others, too few each"), rest, out)]
        gone = set.intersection(*(set(hidden) for _name, _row, hidden in rows))
        every = [*rows, *last]
        more = named_tables(head, every, has_total=has_total, public=True, gone=gone, reasons=reasons)
        is_said = any(table.notes for table in tables)
        return tables + [replace(table, notes=[]) if is_said else table for table in more]

    def together(self, rows: list[Row], key: str) -> Row:
        """All rows as one; medians cannot be added up, but where these are all cases they are known."""
        whole = total(rows, key)
        if whole["received"] == self.figures["received"]:
            whole |= {name: self.figures[name] for name in MEDIANS}
        return whole

    def top(self, key: str, rows: list[Row]) -> list[Row]:
        """The largest, and the rest as one row; in public all of them, lest a sum give away what is hidden."""
        return rows if self.public or len(rows) <= TOP + 1 else [*rows[:TOP], total(rows[TOP:], key)]

    def counts_chart(self, title: str, counts: Sequence[tuple[str, int]]) -> Chart:
        drawn = [Bar(name, count, words.number(count)) for name, count in counts]
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        return Chart(title, bars(title, desc, drawn, self.colours.primary))

    def received_chart(self, title: str, figure: str, key: str, rows: list[Row]) -> list[Chart]:
        """None where no two numbers are shown: one bar compares nothing."""
        drawn = [
            Bar(self.name(key, row), row["received"], words.number(row["received"]))
            for row in rows[: TOP + 1]
            if "received" not in self.hidden(figure, key, row)
        ]
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        return [Chart(title, bars(title, desc, drawn, self.colours.primary))] if len(drawn) > 1 else []

    def share_chart(self, title: str, figure: str, key: str, rows: list[Row]) -> Chart | None:
        """Of rows with at least twenty that were judged; what stands in brackets is what the share is of."""
        drawn = []
        for row in rows:
            judged = row["met_target"] + row["late"]
            if judged >= FEW and not {"met_target", "late"} & self.hidden(figure, key, row):
                said = f"{words.per_cent(row['on_time_share'])} ({words.number(judged)})"
                drawn.append(Bar(self.name(key, row), row["on_time_share"], said))
        drawn = sorted(drawn, key=lambda bar: -bar.value)[:TOP]
        if len(drawn) < 2:
            return None
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        return Chart(title, bars(title, desc, drawn, self.colours.accent, top=100))

    def section(
        self, figure: str, key: str, title: str, head: str, lead: str, *, is_whole: bool = False
    ) -> Section:
        """Chart of what was received, chart of shares in time, and the tables of the largest; `is_whole`: of all."""
        rows = self.rows(figure, key)
        top = self.top(key, rows)
        section = Section(figure, title, lead)
        if not rows or (self.public and [row.get("code") for row in rows] == [OTHERS]):
            section.lead = too_few(self.data)
        else:
            section.charts += self.received_chart(_("Received"), figure, key, top)
            share = self.share_chart(
                _("Share in time (in brackets: of how many in time or late)"), figure, key, top
            )
            if share is not None:
                section.charts.append(share)
            section.tables += self.tables(figure, head, key, rows if is_whole else top)
        return section


Named = tuple[str, Row, Hidden]


def _only_counted(hidden: Hidden) -> bool:
    return hidden.issuperset(("met_target", "late", "ended"))


def named_tables(
    head: str, named: Sequence[Named], *, has_total: bool, public: bool, gone: Hidden, reasons: bool
) -> list[Table]:
    """The tables of rows that have a name, the last one being their sum; `gone`: what none of the rows shows."""
    found = [reason for reason in EXCLUDED if any(row["excluded"][reason.value] for _n, row, _h in named)]
    shown = [reason for reason in found if reason.value not in gone]
    tables = []
    if not {"met_target", "late"} <= gone:
        cells = [promise_cells(*each) for each in named]
        heads, cells = _without(promise_heads(head), cells, _gone_of_promises(gone))
        tables.append(
            _table(_("Kept promises"), heads, cells, has_total, hidden_notes(cells) if public else [])
        )
    if reasons and shown and not hides_excluded(gone):
        heads = [(head, False), (_("In no share"), True), *((kept_words(reason), True) for reason in shown)]
        cells = [_reason_cells(*each, shown) for each in named]
        tables.append(_table(_("In no share, by reason"), heads, cells, has_total, []))
    if "ended" not in gone:
        cells = [_progress_cells(*each) for each in named]
        title = _("How far they are, and how long the ended ones took")
        tables.append(
            _table(
                title,
                progress_heads(head),
                cells,
                has_total,
                hidden_notes(cells) if public and not tables else [],
            )
        )
    return tables


def _gone_of_promises(gone: Hidden) -> set[int]:
    """The columns of `promise_heads` in which there is nothing."""
    counts = {2: "met_target", 3: "late", 4: "not_yet_due"}
    found = {place for place, name in counts.items() if name in gone}
    if hides_excluded(gone):
        found.add(5)
    if {"met_target", "late"} & gone:
        found |= {6, 7}
    return found | ({7} if gone.intersection(EXTENDED) else set())


def _without(
    heads: list[tuple[str, bool]], cells: list[list[str]], gone: set[int]
) -> tuple[list[tuple[str, bool]], list[list[str]]]:
    kept = [place for place in range(len(heads)) if place not in gone]
    return [heads[place] for place in kept], [[row[place] for place in kept] for row in cells]


def progress_heads(head: str) -> list[tuple[str, bool]]:
    return [
        (head, False),
        (_("Received"), True),
        (_("Ended"), True),
        (_("Open"), True),
        (_("Median time"), True),
        (_("Median time without waiting for the citizen"), True),
    ]


def hidden_notes(cells: Sequence[Sequence[str]]) -> list[str]:
    """What the asterisk means, where there is one."""
    return [hidden_note()] if any(words.HIDDEN in row for row in cells) else []


def hidden_note() -> str:
    return _("* Hidden: a count under five could point to a person. Small groups are joined.")


def why_hidden(data: Row) -> str:
    """Said once. Which of the first two it is of one number is not said: it would show the small ones."""
    rule = _(
        "Of a row with fewer than %(row)d cases, and of any row where there are fewer than %(whole)d in all, "
        "only how many there were is told: too few for more."
    ) % {"row": SHORT_FROM, "whole": ONE_WAY_BELOW}
    longer = _("The report of a longer period, the quarter or the year, tells more of them.")
    others = _("Others are hidden for its sake, since it could be worked out from them.")
    return " ".join([hidden_note(), others, rule, *([longer] if _may_be_longer(data) else [])])


def too_few(data: Row) -> str:
    if not data["figures"]["received"]:
        return _("No case was received.")
    if _may_be_longer(data):
        return _("Too few cases: the report of a longer period tells it.")
    return _("Too few cases to tell it.")


def _may_be_longer(data: Row) -> bool:
    """No report is of more than a year."""
    first, last = (date.fromisoformat(data["period"][end]) for end in ("from", "to"))
    return (last - first).days < LONGEST


def says_no_more_than_the_whole(rows: Sequence[Row], cells: Sequence[Sequence[str]]) -> bool:
    """All put together in one row, or each count hidden."""
    return all(row.get("code") == OTHERS for row in rows) or all(row[1] == words.HIDDEN for row in cells)


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
        words.HIDDEN if is_hidden or hidden.intersection(EXTENDED) else extended,
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
    is_untimed = out or "hours_to_end_median" in hidden
    return [
        name,
        words.HIDDEN if "received" in hidden else words.number(row["received"]),
        words.HIDDEN if out else words.number(row["ended"]),
        words.HIDDEN if "open" in hidden else words.number(row["open"]),
        words.HIDDEN if is_untimed else words.duration(row["hours_to_end_median"]),
        words.HIDDEN if is_untimed else words.duration(row["hours_without_pauses_median"]),
    ]
