"""Figures of an index in templates, and the lines of the tables that have them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from complaints.templatetags.ui import markup
from surveys.index import numbers
from surveys.index.figures import ElementFigure, Index
from surveys.index.shown import Group

register = template.Library()

LINE = '<tr role="row"><th role="rowheader" scope="row">{}</th>{}</tr>\n'
NUMBER = '<td role="cell" class="num" data-label="{}">{}</td>'


@register.filter
def figure(value: Any, places: int = 2) -> str:
    """Rounded half up, with so many decimals; a dash where there is none."""
    return numbers.decimal(value, places)


@register.filter
def count(value: int | None) -> str:
    return numbers.whole(value)


@register.filter
def interval(index: Index | ElementFigure, places: int = 2) -> str:
    return numbers.between(index.low, index.high, places)


@register.filter
def grades(index: Index) -> str:
    return numbers.grade_words(index.grades)


@register.filter
def performance(index: Index) -> str:
    """In the words of the regulation; of an uncertain grade nothing."""
    return "" if index.is_uncertain else numbers.performance(index.grade)


@register.simple_tag
def element_lines(elements: Iterable[Mapping[str, Any]]) -> SafeString:
    """Of each its name, the mean, how sure it is, and how many answered it."""
    labels = _("Mean, 1 to 4"), _("at 95 % between"), _("Answered")
    rows = ((each["name"], each["figure"]) for each in elements)
    return _lines(
        labels,
        ((name, [figure(of.mean, 3), interval(of), count(of.answered)]) for name, of in rows),
    )


@register.simple_tag
def group_lines(groups: Iterable[Group], is_national: object) -> SafeString:
    """Of each group its index, how sure it is, and how many they are; an asterisk where it is hidden."""
    labels = _("Index"), _("at 95 % between"), _("Respondents")
    return _lines(labels, ((each.label, _of_group(each.index, is_national)) for each in groups))


def _of_group(index: Index | None, is_national: object) -> list[str]:
    if index is None:
        return [numbers.HIDDEN] * 3
    value = f"{figure(index.value)} ({grades(index)})" if is_national else figure(index.value)
    return [value, interval(index), count(index.respondents)]


def _lines(labels: tuple[str, ...], rows: Iterable[tuple[str, list[str]]]) -> SafeString:
    cells = (
        (name, [markup(NUMBER, label, value) for label, value in zip(labels, values, strict=True)])
        for name, values in rows
    )
    return SafeString("".join(markup(LINE, name, SafeString("".join(each))) for name, each in cells))
