"""Why a report of the same period and scope, built again, says something else: each difference by the rows behind it.

Rows carry the same pseudonym whenever the report is built again, so two snapshots can be laid side by side. Nothing
that was published changes by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from complaints.states import ACTIVE, State
from reports.figures.definitions import FIGURES
from reports.figures.figure import Figure
from reports.figures.sheet import Judged
from reports.figures.snapshot import Snapshot
from reports.figures.tables import Tables

if TYPE_CHECKING:
    import pandas as pd


class Why(StrEnum):
    """What happened to a row between the two."""

    REGISTERED_LATE = "registered_late"  # was not there
    CAME_HERE = "came_here"  # of an agency: given to it or registered since
    WENT_AWAY = "went_away"  # of an agency: given to another, or part of a shared case
    REMOVED = "removed"  # is not there any more
    MERGED = "merged"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REFERRED = "referred"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    MOVED_ON = "moved_on"  # from one state of an open case to another
    CORRECTED = "corrected"  # kind, category, area, service, channel, moment of receipt
    HANDED_OVER = "handed_over"  # another agency
    REARRANGED = "rearranged"  # the same agency or ward, which belongs elsewhere since
    PROMISE_MOVED = "promise_moved"
    RECORDED = "recorded"  # something else was written down
    TIME_PASSED = "time_passed"  # nothing happened but that a day came
    RULE = "rule"  # counted by another definition


# The groups in which a case stands by what it is, and why it may stand in another one.
PLACES = {"agency": Why.HANDED_OVER, "office": Why.HANDED_OVER}
SCOPE = ("agency", "oversight", "without")  # not its name, which may change
BELONGS = {
    "office": "agency",
    "district": "area",
}  # where a case stands by what its own agency or ward belongs to
FACTS = ("kind", "channel", "category", "area", "service", "district")
COUNTED = ("received", "ended", "open", "met_target", "late", "not_yet_due")
ENDED_AS = {
    State.MERGED: Why.MERGED,
    State.REJECTED: Why.REJECTED,
    State.WITHDRAWN: Why.WITHDRAWN,
    State.LAPSED: Why.LAPSED,
    State.REFERRED: Why.REFERRED,
    State.RESOLVED: Why.ANSWERED,
    State.CLOSED: Why.CLOSED,
}


@dataclass(frozen=True)
class Reason:
    """`cases`: pseudonyms, or the keys of rows of another table; those that joined the count, or left it."""

    why: Why
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """`group`: of a table the value of its row, and `column` which of its counts; both empty of a single figure.
    Of a count of cases new − old = what joined − what left."""

    code: str
    old: Any
    new: Any
    reasons: tuple[Reason, ...]
    group: str = ""
    column: str = ""


class NotComparable(ValueError):
    """Of other periods, scopes or readers, or under other pseudonyms."""


def differences(old: Snapshot, new: Snapshot) -> list[Difference]:
    """Every figure that differs, in the order of the definitions. Raises NotComparable."""
    _check(old, new)
    return list(_Comparison(old, new).found())


def _check(old: Snapshot, new: Snapshot) -> None:
    if old.period != new.period:
        raise NotComparable("of another period")
    if any(old.data["scope"][part] != new.data["scope"][part] for part in SCOPE):
        raise NotComparable("of another scope, or for a reader who may see other cases")
    cases = [{row[0] for row in each.data["tables"]["cases"]["rows"]} for each in (old, new)]
    if all(cases) and not cases[0] & cases[1]:
        raise NotComparable("under other pseudonyms: the key of this server has changed")


class _Comparison:
    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new
        self.judged = [Judged(Tables.from_json(each.data["tables"]), each.built_at) for each in (old, new)]
        self.is_city = not new.data["scope"]["agency"]

    def found(self) -> Iterator[Difference]:
        for code, figure in FIGURES.items():
            before, after = self.old.figures.get(code), self.new.figures.get(code)
            if _by_code(before) == _by_code(after):
                continue
            if self._is_new_rule(code):
                yield Difference(code, before, after, (Reason(Why.RULE),))
            elif figure.where is not None:
                yield Difference(code, before, after, self._members(figure.where))
            elif code.startswith("by_") and self._column(figure) in self.cases[0].columns:
                yield from list(self._groups(code, self._column(figure))) or [self._other(figure)]
            else:
                yield self._other(figure)

    def _other(self, figure: Figure) -> Difference:
        before, after = (each.figures.get(figure.code) for each in (self.old, self.new))
        return Difference(figure.code, before, after, self._of_rows(figure))

    def _is_new_rule(self, code: str) -> bool:
        versions = [each.data["definitions"].get(code, {}).get("version") for each in (self.old, self.new)]
        return bool(versions[0] != versions[1])

    @staticmethod
    def _column(figure: Figure) -> str:
        return figure.columns[0].code

    @cached_property
    def cases(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """By pseudonym."""
        old, new = (each.cases.set_index("case", drop=False) for each in self.judged)
        return old, new

    @cached_property
    def happened(self) -> dict[str, Why]:
        """To each case of either, as far as its row tells: the weightiest of what changed."""
        old, new = (_spelled_cases(each) for each in (self.old, self.new))
        moved = self._with_other_clocks()
        here = [_agencies(each) for each in (self.old, self.new)]
        found = {case: self._moved(new[case], here[0], self._came) for case in new.keys() - old.keys()}
        found |= {case: self._moved(old[case], here[1], self._went) for case in old.keys() - new.keys()}
        for case in old.keys() & new.keys():
            found[case] = _why(old[case], new[case], case in moved)
        return found

    def _moved(self, case: dict[str, Any], others: set[str], why: Why) -> Why:
        """A case that only one of the two has. Of an agency's report: was its unit put under another agency?"""
        is_rearranged = not self.is_city and case["agency"] not in others
        return Why.REARRANGED if is_rearranged else why

    @property
    def _came(self) -> Why:
        return Why.REGISTERED_LATE if self.is_city else Why.CAME_HERE

    @property
    def _went(self) -> Why:
        return Why.REMOVED if self.is_city else Why.WENT_AWAY

    def _with_other_clocks(self) -> set[str]:
        old, new = (_by_key(each.data["tables"]["clocks"]["rows"]) for each in (self.old, self.new))
        return {case for case in old.keys() & new.keys() if old[case] != new[case]}

    def _members(self, where: Any) -> tuple[Reason, ...]:
        before, after = (set(each.index[where(each)]) for each in self.cases)
        return _reasons(
            ((case, self.happened[case]) for case in after - before),
            ((case, self.happened[case]) for case in before - after),
        )

    def _groups(self, code: str, column: str) -> Iterator[Difference]:
        """Each count of each row that differs; who came from another row did so for that row's reason."""
        old, new = self.cases
        both = old.index.intersection(new.index)
        elsewhere = set(both[(old.loc[both, column] != new.loc[both, column]).to_numpy()])
        own = BELONGS.get(column, column)
        stayed = set(both[(old.loc[both, own] == new.loc[both, own]).to_numpy()]) & elsewhere
        place = PLACES.get(column, Why.CORRECTED if column in FACTS else None)
        groups = sorted({*old[column], *new[column]})
        for group in groups:
            for name in COUNTED:
                where = FIGURES[name].where
                assert where is not None
                before, after = (
                    set(each.index[where(each) & (each[column] == group)]) for each in (old, new)
                )
                if before == after:
                    continue
                whys = {
                    case: place if place is not None and case in elsewhere else self.happened[case]
                    for case in before ^ after
                }
                whys |= dict.fromkeys(stayed & whys.keys(), Why.REARRANGED)
                yield Difference(
                    code,
                    len(before),
                    len(after),
                    _reasons(
                        ((case, whys[case]) for case in after - before),
                        ((case, whys[case]) for case in before - after),
                    ),
                    group,
                    name,
                )

    def _of_rows(self, figure: Figure) -> tuple[Reason, ...]:
        """Of what is no count of cases: which rows came, went or changed in the tables that it is counted from."""
        if "cases" in figure.tables:
            changed = [(case, why) for case, why in self.happened.items() if why != Why.TIME_PASSED]
            return _reasons(changed, ()) or (Reason(Why.TIME_PASSED),)
        rows = [change for name in figure.tables for change in self._changes(name)]
        return _reasons(rows, ()) or (Reason(Why.TIME_PASSED),)

    def _changes(self, name: str) -> list[tuple[str, Why]]:
        old, new = (_by_key(each.data["tables"][name]["rows"]) for each in (self.old, self.new))
        changes = [(key, self._came) for key in new.keys() - old.keys()]
        changes += [(key, self._went) for key in old.keys() - new.keys()]
        return changes + [(key, Why.RECORDED) for key in old.keys() & new.keys() if old[key] != new[key]]


