"""What was published before: other versions of the same period, periods inside it and around it, one agency's.

Whoever has them all subtracts one from the other, so they join the system of a new edition with all that is known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reports.suppression.cells import SMALL, Cells, Key, Sum
from reports.suppression.columns import STAYS
from reports.suppression.rows import OTHERS

Place = tuple[str, str, str]  # table, code, column
NESTED = ("", "by_agency", "by_service", "by_category", "by_area", "by_district", "by_channel", "by_kind")


@dataclass(frozen=True)
class Edition:
    """The counts of one period and scope, as they were published or are about to be. `series`: what hangs together
    with what; a report and the statistics of one month are two tellings of it."""

    name: str
    first: date
    last: date
    scope: str
    series: str
    cells: Cells

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def is_of(self, other: "Edition") -> bool:
        return (self.first, self.last, self.scope) == (other.first, other.last, other.scope)

    def contains(self, other: "Edition") -> bool:
        inside = self.first <= other.first and other.last <= self.last
        return inside and self.days > other.days and self.scope == other.scope

    def overlaps(self, other: "Edition") -> bool:
        return self.first <= other.last and other.first <= self.last

    def places(self) -> dict[Place, Key]:
        return {(key[1], key[2], key[3]): key for key in self.cells.values if key[0] == self.name}


def join(now: Edition, earlier: Iterable[Edition]) -> None:
    """Brings what was published before into the cells of `now`; the later of two of `earlier` come last."""
    # Of another period what was received hangs together with this one, and the times with agencies.
    before = [
        each if each.is_of(now) or (each.first, each.last) == (now.first, now.last) else _received(each)
        for each in earlier
    ]
    for each in before:
        now.cells.settle(each.cells)
    for each in before:
        if each.is_of(now):
            _same(now, each)
        elif (each.first, each.last) == (now.first, now.last):
            _scopes(now, each)
    for series in sorted({each.series for each in before}):
        # The last version of each period of one series, and this one beside them.
        own = {
            (each.first, each.last): each
            for each in before
            if each.series == series and each.scope == now.scope
        }
        own.pop((now.first, now.last), None)
        _nest(now, list(own.values()))


def _same(now: Edition, other: Edition) -> None:
    """Another version of the same: what it showed is known, and what it hid must stay hidden. What moved by a few
    since then tells of the few, but for the whole, of which every correction tells. Times with agencies grow from day
    to day, and nobody knows by how much."""
    cells, theirs = now.cells, other.places()
    for place, key in now.places().items():
        if place not in theirs:
            continue
        moved = cells.values[key] - cells.values[theirs[place]]
        if not moved or place[0] != STAYS:
            cells.sums.append(Sum(key, (theirs[place],), moved))
        if (
            place[0]
            and key not in cells.nowhere
            and 0 < abs(moved) < SMALL
            and theirs[place] not in cells.hidden
        ):
            cells.hidden.add(key)
            cells.moved.add(key)
    if any(place[0] == "by_day" for place in theirs):
        _days(now, other, cells)
    elif any(place[0] == "by_day" for place in now.places()):
        _days(other, now, cells)


def _days(one: Edition, other: Edition, cells: Cells) -> None:
    """Weeks of one edition and days of another."""
    steps = sorted(
        key for place, key in one.places().items() if place[0] == "by_step" and place[2] == "received"
    )
    days = sorted(key for place, key in other.places().items() if place[0] == "by_day")
    for n, step in enumerate(steps):
        end = steps[n + 1][2] if n + 1 < len(steps) else "9999"
        cells.add_sum(step, [day for day in days if step[2] <= day[2] < end])


def _scopes(now: Edition, other: Edition) -> None:
    """One edition and that of an agency which has a row in it, the city's or that of an agency above: what stands in
    the row is the agency's whole, but for the units below it, whose cases are the difference. How many cases there were
    in all is told of every edition."""
    if _has_row_of(now, other):
        _row_and_whole(now, other, now)
    elif _has_row_of(other, now):
        _row_and_whole(other, now, now)


def _has_row_of(outer: Edition, agency: Edition) -> bool:
    if not outer.scope or not agency.scope:
        return not outer.scope and bool(agency.scope)
    return any(place[:2] == ("by_agency", agency.scope) for place in outer.places())


def _row_and_whole(outer: Edition, agency: Edition, now: Edition) -> None:
    cells, ours, theirs = now.cells, outer.places(), agency.places()
    has_units = any(place[0] == "by_agency" and place[1] != agency.scope for place in theirs)
    for place, key in theirs.items():
        row = ours.get(("by_agency", agency.scope, place[2])) if place[:2] == ("", "") else None
        if row is not None and has_units and place[2] != "received":
            _rest(cells, key, [row], outer.name)
        elif row is not None:
            cells.sums.append(Sum(row, (key,), cells.values[row] - cells.values[key]))
        elif place[0] == STAYS and place in ours:  # of the same agency, wherever its cases are
            _same_times(cells, ours[place], key, now.name)
        elif place[0] and place[2] == "received" and place[1] != OTHERS and place in ours:
            _rest(cells, ours[place], [key], agency.name)


def _same_times(cells: Cells, one: Key, other: Key, now: str) -> None:
    own, theirs = (one, other) if one[0] == now else (other, one)
    moved = cells.values[own] - cells.values[theirs]
    if not moved:
        cells.sums.append(Sum(own, (theirs,)))
    elif abs(moved) < SMALL and theirs not in cells.hidden:
        cells.hidden.add(own)
        cells.moved.add(own)


def _nest(now: Edition, others: Sequence[Edition]) -> None:
    """Months in their quarter, quarters in their year: received adds up, what became of it does not, since it was
    counted on other days. Times with agencies are held against each other all the same: by how much they grew may be
    known."""
    inside = _tiles([each for each in others if now.contains(each)], [])
    if inside:
        _add_up(now.cells, now, inside)
    for outer in others:
        if outer.contains(now):
            _add_up(now.cells, outer, _tiles([each for each in others if outer.contains(each)], [now]))


def _tiles(candidates: Iterable[Edition], taken: list[Edition]) -> list[Edition]:
    """As many as do not overlap, the longest first."""
    for each in sorted(candidates, key=lambda each: (-each.days, each.first)):
        if not any(each.overlaps(other) for other in taken):
            taken = [*taken, each]
    return taken


def _add_up(cells: Cells, outer: Edition, inside: Sequence[Edition]) -> None:
    parts = [each.places() for each in inside]
    is_whole = sum(each.days for each in inside) == outer.days
    name = "+".join(sorted(each.name for each in inside))
    places = outer.places()
    for place, key in places.items():
        table, code, column = place
        if table == STAYS:
            _times_add_up(
                cells, key, [part[place] for part in parts if place in part], name, is_whole, len(parts)
            )
        if table not in NESTED or column != "received" or code == OTHERS:
            continue
        known = [part[place] for part in parts if place in part]
        if is_whole and all(any(other[0] == table for other in part) for part in parts):
            cells.add_sum(key, known)
        elif known:
            _rest(cells, key, known, name)
    for each, part in zip(inside, parts, strict=True):
        step = places.get(("by_step", each.first.isoformat(), "received"))
        if step is not None and outer.days > 62 and each.days < 32:  # its steps are months
            cells.add_sum(step, [part["", "", "received"]])


def _times_add_up(
    cells: Cells, whole: Key, known: list[Key], name: str, is_whole: bool, periods: int
) -> None:
    """What is left for the periods that do not tell of the agency, and came since, can be worked out."""
    if is_whole and len(known) == periods:
        cells.add_sum(whole, known)
    elif known:
        _rest(cells, whole, known, name)


def _rest(cells: Cells, whole: Key, parts: list[Key], name: str) -> None:
    left = cells.values[whole] - sum(cells.values[part] for part in parts)
    if left < 0:  # so nobody can take it for a rest
        cells.add_sum(whole, parts)
        return
    rest = cells.add((*whole[:3], f"{whole[3]} without {name}"), left, nowhere=True)
    cells.add_sum(whole, [*parts, rest])


def _received(edition: Edition) -> Edition:
    return _part(edition, {key for key in edition.cells.values if key[3] == "received" or key[1] == STAYS})


def published(edition: Edition) -> Edition:
    """As it is kept once it is out: its own counts, without those of others."""
    return _part(edition, {key for key in edition.cells.values if key[0] == edition.name})


def _part(edition: Edition, keys: set[Key]) -> Edition:
    own = edition.cells
    cells = Cells(
        values={key: own.values[key] for key in keys},
        hidden=own.hidden & keys,
        nowhere=own.nowhere & keys,
        told=own.told & keys,
        sums=[each for each in own.sums if keys.issuperset(each.keys)],
    )
    return replace(edition, cells=cells)
