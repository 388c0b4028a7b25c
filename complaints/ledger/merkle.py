"""Merkle trees as RFC 6962 and RFC 9162 have them: roots, paths and their checks. Knows no Django.

A tree is given by `Node`, a function that returns the hash of the whole subtree of 2**level leaves number
`index` from the left. So a path costs a few look-ups, however many leaves there are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class BadPath(ValueError):
    """A path that does not lead from what it should to where it should."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size` (RFC 6962, 2.1); size ≥ 2."""
    return 1 << (size - 1).bit_length() - 1


def subtree(node: Node, start: int, size: int) -> bytes:
    """The root over leaves `start` to `start + size`; `start` is where a subtree of that size may begin."""
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    left = split(size)
    return node_hash(subtree(node, start, left), subtree(node, start + left, size - left))


def inclusion_path(node: Node, index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root over `size` leaves, the lowest first."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    start = 0
    while size > 1:
        left = split(size)
        if index - start < left:
            path.append(subtree(node, start + left, size - left))
            size = left
        else:
            path.append(subtree(node, start, left))
            start, size = start + left, size - left
    return path[::-1]


def consistency_path(node: Node, old: int, new: int) -> list[bytes]:
    """The hashes that show that the tree of `new` leaves begins with the tree of `old` (RFC 6962, 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError("no such trees")
    path: list[bytes] = []
    start, size, whole = 0, new, True
    while start + size != old:
        left = split(size)
        if old - start <= left:
            path.append(subtree(node, start + left, size - left))
            size = left
        else:
            path.append(subtree(node, start, left))
            start, size, whole = start + left, size - left, False
    if not whole:
        path.append(subtree(node, start, size))
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that `path` leads to from the hash of leaf `index` (RFC 9162, 2.1.3.2). Raises BadPath."""
    if not 0 <= index < size:
        raise BadPath("no such leaf")
    found = leaf
    for step, is_left in _climb(index, size - 1, path):
        found = node_hash(step, found) if is_left else node_hash(found, step)
    return found


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raises BadPath unless `path` shows that the new tree begins with the old (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        raise BadPath("no such trees")
    steps = list(path)
    if old == new or old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps or (old == new and path):
        raise BadPath("not of this length")
    at, last = old - 1, new - 1
    while at & 1 or at == last != 0:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step, is_left in _climb(at, last, steps[1:]):
        if is_left:
            first, second = node_hash(step, first), node_hash(step, second)
        else:
            second = node_hash(second, step)
    if first != old_root or second != new_root:
        raise BadPath("does not lead there")


def _climb(at: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each step of the way up from node `at` to the root, and whether it stands on the left."""
    for step in path:
        if last == 0:
            raise BadPath("too long")
        is_left = bool(at & 1) or at == last
        yield step, is_left
        if is_left:
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    if last != 0:
        raise BadPath("too short")


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes whose number is a power of two."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


class Growing:
    """The root of a tree that grows leaf by leaf, in memory for its right edge only."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # one per bit of `size`, the largest first

    def add(self, leaf: bytes) -> None:
        carry, found = self.size, leaf
        while carry & 1:
            found = node_hash(self._peaks.pop(), found)
            carry >>= 1
        self._peaks.append(found)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.add(leaf)

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY_ROOT
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found