def _by_code(value: Any) -> Any:
    """A figure without the names that agencies had: another name is no other figure."""
    if not isinstance(value, list):
        return value
    return [row | {"agency": row["code"]} if "code" in row else row for row in value]


def _why(before: dict[str, Any], after: dict[str, Any], has_other_clocks: bool) -> Why:
    if before["state"] != after["state"]:
        return _by_state(before["state"], after["state"])
    if before["cycle"] != after["cycle"]:
        return Why.REOPENED
    if any(
        before[name] != after[name]
        for name in ("received_at", "kind", "category", "area", "service", "channel")
    ):
        return Why.CORRECTED
    if before["agency"] != after["agency"]:
        return Why.HANDED_OVER
    if has_other_clocks or before["target_at"] != after["target_at"]:
        return Why.PROMISE_MOVED
    return Why.RECORDED if before != after else Why.TIME_PASSED


def _by_state(before: str, after: str) -> Why:
    if after in ACTIVE:
        return Why.MOVED_ON if before in ACTIVE else Why.REOPENED
    return ENDED_AS[State(after)]


def _spelled_cases(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    """As they are kept, where what is missing equals what is missing."""
    table = snapshot.data["tables"]["cases"]
    return {row[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}


def _agencies(snapshot: Snapshot) -> set[str]:
    """Those that the report is of."""
    return {row[0] for row in snapshot.data["tables"]["agencies"]["rows"]}


def _by_key(rows: list[list[Any]]) -> dict[str, list[list[Any]]]:
    """By the first column; a case may have several."""
    found: dict[str, list[list[Any]]] = {}
    for row in rows:
        found.setdefault(str(row[0]), []).append(row)
    return found


def _reasons(joined: Iterable[tuple[str, Why]], left: Iterable[tuple[str, Why]]) -> tuple[Reason, ...]:
    """One a kind, the most frequent first."""
    came, went = list(joined), list(left)
    counts = Counter(why for _case, why in (*came, *went))
    return tuple(
        Reason(
            why,
            tuple(sorted(case for case, because in came if because == why)),
            tuple(sorted(case for case, because in went if because == why)),
        )
        for why, _count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    )
