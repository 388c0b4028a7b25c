"""A list of cases as CSV: a row a case, with when it came and ended, where it lies and how it stands. Nobody's words,
no name of a person, no other case (docs/decisions/0112).

PostgreSQL spells the lines itself: a million of them take Python ten times as long. Those of SQLite are spelled here,
as they come. Both give the same bytes.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from io import BufferedWriter, RawIOBase
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any

from django.contrib import messages
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import Agency
from complaints.clock.city_time import day_of, zone
from complaints.clock.kept_in_sql import with_kept
from complaints.csv_out import PIECE, csv_file, csv_lines, safe_cell
from complaints.models import Area, Category, Service
from complaints.models.complaint import Complaints
from complaints.paging import Order

LINES = 5000  # of SQLite, read at a time
MOST_SECONDS = 60  # of the database for one list; a page has ten


class Cell(Enum):
    """What a cell shows of its column."""

    VALUE = 1  # a number, or a code of the program
    MOMENT = 2  # the city's time, to the second
    WHETHER = 3  # there is a value
    CODE = 4  # of the row that the key leads to
    NAME = 5


# Title and column; `first` and `extended`: how it stands, by its first promise and with more time counted as promised.
COLUMNS = (
    ("number", "number", Cell.VALUE),
    ("received_at", "received_at", Cell.MOMENT),
    ("ended_at", "ended_at", Cell.MOMENT),
    ("due_at", "due_at", Cell.MOMENT),
    ("promised_at", "target_at", Cell.MOMENT),
    ("state", "state", Cell.VALUE),
    ("standing", "first", Cell.VALUE),
    ("standing_extended", "extended", Cell.VALUE),
    ("kind", "kind", Cell.VALUE),
    ("channel", "channel", Cell.VALUE),
    ("agency", "agency_id", Cell.CODE),
    ("agency_name", "agency_id", Cell.NAME),
    ("category", "category_id", Cell.CODE),
    ("category_name", "category_id", Cell.NAME),
    ("area", "area_id", Cell.CODE),
    ("area_name", "area_id", Cell.NAME),
    ("service", "service_id", Cell.CODE),
    ("service_name", "service_id", Cell.NAME),
    ("is_part", "parent_id", Cell.WHETHER),
    ("round", "cycle", Cell.VALUE),
    ("is_disputed", "disputed_at", Cell.WHETHER),
    ("handed_back", "hand_backs", Cell.VALUE),
)
TITLES = tuple(title for title, _column, _cell in COLUMNS)
JUDGED = ("state", "first", "extended")  # these `with_kept` adds
FIELDS = ("pk", *dict.fromkeys(column for _title, column, _cell in COLUMNS if column not in JUDGED))
NAMED = {"agency_id": Agency, "category_id": Category, "area_id": Area, "service_id": Service}
Names = dict[str, dict[int | None, tuple[str, str]]]  # code and name by key, of each column of NAMED

_writing = Lock()


def list_as_csv(request: HttpRequest, cases: Complaints, order: Order, now: datetime) -> HttpResponseBase:
    """The whole list as a download. A process writes one at a time, and ends its statement before it sends the first
    byte: who asks while another is written is told to come again."""
    if not _writing.acquire(blocking=False):
        messages.warning(request, _("Another list is being written just now. Try again in a moment."))
        return back_to_list(request)
    content = TemporaryFile(buffering=PIECE)  # noqa: SIM115 - closed with the answer
    try:
        write_csv(cases, order, now, content)
    except BaseException:
        content.close()
        raise
    finally:
        _writing.release()
    content.seek(0)
    return csv_file(f"cases-{day_of(now)}.csv", content)


def back_to_list(request: HttpRequest) -> HttpResponseBase:
    """To the page whose list this is, with its filters; which of them makes no sense, it says."""
    return redirect(f"{request.path.rpartition('/')[0]}/?{request.GET.urlencode()}")


def write_csv(cases: Complaints, order: Order, now: datetime, into: IO[bytes]) -> None:
    """These cases, which have a value in the column of `order`, as they stand at `now`."""
    into.writelines(line.encode() for line in csv_lines(TITLES, ()))
    if connection.vendor == "postgresql":
        _copy(cases, order, now, into)
    else:
        into.writelines(_spelled(cases, order, now))


def _names() -> Names:
    """In the reader's language, each on one line."""
    found: Names = {}
    for column, model in NAMED.items():
        rows: Any = model._default_manager.all()
        said = ((row.pk, row.code, str(row)) for row in rows)
        found[column] = {pk: (code, " ".join(name.split())) for pk, code, name in said}
    return found


