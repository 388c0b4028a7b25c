"""The main figures of a report: as text, beside those of the period before, without what the public edition hides."""

from typing import Any

from django.utils.translation import gettext as _

from complaints.clock.kept import EXCLUDED, Kept
from complaints.shares import FEW, kept_words
from reports.figures.counting.cases import SHARES
from reports.figures.definitions import name_of
from reports.pages import words
from reports.pages.parts import Figure
from reports.suppression.columns import EXTENDED, PARTS
from reports.suppression.report import Marks, decide
from reports.suppression.rows import Hidden, flat

KEY_FIGURES = ("received", "ended", "open", "on_time_share", "on_time_share_extended", "hours_to_end_median")
HOURS = (
    "hours_to_end_median",
    "hours_to_end_p90",
    "hours_to_end_mean",
    "hours_without_pauses_median",
    "hours_without_pauses_p90",
)
# Received is the sum of PARTS, and each share stands under what it divides.
MAIN = (
    "received",
    *PARTS,
    "on_time_share",
    "met_target_extended",
    "late_extended",
    "on_time_share_extended",
    "late_ended",
    "on_time_share_ended",
    "ended",
    "open",
    "waiting_for_citizen",
    "end_unknown",
    *HOURS,
)


def title_of(code: str) -> str:
    """The words for a main figure; reasons why a case is in no share are called as in the tables."""
    if code in EXCLUDED:
        return _("In no share: %(reason)s") % {"reason": kept_words(Kept(code))}
    return name_of(code)


def titles_of(codes: list[str]) -> list[str]:
    """Of several, the reasons in one."""
    reasons = [kept_words(Kept(code)) for code in codes if code in EXCLUDED]
    titles = [title_of(code) for code in codes if code not in EXCLUDED]
    return titles + ([_("In no share: %(reason)s") % {"reason": ", ".join(reasons)}] if reasons else [])


def printed(figures: dict[str, Any], hidden: Hidden) -> dict[str, str]:
    """The main figures as text; what the public edition may not show is an asterisk."""
    values, shown = flat(figures), {}
    for code in MAIN:
        if code in hidden:
            shown[code] = words.HIDDEN
        elif code in SHARES:
            shown[code] = words.share(*_divided(figures, code))
        elif code in HOURS:
            shown[code] = words.duration(values[code])
        else:
            shown[code] = words.number(values[code])
    return shown


def _divided(figures: dict[str, Any], code: str) -> tuple[int, int]:
    part, rest = (figures[name] for name in SHARES[code])
    return part, part + rest


def hidden_alone(figures: dict[str, Any]) -> Hidden:
    """What is hidden of a whole of which no table is printed."""
    return decide({code: value for code, value in figures.items() if not isinstance(value, list)})[0].main


def hidden_before(figures: dict[str, Any], marks: Marks | None) -> Hidden:
    """What is not shown of the main figures of the period before; `marks`: as it was decided beside what is out.
    The one place that says so, for paper, page and file."""
    return hidden_main(marks.before if marks else hidden_alone(figures["previous"]))


def marks_alone(figures: dict[str, Any]) -> Marks:
    """What the public edition of a report hides that stands beside no other."""
    marks = decide(figures)[0]
    marks.before = hidden_alone(figures["previous"])
    return marks


def hidden_main(totals: Hidden) -> Hidden:
    """What the public edition does not show of the main figures: hidden counts, and all that is made of one."""
    if "received" in totals:
        return set(MAIN)
    hidden = totals & set(MAIN)
    if {"met_target", "late"} & totals:
        hidden |= {*EXTENDED, "late_ended", *SHARES}
    if totals.intersection(EXTENDED):
        hidden |= {*EXTENDED, "on_time_share_extended"}
    if "late_ended" in totals:
        hidden.add("on_time_share_ended")
    if "ended" in totals:
        hidden |= set(HOURS)
    return hidden


def detail_rows(
    figures: dict[str, Any], hidden: Hidden, before_hidden: Hidden
) -> list[tuple[str, str, str, str]]:
    """All main figures beside those before: (name, now, before, change)."""
    previous = figures["previous"]
    now, before = printed(figures, hidden), printed(previous, before_hidden)
    rows = []
    for code in MAIN:
        is_hidden = code in hidden | before_hidden
        rows.append(
            (
                title_of(code),
                now[code],
                before[code],
                words.HIDDEN if is_hidden else _moved(code, figures, previous),
            )
        )
    return rows


NOTHING = ("", "0", words.NONE, words.HIDDEN)


def says_nothing(now: str, before: str) -> bool:
    """Of a main figure that is hidden, and was nothing or hidden before: a row of asterisks."""
    return now == words.HIDDEN and before in NOTHING


def _moved(code: str, figures: dict[str, Any], previous: dict[str, Any]) -> str:
    """A count in per cent, a share in points, a time in time; of few cases a share does not move, it jumps."""
    if code in SHARES:
        few = min(_divided(figures, code)[1], _divided(previous, code)[1]) < FEW
        return words.NONE if few else words.points(figures[code], previous[code])
    now, before = flat(figures)[code], flat(previous)[code]
    if code in HOURS:
        return words.NONE if None in (now, before) else words.longer(now, before)
    return words.change(now, before)


def _both(figures: dict[str, Any], code: str) -> str:
    part, whole = (words.number(count) for count in _divided(figures, code))
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def key_figures(rows: list[tuple[str, str, str, str]], figures: dict[str, Any] | None = None) -> list[Figure]:
    """The first of the page, out of all `detail_rows`; with `figures` a share stands with its two numbers. What is
    hidden is left out, and what there is none of: a large asterisk says nothing, nor does a dash."""
    found = dict(zip(MAIN, rows, strict=True))
    shown = []
    for code in KEY_FIGURES:
        title, now, before, moved = found[code]
        if now == words.HIDDEN or (now == words.NONE and before in NOTHING):
            continue
        if figures is not None and code in SHARES and before.endswith("%"):
            before = f"{before}, {_both(figures['previous'], code)}"
        text = "" if before in (words.HIDDEN, words.NONE) else _("before: %(value)s") % {"value": before}
        text = text if moved in (words.NONE, words.HIDDEN) else f"{text} ({moved})"
        if figures is not None and code in SHARES and now.endswith("%"):
            both = _both(figures, code)
            text = f"{both}; {text}" if text else both
        shown.append(Figure(code, title, now, text))
    return shown
