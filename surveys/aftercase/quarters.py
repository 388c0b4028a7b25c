"""Quarters as their first days; these are days of the city already, which have no zone any more. Pure: no Django."""

from datetime import date, timedelta


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_quarter(first: date) -> date:
    return quarter_of(first + timedelta(days=100))


def number_of(first: date) -> tuple[int, int]:
    """1 to 4, and the year."""
    return (first.month + 2) // 3, first.year
