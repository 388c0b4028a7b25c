"""Paging by key: a page starts after a row, not after a count, so that a deep page costs as much as the
first and a row is neither lost nor shown twice when others come and go."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

from complaints.database.kept_statements import rows_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
COUNT_CAP = 1000
LONGEST = 60  # characters of a cursor; ours have fewer
YEARS = (EPOCH, datetime(3000, 1, 1, tzinfo=UTC))


class BadCursor(ValueError):
    """The cursor in the address was not made by us."""


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Cursor:
    """A place between rows: beside the row (`at`, `pk`), reading on or back from there."""

    at: datetime
    pk: int
    backwards: bool = False

    def encode(self) -> str:
        micros = (self.at - EPOCH) // MICROSECOND
        text = f"{'b' if self.backwards else 'f'}.{micros}.{self.pk}"
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """BadCursor for anything that `encode` did not make. It holds no secret and gives no right."""
        try:
            if len(text) > LONGEST or not text.isascii():
                raise BadCursor(text[:LONGEST])
            way, micros, pk = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").split(".")
            cursor = cls(EPOCH + int(micros) * MICROSECOND, int(pk), {"f": False, "b": True}[way])
        except (BadBase64, UnicodeDecodeError, ValueError, KeyError, OverflowError) as error:
            raise BadCursor("not a cursor") from error
        if not YEARS[0] <= cursor.at < YEARS[1] or not 0 < cursor.pk < 2**63 or cursor.encode() != text:
            raise BadCursor("not a cursor")
        return cursor


@dataclass(frozen=True)
class Order:
    """By this moment, then by key. The column is named in code, never by a visitor."""

    column: str
    newest_first: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next: str = ""
    previous: str = ""


def page_of(
    rows: "QuerySet[Row] | Sequence[QuerySet[Row]] | Callable[[], Sequence[QuerySet[Row]]]",
    order: Order,
    cursor: Cursor | None,
    size: int,
    *,
    key: Hashable = None,
) -> Page[Row]:
    """One page in one query. Rows whose column is null must have been left out.

    Several sets, of which no two have a row in common, are read along the index of each and merged. `key` says all that
    a page depends on but its place: its statement is kept then, and what gives the sets is asked for them once.
    """
    backwards = cursor is not None and cursor.backwards
    found = _rows(lambda: _strands(rows), order, cursor, size + 1, key)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_next, has_previous = (True, more) if backwards else (more, cursor is not None)
    return Page(
        found,
        next=_beside(found[-1], order, backwards=False) if has_next else "",
        previous=_beside(found[0], order, backwards=True) if has_previous else "",
    )


def _strands(
    rows: "QuerySet[Row] | Sequence[QuerySet[Row]] | Callable[[], Sequence[QuerySet[Row]]]",
) -> "list[QuerySet[Row]]":
    if isinstance(rows, QuerySet):
        return [rows]
    return list(rows() if callable(rows) else rows)


def _rows(
    strands: "Callable[[], list[QuerySet[Row]]]",
    order: Order,
    cursor: Cursor | None,
    most: int,
    key: Hashable,
) -> list[Row]:
    backwards = cursor is not None and cursor.backwards
    descending = order.newest_first != backwards
    sign = "-" if descending else ""
    by = f"{sign}{order.column}", f"{sign}pk"
    if cursor is None:
        if key is None:
            return list(merged(strands(), by, most))
        return rows_of((key, order, most), "", "", lambda _none: merged(strands(), by, most))

    def beyond(place: tuple[datetime, int]) -> "QuerySet[Row]":
        past = _beyond(order.column, place, descending)
        return merged([strand.filter(past) for strand in strands()], by, most)

    place = cursor.at, cursor.pk
    if key is None:
        return list(beyond(place))
    other = cursor.at + MICROSECOND, cursor.pk - 1
    return rows_of((key, order, most, backwards), place, other, beyond)


def first_page_with_count(
    found: "QuerySet[Row]", rows: "QuerySet[Row]", order: Order, size: int
) -> tuple[Page[Row], int]:
    """The first page of what was `found`, and how many there are, up to one past COUNT_CAP. For a set all of whose rows
    must be looked at to be put in order: it is once, by its keys; `rows` are the same without what finds them."""
    by = _by(order)
    keys = list(found.order_by(*by).values_list("pk", flat=True)[: COUNT_CAP + 1])
    shown = list(rows.filter(pk__in=keys[:size]).order_by(*by)) if keys else []
    more = len(keys) > size and bool(shown)
    return Page(shown, _beside(shown[-1], order, backwards=False) if more else ""), len(keys)


def first_page(found: "QuerySet[Row]", rows: "QuerySet[Row]", order: Order, size: int) -> Page[Row]:
    """The same of a set of thousands, without a count: whose first are soon met in the order of an index, which is
    asked for keys alone, and so reads no row on the way."""
    by = _by(order)
    shown = list(rows.filter(pk__in=found.order_by(*by).values("pk")[: size + 1]).order_by(*by))
    more, shown = len(shown) > size, shown[:size]
    return Page(shown, _beside(shown[-1], order, backwards=False) if more else "")


def _by(order: Order) -> tuple[str, str]:
    sign = "-" if order.newest_first else ""
    return f"{sign}{order.column}", f"{sign}pk"


def merged(strands: "list[QuerySet[Row]]", by: tuple[str, str], most: int) -> "QuerySet[Row]":
    """The first of all, in this order; no more is read of each than could be among them."""
    strands = [strand for strand in strands if not strand.query.is_empty()] or strands[:1]
    if len(strands) == 1:
        return strands[0].order_by(*by)[:most]
    if connection.features.supports_slicing_ordering_in_compound:
        first, *others = (strand.order_by(*by)[:most] for strand in strands)
    else:  # SQLite merges along the indexes by itself
        first, *others = (strand.order_by() for strand in strands)
    return first.union(*others, all=True).order_by(*by)[:most]


def _beside(row: Model, order: Order, *, backwards: bool) -> str:
    return Cursor(getattr(row, order.column), row.pk, backwards).encode()


def _beyond(column: str, place: tuple[datetime, int], descending: bool) -> Q:
    """Past that place. The first condition bounds the index scan; the second settles equal moments."""
    (at, pk), way = place, "lt" if descending else "gt"
    bound = Q(**{f"{column}__{way}e": at})
    return bound & (Q(**{f"{column}__{way}": at}) | Q(**{f"pk__{way}": pk}))
