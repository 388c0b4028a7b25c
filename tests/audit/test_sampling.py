"""The sample is what a stranger draws from the same list with the same seed, and as large as it must be."""

import hashlib
import re
import subprocess
from collections import Counter
from itertools import count
from math import comb, sqrt
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.audits import sampling

NUMBERS = st.lists(
    st.integers(1, 10**6).map(lambda n: f"KPG-2026-{n:06d}-{n % 10}"), min_size=0, max_size=60, unique=True
)
SEEDS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=64)


def sealed(numbers: list[str]) -> str:
    """A frame with salts that no chance is in, and five lines of nothing."""
    salts = (hashlib.sha256(str(each).encode()).hexdigest() for each in count())
    return sampling.sealed_frame(numbers, lambda: next(salts), 5)


def by_hand(numbers: list[str], size: int, seed: str) -> list[str]:
    """The rule of the document, by picking the smallest again and again."""
    drawn: list[str] = []
    left = list(numbers)
    while left and len(drawn) < size:
        smallest = left[0]
        for number in left:
            one = hashlib.sha256(seed.encode() + b"\n" + number.encode()).digest()
            other = hashlib.sha256(seed.encode() + b"\n" + smallest.encode()).digest()
            smallest = number if one < other else smallest
        left.remove(smallest)
        drawn.append(smallest)
    return drawn


@given(NUMBERS, st.integers(0, 70), SEEDS)
def test_the_smallest_hashes_are_drawn(numbers: list[str], size: int, seed: str) -> None:
    assert sampling.draw(numbers, size, seed) == by_hand(numbers, size, seed)


@given(NUMBERS, st.integers(0, 70), SEEDS, st.randoms())
def test_the_order_of_the_list_does_not_matter(numbers, size, seed, random) -> None:
    shuffled = list(numbers)
    random.shuffle(shuffled)
    assert sampling.draw(shuffled, size, seed) == sampling.draw(numbers, size, seed)
    assert sampling.frame_text(shuffled) == sampling.frame_text(numbers)


@given(NUMBERS, st.integers(0, 30), SEEDS)
def test_a_larger_sample_begins_with_the_smaller_one(numbers: list[str], size: int, seed: str) -> None:
    assert sampling.draw(numbers, size + 7, seed)[:size] == sampling.draw(numbers, size, seed)


def test_what_the_shell_draws_is_what_we_draw(tmp_path: Path) -> None:
    numbers, seed = [f"KPG-2026-{n:06d}-{n % 7}" for n in range(40)], "dadu 3 5 1"
    frame = tmp_path / "frame.txt"
    frame.write_text(sealed(numbers))
    drawn = subprocess.run(
        ["bash", "-c", sampling.SHELL, "bash"],
        env={"SEED": seed, "SIZE": "9", "LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert drawn.stdout.split() == sampling.draw(numbers, 9, seed)
    everybody, one = frame.read_text(), frozenset(numbers[3:4])
    for text in (everybody, sampling.without(everybody, one)):
        frame.write_text(text)
        summed = subprocess.run(
            ["bash", "-c", sampling.CHECK, "bash"],
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert summed.stdout.split()[0] == sampling.frame_digest(everybody)
    assert numbers[3] not in frame.read_text() and len(text.splitlines()) == len(everybody.splitlines())


def test_a_list_of_plain_numbers_is_read_as_before() -> None:
    text = sampling.frame_text(["B", "A", "C"])
    assert sampling.numbers_in(text) == ["A", "B", "C"]
    assert sampling.frame_digest(text) == sampling.digest(text)
    assert sampling.without(text, frozenset("B")) == "A\nC\n"


DOCUMENT = (Path(__file__).parents[2] / "docs" / "audits.md").read_text(encoding="utf-8")


def test_the_document_says_the_same_commands_and_sizes() -> None:
    said = [line.removeprefix("    ") for line in DOCUMENT.splitlines()]
    assert all(line in said for line in f"{sampling.CHECK}\n{sampling.SHELL}".splitlines())
    table = re.findall(r"^\| ([\d,]+) \| (\d+) \| (\d+) \| (\d+) \|$", DOCUMENT, flags=re.MULTILINE)
    assert len(table) == 5
    for population, *sizes in table:
        needed = [sampling.size_for(int(population.replace(",", "")), margin) for margin in (0.15, 0.1, 0.05)]
        assert [int(size) for size in sizes] == needed


def test_the_python_of_the_document_draws_the_same(tmp_path: Path, monkeypatch, capsys) -> None:
    numbers = [f"KPG-2026-{n:06d}-{n % 7}" for n in range(30)]
    (tmp_path / "frame.txt").write_text(sealed(numbers))
    monkeypatch.chdir(tmp_path)
    code = DOCUMENT.partition("or Python:\n\n")[2].partition("\n\nWhat comes out")[0]
    exec(dedent(code), {"seed": "dadu", "size": 7})  # noqa: S102 - the document's own lines
    assert capsys.readouterr().out.strip() == str(sampling.draw(numbers, 7, "dadu"))


def test_every_number_has_the_same_chance() -> None:
    """Over many seeds each of ten is drawn three times in ten, as far as chance allows (chi-square, 9 d.f.)."""
    numbers, rounds, size = [f"N{n}" for n in range(10)], 2000, 3
    seen = Counter(n for seed in range(rounds) for n in sampling.draw(numbers, size, str(seed)))
    expected = rounds * size / len(numbers)
    assert sum((seen[n] - expected) ** 2 / expected for n in numbers) < 27.88  # p = 0.001


def test_every_pair_has_the_same_chance() -> None:
    numbers, rounds = [f"N{n}" for n in range(6)], 3000
    seen = Counter(tuple(sorted(sampling.draw(numbers, 2, str(seed)))) for seed in range(rounds))
    expected = rounds / comb(6, 2)
    assert len(seen) == 15
    assert sum((count - expected) ** 2 / expected for count in seen.values()) < 36.12  # p = 0.001, 14 d.f.


def margin_by_hand(size: int, population: int) -> float:
    return 1.96 * sqrt(0.25 / size) * sqrt((population - size) / (population - 1)) if population > 1 else 0.0


@given(st.integers(1, 3000), st.sampled_from([0.02, 0.05, 0.1, 0.15, 0.3, 0.7]))
def test_the_size_is_the_smallest_that_is_exact_enough(population: int, margin: float) -> None:
    for size in range(1, population + 1):
        if size == population or margin_by_hand(size, population) <= margin:
            assert sampling.size_for(population, margin) == size
            return


def test_sizes_are_those_of_the_table_of_krejcie_and_morgan() -> None:
    """Rounded there, where we never fall short of what is asked for."""
    for population, size in ((100, 80), (500, 217), (1000, 278), (5000, 357), (10000, 370), (1000000, 384)):
        assert sampling.size_for(population, 0.05) - size in (0, 1)


@pytest.mark.parametrize(("size", "twice"), [(1, 1), (4, 4), (5, 5), (25, 5), (26, 6), (30, 6), (500, 100)])
def test_a_fifth_is_reviewed_twice_five_at_least(size: int, twice: int) -> None:
    assert sampling.twice_count(size) == twice


def test_what_cannot_be_is_refused() -> None:
    for call in (
        lambda: sampling.draw(["A"], -1, "s"),
        lambda: sampling.size_for(10, 0),
        lambda: sampling.margin_of(0, 10),
    ):
        with pytest.raises(ValueError, match=r"needed|negative"):
            call()
