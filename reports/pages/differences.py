"""The differences between a report and the same one built again, in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.figures.definitions import FIGURES, name_of
from reports.figures.differences import Difference, Reason, Why
from reports.figures.figure import Unit
from reports.pages import labels, words


def in_words(found: Iterable[Difference], data: dict[str, Any]) -> list[str]:
    """A line each: "Late: 12, now 14. 3 joined: registered late (2), a day passed (1). 1 left: withdrawn (1)."
    `data`: of the newer snapshot, for the names of codes."""
    return [_line(each, data) for each in found]


def reason_in_words(why: Why) -> str:
    return {
        Why.REGISTERED_LATE: _("registered late"),
        Why.CAME_HERE: _("given to this agency, or registered late"),
        Why.WENT_AWAY: _("given to another agency, or shared with one"),
        Why.REMOVED: _("not there any more"),
        Why.MERGED: _("merged since"),
        Why.REJECTED: _("rejected since"),
        Why.WITHDRAWN: _("withdrawn since"),
        Why.LAPSED: _("lapsed since"),
        Why.REFERRED: _("referred since"),
        Why.ANSWERED: _("answered since"),
        Why.CLOSED: _("closed since"),
        Why.REOPENED: _("taken up again"),
        Why.MOVED_ON: _("further on its way"),
        Why.CORRECTED: _("corrected"),
        Why.HANDED_OVER: _("with another agency now"),
        Why.REARRANGED: _("their agency or ward belongs elsewhere since"),
        Why.PROMISE_MOVED: _("the promise was moved or ended"),
        Why.RECORDED: _("something was written down since"),
        Why.TIME_PASSED: _("a day passed"),
        Why.RULE: _("counted by another definition"),
    }[why]


def _line(each: Difference, data: dict[str, Any]) -> str:
    title = {"figure": _title(each, data)}
    if _unit(each) in (Unit.TABLE, Unit.PARTS):
        said = _("%(figure)s: changed.") % title
    else:
        both = {"old": _value(each, each.old), "new": _value(each, each.new)}
        said = _("%(figure)s: %(old)s, now %(new)s.") % (title | both)
    parts = [said, _half(each.reasons, "joined", each), _half(each.reasons, "left", each)]
    alone = [reason_in_words(reason.why) for reason in each.reasons if not (reason.joined or reason.left)]
    return " ".join([*(part for part in parts if part), *(f"({why})" for why in alone)])


def _title(each: Difference, data: dict[str, Any]) -> str:
    if not each.column:
        return name_of(each.code)
    column = FIGURES[each.code].columns[0]
    group = labels.name_of(data, column.group, each.group)
    return f"{name_of(each.code)}, {group}, {name_of(each.column)}"


def _unit(each: Difference) -> Unit:
    return Unit.COUNT if each.column else FIGURES[each.code].unit


def _value(each: Difference, value: Any) -> str:
    unit = _unit(each)
    if value is None:
        return words.NONE
    if unit == Unit.SHARE:
        return words.per_cent(value)
    if unit == Unit.HOURS:
        return words.duration(value)
    if unit == Unit.CODE:
        return str(value)
    return words.number(value) if isinstance(value, int) else words.decimal(value, 2)


def _half(reasons: Iterable[Reason], side: str, each: Difference) -> str:
    """Those that joined or left; of what is no count, those that changed."""
    counts = [(reason_in_words(reason.why), len(getattr(reason, side))) for reason in reasons]
    counts = [(why, count) for why, count in counts if count]
    if not counts:
        return ""
    total = sum(count for _why, count in counts)
    said = {"count": words.number(total), "reasons": ", ".join(f"{why} ({count})" for why, count in counts)}
    if not (each.column or FIGURES[each.code].where):
        return (
            ngettext("%(count)s row changed: %(reasons)s.", "%(count)s rows changed: %(reasons)s.", total)
            % said
        )
    if side == "joined":
        return _("%(count)s joined: %(reasons)s.") % said
    return _("%(count)s left: %(reasons)s.") % said