def _spelled(cases: Complaints, order: Order, now: datetime) -> Iterator[bytes]:
    """Row by row, in Python."""
    sign, names = "-" if order.newest_first else "", _names()
    rows: Any = with_kept(cases, now, *FIELDS).order_by(f"{sign}{order.column}", f"{sign}pk")
    lines = csv_lines((), (_cells(row, names) for row in rows.iterator(chunk_size=LINES)))
    next(lines)  # its head
    for line in lines:
        yield line.encode()


def _cells(row: dict[str, Any], names: Names) -> list[Any]:
    return [_shown(row[column], cell, names.get(column, {})) for _title, column, cell in COLUMNS]


def _shown(value: Any, cell: Cell, names: dict[int | None, tuple[str, str]]) -> Any:
    if cell == Cell.WHETHER:
        return value is not None
    if cell == Cell.MOMENT and value is not None:
        return value.astimezone(zone()).replace(tzinfo=None).isoformat(" ", "seconds")
    if cell in (Cell.CODE, Cell.NAME):
        return names.get(value, ("", ""))[cell == Cell.NAME]
    return value


def _copy(cases: Complaints, order: Order, now: datetime, into: IO[bytes]) -> None:
    """As PostgreSQL spells them. Names go in as safe cells; all else are numbers, moments and codes of the program."""
    try:
        statement, parameters = _statement(cases, order, now)
    except EmptyResultSet:  # Django knows without asking
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL statement_timeout = '{MOST_SECONDS}s'; SET LOCAL datestyle = 'ISO'; "
            f"SET LOCAL timezone = '{zone()}'"
        )
        with cursor.copy(statement, parameters) as copy, BufferedWriter(_Ends(into), PIECE) as lines:
            lines.writelines(copy)


class _Ends(RawIOBase):
    """Passes lines on with the ends that a CSV has; many at a time, since a step of Python for each costs as much as
    the database takes to spell it."""

    def __init__(self, into: IO[bytes]) -> None:
        self.into = into

    def writable(self) -> bool:
        return True

    def write(self, lines: Any) -> int:
        self.into.write(bytes(lines).replace(b"\n", b"\r\n"))  # no cell has an end of a line
        return len(lines)


def _statement(cases: Complaints, order: Order, now: datetime) -> tuple[str, list[Any]]:
    judged, own = with_kept(cases, now, *FIELDS).query.sql_with_params()
    cells = ", ".join(_in_sql(column, cell) for _title, column, cell in COLUMNS)
    joins, arrays = [], []
    for column, names in _names().items():
        joins.append(
            f"LEFT JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS of_{column}(pk, code, name) "
            f"ON of_{column}.pk = q.{column}"
        )
        said = [[safe_cell(text) or None for text in both] for both in names.values()]
        arrays += [list(names), [code for code, _name in said], [name for _code, name in said]]
    way = "DESC" if order.newest_first else "ASC"
    statement = (  # of names of this code alone; what anybody typed are parameters
        f"COPY (SELECT {cells} FROM ({judged}) AS q ({', '.join((*FIELDS, *JUDGED))}) {' '.join(joins)} "  # noqa: S608
        f"ORDER BY q.{order.column} {way}, q.pk {way}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
    )
    return statement, [*own, *arrays]


def _in_sql(column: str, cell: Cell) -> str:
    if cell == Cell.MOMENT:
        return f"date_trunc('second', q.{column}::timestamp)"  # in the zone of the session
    if cell == Cell.WHETHER:
        return f"CASE WHEN q.{column} IS NULL THEN 'false' ELSE 'true' END"
    if cell in (Cell.CODE, Cell.NAME):
        return f"of_{column}.{cell.name.lower()}"
    return f"q.{column}"
