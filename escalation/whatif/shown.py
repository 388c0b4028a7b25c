"""The answer of a what-if as its page shows it: sentences, tables and bars. No query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints.models.policy import Stage
from complaints.shares import share_of
from escalation.ladder.models import Level
from escalation.whatif.figures import ONE_WEEK
from escalation.whatif.replay import STAGES, VERIFIERS
from escalation.whatif.words import NOT_MODELLED, headline, number

COLUMNS = ("actual", "in_force", "proposed")
FEW = 5  # fewer cases are not shown apart: a reader could tell a single one, even one hidden from them
HIGH = 100  # of the drawing, whose width is two bars and a gap a week


@dataclass(frozen=True)
class Line:
    """One row of the table of three columns."""

    label: str
    cells: list[str]


@dataclass(frozen=True)
class Bar:
    """One bar; numbers as SVG writes them."""

    x: int
    y: str
    height: str
    is_proposed: bool


@dataclass(frozen=True)
class Chart:
    """Bars of the policy in force and of the proposal, week by week; the numbers stand in a table beside."""

    title: str
    bars: list[Bar]
    width: int
    most: int
    rows: list[tuple[str, int, int, int]]

    @property
    def first(self) -> str:
        return self.rows[0][0]

    @property
    def last(self) -> str:
        return self.rows[-1][0]


@dataclass(frozen=True)
class AgencyLine:
    """What one agency, or the verifiers, would have had to carry."""

    name: str
    cases: int
    open: str
    late: list[int]
    stages: list[list[int]]  # late targets of the resolution, the first response, the verification
    escalations: list[str]
    most: list[int]


class Answer:
    """A stored result, ready to be read."""

    not_modelled = NOT_MODELLED

    def __init__(self, result: Mapping[str, Any], agencies: Mapping[str, str]) -> None:
        self.result, self._agencies = result, agencies
        self._columns = [result["columns"][name] for name in COLUMNS]

    @property
    def cases(self) -> int:
        return int(self.result["cases"])

    @property
    def is_too_few(self) -> bool:
        return self.cases < FEW

    @cached_property
    def sentences(self) -> list[str]:
        return headline(self.result)

    @property
    def until(self) -> datetime:
        return datetime.fromisoformat(self.result["until"])

    @cached_property
    def late_lines(self) -> list[Line]:
        """How many targets would have been missed, and the shares in time."""
        found = [Line(_("Cases late with something"), [str(c["late_cases"]) for c in self._columns])]
        for stage in reversed(STAGES):
            values = {"stage": Stage(stage).label, "ran": self.result["ran"][stage]}
            cells = [late_words(c, stage) for c in self._columns]
            found.append(Line(_("%(stage)s: late, of %(ran)d") % values, cells))
        return found

    @cached_property
    def level_lines(self) -> list[Line]:
        """Escalations by level; a replay says at least and at most, as somebody acknowledges or nobody does."""
        found = []
        for level in Level:
            key = str(level.value)
            cells = [str(self._columns[0]["escalations"][key] + self._columns[0]["climbed"][key])]
            for column in self._columns[1:]:
                least = column["escalations"][key]
                most = least + column["climbed"][key]
                cells.append(str(least) if least == most else f"{least} – {most}")
            found.append(Line(str(level.label), cells))
        a_week = [number(column["to_heads_a_week"]) for column in self._columns]
        return [*found, Line(_("To heads of agencies, a week"), a_week)]

    @cached_property
    def changed_lines(self) -> list[Line]:
        """For how many targets the verdict changes."""
        newly, no_longer = self.result["newly_late"], self.result["no_longer_late"]
        return [
            Line(str(Stage(stage).label), [str(newly[stage]), str(no_longer[stage])])
            for stage in reversed(STAGES)
            if newly[stage] or no_longer[stage]
        ]

    @cached_property
    def charts(self) -> list[Chart]:
        return [
            self._chart(_("Cases past a deadline at the end of each week"), lambda c: c["overdue"]),
            self._chart(_("Escalations raised in each week"), lambda c: c["escalations_by_week"]),
        ]

    def _chart(self, title: str, pick: Callable[[Any], Sequence[int]]) -> Chart:
        actual, now, then = (pick(column) for column in self._columns)
        weeks = [date_format(date.fromisoformat(day), "j M Y") for day in self.result["weeks"]]
        most = max([*now, *then, 1])
        bars = []
        for week, pair in enumerate(zip(now, then, strict=True)):
            for side, value in enumerate(pair):
                height = HIGH * value / most
                x = 5 * week + 2 * side
                bars.append(Bar(x, f"{HIGH - height:.1f}", f"{height:.1f}", is_proposed=bool(side)))
        rows = list(zip(weeks, actual, now, then, strict=True))
        return Chart(title, bars, 5 * len(weeks), most, rows)

    @cached_property
    def agencies(self) -> list[AgencyLine]:
        return [self._line(self._name(row["agency"]), row) for row in joined(self.result["agencies"])]

    @cached_property
    def total(self) -> AgencyLine:
        """All lines together; the cases are those there are, each once."""
        row = _added(self.result["agencies"])
        return self._line(_("Together"), row | {"cases": self.cases})

    def _line(self, name: str, row: Mapping[str, Any]) -> AgencyLine:
        weeks = max((self.until - self._start) / ONE_WEEK, 1 / 7)
        columns = [row[column] for column in COLUMNS]
        return AgencyLine(
            name=name,
            cases=row["cases"],
            open=number(row["open"]),
            late=[column["late_cases"] for column in columns],
            stages=[[_targets(column)[stage] for column in columns] for stage in STAGES],
            escalations=[number(column["escalations"] / weeks) for column in columns],
            most=[column["most_in_a_week"] for column in columns],
        )

    def _name(self, code: str | None) -> str:
        if code is None:
            return _("Agencies with few cases")
        return _("Verifiers") if code == VERIFIERS else self._agencies.get(code, code)

    @property
    def _start(self) -> datetime:
        return datetime.fromisoformat(self.result["since"])


def joined(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows of few cases as one without a code, with the next smallest where even that is of few cases: nothing is
    left out, or the total would tell it."""
    few = [row for row in rows if row["cases"] < FEW]
    shown = [row for row in rows if row["cases"] >= FEW]
    while few and shown and sum(row["cases"] for row in few) < FEW:
        few.append(shown.pop())
    return [*shown, _added(few) | {"agency": None}] if few else shown


