"""Weekly opening hours: read as people type them, kept as JSON, said in words. Pure: no Django.

`Weekly` is `{"0": [["08:00", "12:00"], ["13:00", "15:00"]]}`: weekday (Monday is 0) to the stretches of the day in
order. What lies between two stretches is a break; a weekday that is missing is closed.
"""

import re
from datetime import date, time
from itertools import pairwise

Weekly = dict[str, list[list[str]]]
_TIME = re.compile(r"^(\d{1,2})(?:[.:](\d{2}))?$")
MOST_STRETCHES = 4


class BadHours(ValueError):
    """What was typed is no row of stretches such as `08.00-12.00, 13.00-15.00`."""


def read_day(text: str) -> list[list[str]]:
    """The stretches of one day; empty for a closed one. BadHours when it cannot be read or does not ascend."""
    found: list[list[str]] = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;\n]|\bdan\b|\band\b", text))):
        ends = [each.strip() for each in re.split(r"\s*(?:-|–|—|s/d|sampai|to)\s*", part)]
        if len(ends) != 2:
            raise BadHours(part)
        found.append([_time(each) for each in ends])
    edges = [edge for stretch in found for edge in stretch]
    if len(found) > MOST_STRETCHES or any(a >= b for a, b in pairwise(edges)):
        raise BadHours(text)
    return found


def _time(text: str) -> str:
    match = _TIME.match(text)
    if match is None:
        raise BadHours(text)
    try:
        return time(int(match[1]), int(match[2] or 0)).strftime("%H:%M")
    except ValueError:
        raise BadHours(text) from None


def check(weekly: Weekly) -> Weekly:
    """The same, as long as it is hours at all (BadHours): what comes from a file or an older plan."""
    for weekday, stretches in weekly.items():
        if weekday not in {"0", "1", "2", "3", "4", "5", "6"}:
            raise BadHours(weekday)
        if read_day(", ".join("-".join(stretch) for stretch in stretches)) != stretches:
            raise BadHours(str(stretches))
    return {weekday: stretches for weekday, stretches in sorted(weekly.items()) if stretches}


def day_text(stretches: list[list[str]]) -> str:
    """`08.00–12.00, 13.00–15.00`, as clocks are written in Indonesia and understood elsewhere."""
    return ", ".join("–".join(edge.replace(":", ".") for edge in stretch) for stretch in stretches)


def runs(weekly: Weekly) -> list[tuple[int, int, list[list[str]]]]:
    """Weekdays in a row with the same hours: (first, last, stretches); closed days too."""
    found: list[tuple[int, int, list[list[str]]]] = []
    for weekday in range(7):
        stretches = weekly.get(str(weekday), [])
        if found and found[-1][2] == stretches:
            found[-1] = (found[-1][0], weekday, stretches)
        else:
            found.append((weekday, weekday, stretches))
    return found


def of_day(weekly: Weekly, day: date) -> list[list[str]]:
    return weekly.get(str(day.weekday()), [])
