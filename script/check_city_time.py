"""Fails where a day, a year or the zone is taken from a moment by other means than complaints/clock/city_time.py.

A moment is stored in UTC, so its `.date()` and its `.year` are yesterday's until eight in the morning. The source
does not tell a moment from a day, so the words themselves are refused, and a file that works on days says so below.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {".venv", "var", "migrations", "tests", "script"}

CALLED = {"date", "weekday", "isoweekday", "isocalendar"}  # of a moment, without arguments
READ = {"year", "month", "day"}
CLOCKS = {"date.today", "datetime.today", "datetime.now", "datetime.utcnow"}
DJANGOS = {
    "localtime", "localdate", "make_aware", "make_naive", "get_current_timezone", "get_default_timezone",
}  # fmt: skip

# Which files may say which words, and why.
MAY = {
    # the one that knows
    "complaints/clock/city_time.py": {".date()", ".year", "CITY.tz"},
    # pure arithmetic, handed its zone
    "complaints/clock/working_calendar.py": {".date()", ".weekday()"},
    # a year as another system wrote it, before anybody asks for the zone
    "complaints/importing/moments.py": {".year"},
    # these work on days, which have no zone any more
    "complaints/admin/calendars.py": {".year"},
    "complaints/clock/samples.py": {".weekday()"},
    "reports/figures/periods.py": {".year", ".month", ".day"},
    "reports/publication/periods.py": {".year", ".month"},
    "docs/verify/tuntas_recount/data.py": {".year", ".month", ".day"},
    "escalation/oversight/periods.py": {".year", ".month"},
    "escalation/ladder/moments.py": {".weekday()"},
    "escalation/signals/rules.py": {".year", ".month", ".day"},
    "bench/signals.py": {".date()"},
    "escalation/whatif/figures.py": {".weekday()"},
    "config/demo/play.py": {".weekday()"},
    "surveys/standards/hours.py": {".weekday()"},
    "surveys/index/listing.py": {".year"},
    "surveys/aftercase/quarters.py": {".year", ".month"},
    "reports/statistics/blocks.py": {".year", ".month"},
    "reports/statistics/keeping.py": {".month"},
    "reports/statistics/models.py": {".month"},
}


def name_of(node: ast.AST) -> str:
    """The last part of a name: `date` of `date` and of `datetime.date`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def spellings(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of each place that asks a moment, the machine or the settings for the time in the city."""
    tree = ast.parse(source)
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.timezone":
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in DJANGOS)
        elif isinstance(node, ast.Attribute):
            word, call = node.attr, calls.get(id(node))
            whole = f"{name_of(node.value)}.{word}"
            if whole in CLOCKS or whole == "CITY.tz":
                yield node.lineno, whole
            elif word in DJANGOS:
                yield node.lineno, word
            elif word in READ and call is None:
                yield node.lineno, f".{word}"
            elif word in CALLED and call is not None and not call.args and not call.keywords:
                yield node.lineno, f".{word}()"


def python_files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*.py")):
        folders = path.relative_to(ROOT).parts[:-1]
        if not NOT_OURS.intersection(folders) and not any(name.startswith(".") for name in folders):
            yield path


def wrong() -> Iterator[str]:
    """What is said where it may not be, and what is allowed and said no more."""
    allowed = {(name, word) for name, words in MAY.items() for word in words}
    said = set()
    for path in python_files():
        name = path.relative_to(ROOT).as_posix()
        for line, word in spellings(path.read_text(encoding="utf-8")):
            said.add((name, word))
            if (name, word) not in allowed:
                yield f"{name}:{line}: {word}: ask complaints/clock/city_time.py"
    for name, word in sorted(allowed - said):
        yield f"{name}: {word} is allowed by {Path(__file__).name} and said no more"


def main() -> int:
    found = list(wrong())
    print("\n".join(found) or "The city's time is asked for in one place")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