def _added(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows as one. Its busiest week is that of the busiest of them."""
    together: dict[str, Any] = {name: sum(row[name] for row in rows) for name in ("cases", "open")}
    for name in COLUMNS:
        columns = [row[name] for row in rows]
        together[name] = {
            "late_cases": sum(column["late_cases"] for column in columns),
            "late": {stage: sum(_targets(column)[stage] for column in columns) for stage in STAGES},
            "escalations": sum(column["escalations"] for column in columns),
            "most_in_a_week": max([column["most_in_a_week"] for column in columns], default=0),
        }
    return together


def _targets(column: Mapping[str, Any]) -> Mapping[str, int]:
    """Late targets by stage; answers of an earlier version have none."""
    return column.get("late") or dict.fromkeys(STAGES, 0)


def late_words(column: Mapping[str, Any], stage: str) -> str:
    """How many, and how many in time by the first promise; beside it with extensions counted as kept, where that
    is another number. Answers of an earlier version do not know of how many."""
    count = column["late"][stage]
    if not column.get("judged", {}).get(stage):
        return str(count)
    first, extended = (
        share_of(column[f"in_time{which}"][stage], column[f"judged{which}"][stage])
        for which in ("", "_extended")
    )
    values = {"late": count, "share": first, "extended": extended}
    if first == extended or not extended:
        return _("%(late)d (in time: %(share)s)") % values
    return _("%(late)d (in time by the first promise: %(share)s; with extensions: %(extended)s)") % values
