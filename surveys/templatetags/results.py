"""Figures of an index in templates."""

from typing import Any

from django import template

from surveys.index import numbers
from surveys.index.figures import ElementFigure, Index

register = template.Library()


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
