"""Which groups of respondents are not shown: those under ten, and as many more as it takes that no subtraction gives
one away. Pure: no Django."""

from collections.abc import Collection, Mapping
from itertools import combinations

SMALL = 10
Counts = Mapping[str, int]
Group = tuple[str, str]


def hidden_groups(counts: Counts, *, total: int, also: Collection[str] = ()) -> frozenset[str]:
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
    hidden = {name for name, count in sizes.items() if count < SMALL or name in also}
    while 0 < unsaid + sum(sizes[name] for name in hidden) < SMALL and len(hidden) < len(sizes):
        hidden.add(min((count, name) for name, count in sizes.items() if name not in hidden)[1])
    return frozenset(hidden)


def hidden_across(
    breakdowns: Mapping[str, Counts], *, total: int, overlaps: Mapping[tuple[Group, Group], int]
) -> dict[str, frozenset[str]]:
    """The hidden groups of several breakdowns of the same respondents, each as (breakdown, group) in `overlaps`:
    how many are in both, for groups of different breakdowns; a pair that is missing has nobody in common.

    What is known of a group is known of everybody else too. Where one such set lies wholly inside another (school
    pupils among those under twenty, say), the difference of both is that of a few people: then the smaller group is
    hidden as well. Of a whole of fewer than ten nothing is shown.
    """
    if total < SMALL:
        return {name: frozenset(key for key, n in counts.items() if n) for name, counts in breakdowns.items()}
    extra: set[Group] = set()
    while True:
        hidden = {
            name: hidden_groups(counts, total=total, also={key for where, key in extra if where == name})
            for name, counts in breakdowns.items()
        }
        shown = [
            (name, key)
            for name, counts in breakdowns.items()
            for key, n in counts.items()
            if n and key not in hidden[name]
        ]
        more = _telling_pair(shown, breakdowns, total, overlaps)
        if more is None:
            return hidden
        extra.add(more)


def _telling_pair(
    shown: list[Group],
    breakdowns: Mapping[str, Counts],
    total: int,
    overlaps: Mapping[tuple[Group, Group], int],
) -> Group | None:
    """The smaller of two shown groups of different breakdowns that together tell of fewer than ten people."""
    for first, second in combinations(shown, 2):
        if first[0] == second[0]:
            continue
        sizes = [breakdowns[name][key] for name, key in (first, second)]
        both = overlaps.get((first, second), overlaps.get((second, first), 0))
        # In both, in one only, in neither: where one part is empty, each other one is a difference of known sums.
        parts = (both, sizes[0] - both, sizes[1] - both, total - sum(sizes) + both)
        if 0 in parts and any(0 < part < SMALL for part in parts):
            return first if sizes[0] <= sizes[1] else second
    return None
