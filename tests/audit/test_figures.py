"""What a sample says of all: shares with intervals that know how much of the whole was seen."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.audits.figures import Reviewed, figures, figures_of, overall

ANSWERS = st.sampled_from(["yes", "no", "na"])


def cases(answers: str, second: str = "") -> list[Reviewed]:
    """ "yn-" is a case answered yes, one no, one not applicable; `second` likewise, " " for one reviewer."""
    words = {"y": "yes", "n": "no", "-": "na"}
    padded = second.ljust(len(answers))
    return [
        Reviewed(f"N{rank}", rank, {"q": words[a]}, {"q": words[b]} if b != " " else None)
        for rank, (a, b) in enumerate(zip(answers, padded, strict=True), start=1)
    ]


def test_the_share_leaves_out_where_the_question_does_not_apply() -> None:
    row = figures_of("q", cases("yyyn----"), 1000)
    assert (row.yes, row.no, row.not_applicable, row.share) == (3, 1, 4, 0.75)


def test_a_frame_reviewed_whole_leaves_no_doubt() -> None:
    row = figures_of("q", cases("yyyn--"), 6)
    assert (row.low, row.high) == (0.75, 0.75)


def test_a_question_that_applies_nowhere_has_no_share() -> None:
    row = figures_of("q", cases("---"), 50)
    assert (row.share, row.low, row.high) == (None, None, None)


def test_the_agreed_answer_counts_and_without_one_the_first() -> None:
    differing = Reviewed("N1", 1, {"q": "yes"}, {"q": "no"})
    settled = Reviewed("N2", 2, {"q": "yes"}, {"q": "no"}, {"q": "no"})
    row = figures_of("q", [differing, settled], 100)
    assert (row.yes, row.no, row.unsettled) == (1, 1, 1)
    # Settling does not make the two have agreed from the start.
    assert (row.agreement.pairs, row.agreement.same) == (2, 0)


def test_agreement_counts_only_what_two_reviewed() -> None:
    rows = figures(["q"], cases("yyyn", "yn"), 100)
    assert overall(rows) == (1, 2)


def root(share: float, drawn: float, side: int) -> float:
    """The share p at which the score test is just not refused: |share - p| = 1.96 sqrt(p (1-p) / drawn)."""
    near, far = share, 0.0 if side < 0 else 1.0
    for _step in range(200):
        middle = (near + far) / 2
        if abs(share - middle) <= 1.96 * sqrt(middle * (1 - middle) / drawn):
            near = middle
        else:
            far = middle
    return near


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 30), st.integers(0, 5000))
def test_the_interval_is_where_the_score_test_does_not_refuse(yes, no, other, unseen) -> None:
    if yes + no == 0:
        return
    frame = yes + no + other + unseen
    row = figures_of("q", cases("y" * yes + "n" * no + "-" * other), frame)
    total, population = yes + no, max(yes + no, round(frame * (yes + no) / (yes + no + other)))
    if population == total:
        assert row.low == row.high == row.share
        return
    drawn = total * (population - 1) / (population - total)
    assert row.low == pytest.approx(root(yes / total, drawn, -1), abs=1e-9)
    assert row.high == pytest.approx(root(yes / total, drawn, 1), abs=1e-9)


@given(st.lists(ANSWERS, min_size=1, max_size=40), st.integers(0, 400))
def test_counts_add_up_and_the_share_lies_in_its_interval(answers: list[str], unseen: int) -> None:
    seen = [Reviewed(str(n), n, {"q": answer}) for n, answer in enumerate(answers)]
    row = figures_of("q", seen, len(answers) + unseen)
    assert row.yes + row.no + row.not_applicable == len(answers)
    if row.share is not None:
        assert 0 <= row.low <= row.share <= row.high <= 1
