"""Reads JSON: one object a line, a list of them, or an object in which such a list lies, as interfaces answer."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from complaints.importing.lines import BrokenFile, Line, open_text, plain

DEEPEST = 4  # objects around a list of cases
SHOWN = 8  # names of what is in an object without one
_LINES, _LIST, _OBJECT = "lines", "list", "object"


def is_json(path: Path, encoding: str) -> bool:
    return bool(_form(path, encoding))


def where_the_list_is(path: Path, encoding: str, needed: Iterable[str]) -> tuple[str, ...]:
    """The names that lead to the list of cases inside an outer object; empty where there is no outer object, or the
    object is itself a case with the `needed` headings. Raises BrokenFile where no list of objects is in it."""
    if _form(path, encoding) != _OBJECT:
        return ()
    whole = _load(path, encoding)
    found = list(_lists(whole, ()))
    wanted = {plain(name) for name in needed}
    own = _flat(whole)
    if isinstance(own, dict) and (wanted <= {plain(name) for name in own} if wanted else not found):
        return ()
    if not found:
        names = ", ".join(f"“{name}”" for name in list(whole)[:SHOWN])
        message = _(
            "This is JSON with one object (%(names)s). There is no list of objects in it, one for each case."
        )
        raise BrokenFile(message % {"names": names})
    return max(found, key=lambda each: len(each[1]))[0]


def json_lines(path: Path, encoding: str, place: tuple[str, ...]) -> Iterator[Line]:
    """First the names that occur, as headings; then one line for each object of the list at `place`."""
    names: dict[str, None] = {}
    for _number, found in _objects(path, encoding, place):
        names |= dict.fromkeys(found if isinstance(found, dict) else ())
    yield Line(0, list(names))
    for number, found in _objects(path, encoding, place):
        if isinstance(found, dict):
            yield Line(number, [found.get(name, "") for name in names])
        else:
            yield Line(number, [], _("not readable as JSON: %(why)s") % {"why": found})


def _form(path: Path, encoding: str) -> str:
    """_LINES, _LIST or _OBJECT; "" for what is no JSON."""
    with open_text(path, encoding) as text:
        lines = (line.strip() for line in text)
        start = next((line for line in lines if line), "")
        if start.startswith("["):
            return _LIST if start == "[" or start[1:].lstrip().startswith("{") else ""
        try:
            is_whole = isinstance(json.loads(start), dict)
        except (ValueError, RecursionError):
            begins = start == "{" or (start.startswith("{") and start[1:].lstrip().startswith('"'))
            return _OBJECT if begins else ""
        return (_LINES if any(lines) else _OBJECT) if is_whole else ""


def _load(path: Path, encoding: str) -> Any:
    with open_text(path, encoding) as text:
        try:
            return json.load(text)
        except (ValueError, RecursionError) as error:
            raise BrokenFile(_("not readable as JSON: %(why)s") % {"why": error}) from error


def _lists(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """The lists of objects in an object, outer ones first, each with the names that lead to it."""
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        yield place, value
    elif isinstance(value, dict) and len(place) < DEEPEST:
        for name, inner in value.items():
            yield from _lists(inner, (*place, name))


def _objects(path: Path, encoding: str, place: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Line, or place in a list, and the object by its flat names, or why there is none."""
    form = _form(path, encoding)
    if form in (_LIST, _OBJECT):
        whole = _load(path, encoding)
        for name in place:
            whole = whole[name]
        listed = whole if isinstance(whole, list) else [whole]
        yield from ((number, _flat(each)) for number, each in enumerate(listed, start=1))
        return
    with open_text(path, encoding) as text:
        for number, line in enumerate(text, start=1):
            if line.strip():
                yield number, _parsed(line)


def _parsed(line: str) -> dict[str, str] | str:
    try:
        return _flat(json.loads(line))
    except (ValueError, RecursionError) as error:
        return str(error)


def _flat(value: Any, prefix: str = "") -> dict[str, str] | str:
    if not isinstance(value, dict):
        return _("no object")
    cells: dict[str, str] = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and prefix.count(".") < 5:
            inner_cells = _flat(inner, f"{prefix}{name}.")
            cells |= inner_cells if isinstance(inner_cells, dict) else {}
        else:
            cells[prefix + name] = _cell(inner)
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # as a spreadsheet's: numbers beside an empty cell become such on their way
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return ", ".join(str(part) for part in value)
    return json.dumps(value, ensure_ascii=False)
