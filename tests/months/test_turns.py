"""What counts for whom, without a database."""

from collections import Counter
from datetime import UTC, datetime

from complaints.history.turns import Step
from escalation.months.turns import Count, History, Promise, Span, read_steps

ANI, BUDI = 1, 2
SPAN = Span(*(datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11)))
NOW = datetime(2026, 11, 8, tzinfo=UTC)


def day(number: int, month: int = 10) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


def counted(
    *steps: Step, promise: Promise | None = None, rating: int | None = None
) -> dict[int, Counter[str]]:
    turns, answers = read_steps([Step("given", day(1, 8), agency="PUPR"), *steps], rating)
    found = Count(SPAN, NOW, set()).of([History(turns, answers, (promise,) if promise else ())])
    return {who: counts for (who, _agency), counts in found.items()}


def test_what_came_with_a_fifth_left_is_judged_neither_way() -> None:
    steps = Step("accepted", day(1), ANI), Step("accepted", day(10), BUDI)
    kept = Promise(day(1), day(11), day(11), is_done=True)
    assert counted(*steps, Step("answered", day(11), BUDI), promise=kept)[BUDI]["came_late_in_time"] == 1
    passed = counted(*steps, promise=Promise(day(1), day(11)))
    assert (passed[BUDI]["came_late_late"], passed[ANI]["late"], passed[ANI]["handed_on"]) == (1, 0, 1)


def test_what_came_early_enough_is_judged() -> None:
    steps = Step("accepted", day(1), ANI), Step("accepted", day(8), BUDI)
    assert counted(*steps, promise=Promise(day(1), day(11)))[BUDI]["late"] == 1


def test_answers_of_the_month_before_are_reopened_and_given_back() -> None:
    steps = Step("accepted", day(1, 9), ANI), Step("answered", day(5, 9), ANI), Step("disputed", day(2))
    found = counted(*steps)[ANI]
    assert (found["answered_before"], found["disputed_before"], found["answered"]) == (1, 1, 0)
    assert (found["open_at_end"], found["named"]) == (1, 0)


def test_only_the_last_answer_is_rated() -> None:
    steps = Step("accepted", day(1, 9), ANI), Step("answered", day(5, 9), ANI), Step("disputed", day(6, 9))
    found = counted(*steps, Step("answered", day(9, 9), BUDI), rating=3)
    assert (found[BUDI]["rated_before"], found[BUDI]["rated_well_before"], found[ANI]["rated_before"]) == (
        1,
        1,
        0,
    )
