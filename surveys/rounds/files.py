"""Answers from a file: columns by the key of a question or by U1 to U9, values or labels, errors by line."""

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from surveys.questionnaires.answering import read_answers
from surveys.questionnaires.asking import Asked, Questionnaire
from surveys.questionnaires.models import Element, Question
from surveys.rounds import flags
from surveys.rounds.correcting import slip_number
from surveys.rounds.models import Response, Round, Token
from surveys.rounds.storing import Given
from surveys.rounds.tokens import digests_of

MOST_LINES, MOST_BYTES = 20_000, 600_000
AT_ONCE = 500  # looked up
SLIP = "slip"
SLIP_NAMES = frozenset({SLIP, "no", "no.", "nomor", "number", "no_responden", "no. responden", "lembar"})
BY_NUMBER = tuple(Element.values)  # as the regulation counts
FLIPPED = (*BY_NUMBER[:7], BY_NUMBER[8], BY_NUMBER[7])  # as its questionnaire asks
WHOLE = re.compile(r"[0-9]{1,9}[.,]0+")  # as spreadsheets write a whole number


class Unreadable(Exception):
    """The file as a whole; with the sentence for whoever sent it."""


@dataclass(frozen=True)
class Line:
    number: int
    given: Given
    digests: list[str]  # by which it may be known; a new one by the first

    @property
    def digest(self) -> str:
        return self.digests[0]


@dataclass
class Taken:
    """What a file would bring. `lines` are new; `known` were taken in before; `problems` are told by line and stay
    out; `unused` are columns that no question has."""

    lines: list[Line] = field(default_factory=list)
    known: int = 0
    read: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, else as Windows writes it."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 600 kB. Please split it."))
    if b"\0" in content:
        raise Unreadable(_("This is no CSV file. Please save the table as CSV first."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_file(text: str, row: Round, asked: Questionnaire, *, is_flipped: bool = False) -> Taken:
    """Reads and judges each line; stores nothing. Unreadable where no column is a question's."""
    lines = _table(text)
    if not lines:
        raise Unreadable(_("The file is empty."))
    header, *rest = lines
    if len(rest) > MOST_LINES:
        raise Unreadable(_("A file has 20,000 lines at most. Please split it."))
    columns, taken = _columns(header, asked, is_flipped), Taken()
    if not any(isinstance(column, Asked) for column in columns):
        raise Unreadable(
            _("No column has the key of a question or is called U1 to U9. The template has them.")
        )
    taken.unused = [
        name for name, column in zip(header, columns, strict=True) if column is None and name.strip()
    ]
    again: Counter[str] = Counter()
    for number, cells in enumerate(rest, start=2):
        if any(cell.strip() for cell in cells):
            taken.read += 1
            _take_line(number, cells, columns, row, asked, taken, again)
    _leave_known(row, taken)
    return taken


def _table(text: str) -> list[list[str]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return list(csv.reader(StringIO(text.lstrip("\r\n")), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Unreadable(_("The file cannot be read as a table: a quotation mark is left open.")) from None


def _columns(header: list[str], asked: Questionnaire, is_flipped: bool) -> list[Any]:
    """For each column its question, "slip", or None."""
    order = FLIPPED if is_flipped else BY_NUMBER
    by_element = {each.question.element: each for each in asked if each.question.element}
    found: list[Any] = []
    for cell in header:
        name = cell.strip().casefold()
        column: Any = SLIP if name in SLIP_NAMES else asked.by_key.get(name)
        if column is None and re.fullmatch(r"u[1-9]", name):
            column = by_element.get(order[int(name[1]) - 1])
        if column is not None and column in found:
            raise Unreadable(_("Two columns are the same question: %(name)s") % {"name": cell.strip()[:40]})
        found.append(column)
    return found


def _take_line(
    number: int,
    cells: list[str],
    columns: list[Any],
    row: Round,
    asked: Questionnaire,
    taken: Taken,
    again: Counter[str],
) -> None:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        taken.problems.append((number, _("The line has more cells than the heading.")))
        return
    pairs = list(zip(columns, cells, strict=False))
    slip = slip_number(next((cell for column, cell in pairs if column == SLIP), ""))
    raw = {column.key: _cell(column, cell) for column, cell in pairs if isinstance(column, Asked)}
    reading = read_answers(asked, raw, needs_required=False)
    problems = [
        f"{asked.by_key[key].text}: {words}" if key else words for key, words in reading.errors.items()
    ]
    if len(slip) > 40:
        problems.append(_("The number of the slip is longer than 40 characters."))
    if problems:
        taken.problems += [(number, problem) for problem in problems]
        return
    content = json.dumps([reading.answers, reading.words], sort_keys=True)
    again[slip or content] += 1
    if slip and again[slip] > 1:
        taken.problems.append((number, _("Slip %(slip)s stands in the file twice.") % {"slip": slip}))
        return
    found = flags.of_answers(asked, reading.answers)
    secret = ("slip", slip) if slip else ("line", f"{again[content]} {content}")
    given = Given(reading.answers, reading.words, slip=slip, flags=tuple(found))
    taken.lines.append(Line(number, given, digests_of(*secret, row)))


def _cell(asked: Asked, text: str) -> str:
    """Nought is no answer wherever it is not offered; `3.0` is 3."""
    text = text.strip()
    kind = asked.question.type
    if kind == Question.Type.TEXT:
        return text
    if WHOLE.fullmatch(text):
        text = re.split("[.,]", text)[0]
    is_offered = any(option.value == text for option in asked.options)
    return "" if text in {"0", "-"} and kind != Question.Type.NUMBER and not is_offered else text


def _leave_known(row: Round, taken: Taken) -> None:
    """Leaves out what was stored before; a slip that has other answers is a problem, unless it had these once and was
    corrected since."""
    tokens: set[str] = set()
    slips: dict[str, list[Any]] = {}
    for start in range(0, len(taken.lines), AT_ONCE):
        some = taken.lines[start : start + AT_ONCE]
        digests = [digest for line in some for digest in line.digests]
        tokens |= set(Token.objects.filter(round=row, digest__in=digests).values_list("digest", flat=True))
        numbers = [line.given.slip for line in some if line.given.slip]
        typed = Response.objects.exclude(slip="").filter(round=row, slip__in=numbers)
        for slip, answers in typed.values_list("slip", "answers") if numbers else ():
            slips.setdefault(slip, []).append(answers)
    new = []
    for line in taken.lines:
        known = slips.get(line.given.slip)
        if known is not None and line.given.answers not in known:
            words = _("Slip %(slip)s has been typed already, with other answers.")
            taken.problems.append((line.number, words % {"slip": line.given.slip}))
        elif not tokens.isdisjoint(line.digests) or known is not None:
            taken.known += 1
        else:
            new.append(line)
    taken.lines = new
    taken.problems.sort()
