"""The tree of RFC 6962: roots and paths against the slow definitions of the RFC itself."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.ledger.merkle import (
    EMPTY_ROOT,
    BadPath,
    Growing,
    Node,
    check_consistency,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root_from_inclusion,
    subtree,
)

# RFC 6962 test vectors of the public implementations: these eight leaves and the roots of 1 to 8 of them.
KNOWN_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
KNOWN_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def slow_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def slow_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*slow_path(m, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(m - k, leaves[k:]), slow_root(leaves[:k])]


def slow_proof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if m == len(leaves):
        return [] if whole else [slow_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*slow_proof(m, leaves[:k], whole), slow_root(leaves[k:])]
    return [*slow_proof(m - k, leaves[k:], False), slow_root(leaves[:k])]


def of(leaves: list[bytes]) -> Node:
    return lambda level, index: slow_root(leaves[index << level : (index + 1) << level])


def make(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def test_the_known_vectors() -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in KNOWN_LEAVES]
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for size, root in KNOWN_ROOTS.items():
        assert subtree(of(leaves), 0, size).hex() == root


@given(st.integers(0, 300))
def test_a_growing_tree_has_the_root_of_the_whole(size: int) -> None:
    tree = Growing()
    tree.extend(make(size))
    assert tree.size == size
    assert tree.root() == slow_root(make(size)) == subtree(of(make(size)), 0, size)


@given(st.integers(1, 200), st.data())
def test_a_path_leads_to_the_root_and_nowhere_else(size: int, data: st.DataObject) -> None:
    leaves, index = make(size), data.draw(st.integers(0, size - 1))
    path = inclusion_path(of(leaves), index, size)
    assert path == slow_path(index, leaves)
    root = slow_root(leaves)
    assert root_from_inclusion(leaves[index], index, size, path) == root
    assert root_from_inclusion(leaf_hash(b"another"), index, size, path) != root
    for wrong in ([*path, leaves[0]], path[:-1] if path else [leaves[0]]):
        with pytest.raises(BadPath):
            root_from_inclusion(leaves[index], index, size, wrong)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        changed = [*path[:at], leaf_hash(path[at]), *path[at + 1 :]]
        assert root_from_inclusion(leaves[index], index, size, changed) != root


@given(st.integers(1, 200), st.data())
def test_a_longer_tree_is_shown_to_begin_with_the_shorter(new: int, data: st.DataObject) -> None:
    leaves, old = make(new), data.draw(st.integers(1, new))
    path = consistency_path(of(leaves), old, new)
    assert path == slow_proof(old, leaves)
    first, second = slow_root(leaves[:old]), slow_root(leaves)
    check_consistency(old, new, first, second, path)
    other = slow_root([leaf_hash(b"another"), *leaves[1:old]])
    for wrong in ((other, second, path), (first, other, path), (first, second, [*path, first])):
        with pytest.raises(BadPath):
            check_consistency(old, new, *wrong)
    for at in range(len(path)):
        with pytest.raises(BadPath):
            check_consistency(old, new, first, second, path[:at] + path[at + 1 :])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 4)])
def test_there_is_no_path_to_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_path(of(make(5)), index, size)
    with pytest.raises(BadPath):
        root_from_inclusion(make(1)[0], index, size, [])
