"""Which groups of respondents are not shown: those under ten, and as many more as it takes that no subtraction gives
one away. Pure: no Django."""

from collections.abc import Collection, Mapping, Sequence

from surveys.index.telling import find_telling

SMALL = 10
Counts = Mapping[str, int]
Group = tuple[str, str]


def hidden_groups(
    counts: Counts, *, total: int, also: Collection[str] = (), few: int = SMALL
) -> frozenset[str]:
    """The groups of one breakdown that are hidden. `total`: all respondents; who is in none of the groups, because
    they did not say, is what remains, and could be worked out as well. Each respondent is in one group at most.

    Hidden are groups under ten and those in `also`, and then the smallest shown ones until what is hidden, all taken
    together, is ten or more. A group that is nearly everybody goes that way too: all others are under ten.
    ValueError when more are in groups than there are.
    """
    sizes = {name: count for name, count in counts.items() if count}
    unsaid = total - sum(sizes.values())
    if unsaid < 0:
        raise ValueError("more in groups than there are")
    hidden = {name for name, count in sizes.items() if count < few or name in also}
    while 0 < unsaid + sum(sizes[name] for name in hidden) < few and len(hidden) < len(sizes):
        hidden.add(min((count, name) for name, count in sizes.items() if name not in hidden)[1])
    return frozenset(hidden)


def hidden_across(
    names: Sequence[str], cells: Mapping[tuple[str, ...], int], *, few: int = SMALL
) -> dict[str, frozenset[str]]:
    """The hidden groups of several breakdowns (`names`) of the same respondents. `cells`: how many are in each
    combination of groups, one of each breakdown; "" where somebody is in none.

    A group under ten is hidden, and each that it takes so that no sum of what is shown, added and subtracted in
    whatever way over all breakdowns, is one of a few people (telling.py): of those that are needed for it the smallest.
    Of a whole of fewer than ten nothing is shown.
    """
    counts = _counts(names, cells)
    if sum(cells.values()) < few:
        return {name: frozenset(counts[name]) for name in names}
    extra: set[Group] = set()
    while True:
        hidden = {
            name: hidden_groups(counts[name], total=sum(cells.values()), also=_of(name, extra), few=few)
            for name in names
        }
        more = _smallest_needed(names, counts, hidden, cells, few)
        if more is None:
            return hidden
        extra.add(more)


def _counts(names: Sequence[str], cells: Mapping[tuple[str, ...], int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for cell, n in cells.items():
        for name, group in zip(names, cell, strict=True):
            if group and n:
                found[name][group] = found[name].get(group, 0) + n
    return found


def _of(name: str, groups: Collection[Group]) -> set[str]:
    return {group for breakdown, group in groups if breakdown == name}


def _smallest_needed(
    names: Sequence[str],
    counts: Mapping[str, Counts],
    hidden: Mapping[str, frozenset[str]],
    cells: Mapping[tuple[str, ...], int],
    few: int,
) -> Group | None:
    shown = [["", *sorted(set(counts[name]) - hidden[name])] for name in names]
    places = [{group: n for n, group in enumerate(groups)} for groups in shown]
    seen: dict[tuple[int, ...], int] = {}
    for cell, n in cells.items():
        key = tuple(place.get(group, 0) for place, group in zip(places, cell, strict=True))
        seen[key] = seen.get(key, 0) + n
    told = find_telling(seen, [len(groups) for groups in shown], few=few)
    if told is None:
        return None
    needed = [(names[breakdown], shown[breakdown][n]) for breakdown, n in told.classes]
    return min(needed, key=lambda group: (counts[group[0]][group[1]], group))
