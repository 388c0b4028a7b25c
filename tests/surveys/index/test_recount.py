"""Indices that offices have published, counted again from the means beside them."""

import json
from decimal import Decimal
from typing import Any

import pytest

from surveys.index.columns import ELEMENTS
from surveys.index.recount import Recount, recount
from tests.shared import shared_data


def published(name: str) -> dict[str, Any]:
    rows = json.loads(shared_data("skm", "published_results.json").read_text("utf-8"), parse_float=Decimal)
    return next(row for row in rows if row["name"].startswith(name))


def recounted(name: str) -> Recount:
    row = published(name)
    weighted = row.get("published_nrr_tertimbang")
    return recount(
        row["published_ikm"],
        dict(zip(ELEMENTS, row["nrr"], strict=True)),
        weighted=dict(zip(ELEMENTS, weighted, strict=True)) if weighted else None,
    )


def test_what_bantul_published_comes_out_by_exact_weights_only() -> None:
    found = recounted("Bantul")
    assert found.matches
    assert (found.index, found.grade) == (Decimal("87.28"), "B")
    assert [each.matches for each in found.tries] == [True, False, False]
    assert found.explained_by is None


def test_what_west_sumatra_published_comes_out_by_no_weights() -> None:
    found = recounted("Sumatera Barat")
    assert not found.matches
    assert found.index == Decimal("82.70")
    assert found.difference == Decimal("-0.99")
    assert found.explained_by is None
    assert [str(each.index) for each in found.tries] == ["82.70", "82.62", "81.88", "82.63"]
    assert not found.changes_grade


def test_a_perfect_score_published_as_99_is_explained_by_the_cut_weight() -> None:
    found = recount(Decimal("99.00"), dict.fromkeys(ELEMENTS, Decimal(4)))
    assert not found.matches
    assert found.explained_by is not None
    assert found.explained_by.weight == Decimal("0.11")


def test_an_index_published_with_one_decimal_is_compared_with_one() -> None:
    assert recount(Decimal("87.3"), dict.fromkeys(ELEMENTS, Decimal("3.491"))).matches
    assert not recount(Decimal("87.4"), dict.fromkeys(ELEMENTS, Decimal("3.491"))).matches


def test_other_numbers_of_elements_have_weights_of_their_own() -> None:
    ten = {f"own-{n}": Decimal(3) for n in range(10)}
    assert [each.weight for each in recount(Decimal(75), ten).tries] == [None]
    seven = {f"own-{n}": Decimal(3) for n in range(7)}
    assert [each.weight for each in recount(Decimal(75), seven).tries] == [
        None,
        Decimal("0.143"),
        Decimal("0.14"),
    ]


@pytest.mark.parametrize("means", [{}, {"time": Decimal("4.01")}, {"time": Decimal("0.9")}])
def test_means_outside_the_scale_are_refused(means: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        recount(Decimal(80), means)
