"""The report on one page: sentences made of the figures, each with those that it is made of. People may put other words
in their place before it is published (reports/pages/bound.py)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.shares import FEW
from reports.figures.snapshot import Snapshot
from reports.pages import words
from reports.pages.groups import excluded, hides_excluded
from reports.pages.main import hidden_before, hidden_main, printed
from reports.suppression.report import Marks, decide
from reports.suppression.rows import Hidden, is_small
from surveys.index.numbers import decimal as rounded

Figures = dict[str, Any]


@dataclass(frozen=True)
class Sentence:
    """`key` stays the same whatever the figures say; `figures` are the codes of those behind it."""

    key: str
    text: str
    figures: tuple[str, ...]


def summary(snapshot: Snapshot, *, public: bool, marks: Marks | None = None) -> list[Sentence]:
    """In the current language. `public`: without what the public edition hides; `marks`: as it was decided."""
    figures, hidden, before = snapshot.figures, set[str](), set[str]()
    if public:
        before = hidden_before(figures, marks)
        marks = marks or decide(figures)[0]
        hidden = hidden_main(marks.main)
    said = [
        *_about_cases(figures, hidden, before),
        *_about_course(figures, public=public, is_hidden=bool(marks and marks.hidden("course", "answered"))),
        *_about_voices(figures),
        *_about_what_is_owed(figures),
    ]
    return [Sentence(key, text, codes) for key, text, codes in said if text]


Said = Iterator[tuple[str, str, tuple[str, ...]]]


def _about_cases(figures: Figures, hidden: Hidden, before: Hidden) -> Said:
    shown, then = printed(figures, hidden), printed(figures["previous"], before)
    text = _received(figures["received"], shown["received"], then["received"])
    yield "received", text % (shown | {"before": then["received"]}), ("received",)
    if not {"ended", "open"} & hidden:
        yield "ended", _("Ended: %(ended)s. Still open: %(open)s.") % shown, ("ended", "open")
    if figures["on_time_share"] is not None and not {"late", "met_target"} & hidden:
        part, whole = figures["met_target"], figures["met_target"] + figures["late"]
        text = ngettext(
            "Of %(whole)s case whose promise is kept or past, %(part)s was answered in time",
            "Of %(whole)s cases whose promise is kept or past, %(part)s were answered in time",
            whole,
        )
        yield "on_time", _with_share(text, part, whole), ("met_target", "late", "on_time_share")
    if figures["on_time_share_extended"] is not None and "on_time_share_extended" not in hidden:
        text = _("If more time that was given counts as promised, it is %(part)s of %(whole)s")
        part, rest = figures["met_target_extended"], figures["late_extended"]
        codes = ("met_target_extended", "late_extended", "on_time_share_extended")
        yield "extended", _with_share(text, part, part + rest), codes
    left_out = excluded(figures)
    if left_out and not hides_excluded(hidden):
        text = _("Open in time: %(open)s more. In no share: %(count)s.")
        counts = {"open": shown["not_yet_due"], "count": words.number(left_out)}
        yield "left_out", text % counts, ("not_yet_due", "excluded")
    if figures["hours_to_end_median"] is not None and shown["hours_to_end_median"] != words.HIDDEN:
        text = _(
            "Half of the ended cases took less than %(hours_to_end_median)s, "
            "nine of ten less than %(hours_to_end_p90)s."
        )
        yield "time", text % shown, ("hours_to_end_median", "hours_to_end_p90")


def _received(count: int, now: str, before: str) -> str:
    if now == words.HIDDEN:
        return _("Fewer than five cases were received.")
    if before == words.HIDDEN:
        return ngettext("%(received)s case was received.", "%(received)s cases were received.", count)
    return ngettext(
        "%(received)s case was received; in the period before it was %(before)s.",
        "%(received)s cases were received; in the period before it was %(before)s.",
        count,
    )


def _with_share(text: str, part: int, whole: int) -> str:
    """Two numbers, and the share where it says more than they do."""
    said = text % {"part": words.number(part), "whole": words.number(whole)}
    return f"{said}." if whole < FEW else f"{said}: {words.share(part, whole)}."


def _both(part: int, whole: int) -> str:
    """`15 of 24 (62.5 %)`, `3 of 7`: as the table beside it has them."""
    both = _("%(part)s of %(whole)s") % {"part": words.number(part), "whole": words.number(whole)}
    return both if whole < FEW else f"{both} ({words.share(part, whole)})"


def _about_course(figures: Figures, *, public: bool, is_hidden: bool) -> Said:
    answered, disputed = figures["answered"], figures["disputed"]
    if answered and not (public and (is_hidden or is_small(answered, disputed, answered - disputed))):
        text = _("Answered: %(answered)s. Disputed by the citizen: %(disputed)s.")
        counts = {"answered": words.number(answered), "disputed": words.number(disputed)}
        yield "disputed", text % counts, ("answered", "disputed")


def _about_voices(figures: Figures) -> Said:
    index = figures.get("satisfaction_index")
    if index is not None:
        text = _("Citizens judge the services at %(index)s of 100 (%(low)s to %(high)s; grade %(grade)s).")
        if figures["satisfaction_low"] is None:
            text = _("Citizens judge the services at %(index)s of 100 (grade %(grade)s).")
        values = {name: rounded(figures[f"satisfaction_{name}"]) for name in ("index", "low", "high")}
        codes = ("satisfaction_index", "satisfaction_low", "satisfaction_high", "satisfaction_grade")
        yield "satisfaction", text % (values | {"grade": figures["satisfaction_grade"]}), codes
    together = [
        row for row in figures.get("after_case", []) if row["by"] == "whole" and row["solved_yes"] is not None
    ]
    if together:
        yes = sum(row["solved_yes"] for row in together)
        whole = yes + sum(row["solved_no"] for row in together)
        text = _("Asked after their case had ended, citizens call it solved in %(share)s answers.")
        yield "solved", text % {"share": _both(yes, whole)}, ("after_case",)
    asked = [row for row in figures.get("call_backs", []) if row["done"] is not None]
    if asked:
        done, answered = (sum(row[name] for row in asked) for name in ("done", "answered"))
        text = _("Of citizens whose answered report was drawn by chance, %(share)s say that it was done.")
        yield "done", text % {"share": _both(done, answered)}, ("call_backs",)
    for row in figures.get("forum_inputs", []):
        if row["count"]:
            text = _(
                "Brought to forums and boxes: %(count)s. Became a report or a promise, answered, or declined with a "
                "reason: %(decided)s. Waiting longer than promised: %(overdue)s."
            )
            decided = sum(row[name] for name in ("case", "commitment", "answered", "declined"))
            counts = {"count": row["count"], "decided": decided, "overdue": row["overdue"]}
            yield "inputs", text % {name: words.number(n) for name, n in counts.items()}, ("forum_inputs",)


def _about_what_is_owed(figures: Figures) -> Said:
    for row in figures.get("promises", []):
        if row["basis"] == "due" and row["count"]:
            text = _(
                "Promises of agencies whose day lay in the period: %(count)s. Kept in time: %(kept_in_time)s, "
                "kept late: %(kept_late)s, broken: %(broken)s, overdue: %(overdue)s, not decided yet: %(rest)s."
            )
            counts = _counts(row, ("reported", "not_due"))
            yield "promises", text % counts, ("promises",)
    for row in figures.get("recommendations", []):
        if row["basis"] == "issued" and row["count"]:
            text = _(
                "Recommendations that supervisors issued: %(count)s. Complied with: %(complied)s, in part: "
                "%(partly)s, not: %(not_complied)s, not judged yet: %(rest)s."
            )
            counts = _counts(row, ("to_judge", "overdue", "not_due"))
            yield "recommendations", text % counts, ("recommendations",)


def _counts(row: Figures, rest: Sequence[str]) -> dict[str, str]:
    """In words; `rest`: of what nothing has come yet."""
    counts = {name: words.number(n) for name, n in row.items() if isinstance(n, int)}
    return counts | {"rest": words.number(sum(row[name] for name in rest))}
