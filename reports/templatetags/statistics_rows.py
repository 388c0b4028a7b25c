"""The lines of the tables of statistics (templates/statistics/), each table by one function: a page has some thousand
cells, and a template for each took longer than all that was read for them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from complaints.templatetags.ui import markup
from reports.statistics.shown import HIDDEN

register = template.Library()
Line = Mapping[str, Any]

OPTION, SELECTED = '<option value="{}"{}>{}</option>', SafeString(" selected")
ROW = '<tr role="row"><th role="rowheader" scope="row">{}</th>{}</tr>\n'
NUMBER = '<td role="cell" class="num" data-label="{}">{}</td>'
# The number stands beside the bar.
BAR = (
    '<td role="cell" class="bar-cell"><svg class="bar-line" viewBox="0 0 100 8" preserveAspectRatio="none" '
    'aria-hidden="true" focusable="false"><rect class="ix-fill" width="{}" height="8"/></svg></td>'
)
LINK = '<a href="{}">{}</a>'
NAMED_LINK = '<a href="{}">{}<span class="visually-hidden"> {}</span></a>'


@register.simple_tag
def option_lines(options: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """`options`: value and name of each."""
    return SafeString(
        "".join(markup(OPTION, code, SELECTED if code == chosen else "", name) for code, name in options)
    )


@register.filter
def tell_in_time(lines: Sequence[Line]) -> bool:
    """Whether any of them does: a column of asterisks says nothing."""
    return any(line["in_time"] != HIDDEN for line in lines)


@register.simple_tag
def course_lines(lines: Sequence[Line]) -> SafeString:
    """`lines`: reports.statistics.shown.course."""
    received, in_time, is_told = _("Received"), _("In time"), tell_in_time(lines)
    return _rows(
        (
            line["name"],
            _number(received, line["received"]),
            _bar(line),
            *([_number(in_time, line["in_time"])] if is_told else []),
        )
        for line in lines
    )


@register.simple_tag
def breakdown_lines(part: Mapping[str, Any]) -> SafeString:
    """`part`: one of reports.statistics.shown.breakdowns."""
    words = _("Received"), _("Ended"), _("Open"), _("In time")
    return _rows((line["name"], *_of_breakdown(part, line, *words)) for line in part["rows"])


def _of_breakdown(
    part: Mapping[str, Any], line: Line, received: str, ended: str, still_open: str, in_time: str
) -> list[SafeString]:
    shown = line["received"]
    cells = [
        _number(received, markup(NAMED_LINK, line["url"], shown, line["name"]) if line["url"] else shown),
        _bar(line),
    ]
    if part["before"]:
        cells.append(_number(part["before"], line["before"]))
    if part["wide"]:
        cells += [_number(ended, line["cells"][0]), _number(still_open, line["cells"][1])]
        cells.append(_number(in_time, line["in_time"]))
    return cells


@register.simple_tag
def stay_lines(lines: Iterable[Line], has_days: object = None) -> SafeString:
    """`lines`: reports.statistics.shown.times_with; `has_days`: true where how long they took is told."""
    words = {
        "stays": _("Times with it"),
        "in_time": _("In time"),
        "late": _("Late"),
        "handed_on": _("Handed on"),
        "rest": _("Other"),
    }
    if has_days:
        words["days"] = _("Days with it (median)")
    return _rows(
        (line["name"], *(_number(word, _linked(line, name)) for name, word in words.items()))
        for line in lines
    )


def _linked(line: Line, name: str) -> object:
    url = line.get(f"{name}_url")
    return markup(LINK, url, line[name]) if url else line[name]


def _rows(rows: Iterable[tuple[Any, ...]]) -> SafeString:
    """Of each the name, then its cells."""
    return SafeString("".join(markup(ROW, name, SafeString("".join(cells))) for name, *cells in rows))


def _number(label: str, value: object) -> SafeString:
    return markup(NUMBER, label, value)


def _bar(line: Line) -> SafeString:
    return markup(BAR, line["width"])
