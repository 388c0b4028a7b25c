"""When a rule calls something a sign, and when it does not: each limit from both sides."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from complaints.models import EventKind
from escalation.ladder.events import LadderEvent
from escalation.signals import rules
from escalation.signals.courses import (
    ACCEPTED,
    ANSWER,
    CORRECTED,
    DISPUTE,
    EXTENDED,
    GIVEN,
    HANDED_BACK,
    QUESTION,
    Course,
    Look,
    Step,
)
from escalation.signals.facts import steps_of
from escalation.signals.models import Signal
from escalation.signals.words import MEANINGS
from tests.factories import FRIDAY

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
DUE = FRIDAY + 20 * DAY


def step(kind: str, at: datetime, agency: str = "A", **more: Any) -> Step:
    told: dict[str, Any] = {"who": "7", "due": DUE, "due_after": DUE} | more
    return Step(kind, at, at.date(), agency, **told)


def course(*steps: Step, case: int = 1, promised: bool = True) -> Course:
    return Course(case, FRIDAY, FRIDAY.date(), "A", promised, steps)


def found(looks: object) -> list[bool]:
    return [look.is_sign for look in looks if isinstance(look, Look)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("left", "expected"),
    [(3 * DAY, [False]), (2 * DAY, [True]), (timedelta(0), [True]), (-MINUTE, [False])],
)
def test_a_question_in_the_last_tenth_of_the_promise(left: timedelta, expected: list[bool]) -> None:
    assert found(rules.asked_before_due([course(step(QUESTION, DUE - left))])) == expected


def test_a_question_of_a_short_promise_in_its_last_day() -> None:
    soon = FRIDAY + 2 * DAY
    assert found(rules.asked_before_due([course(step(QUESTION, soon - 20 * HOUR, due=soon))])) == [True]
    assert found(rules.asked_before_due([course(step(QUESTION, soon, due=None))])) == []


def test_after_a_dispute_the_promise_of_that_round_counts() -> None:
    """Two months after receipt a promise of ten days has its own last tenth and its own half."""
    disputed = FRIDAY + 60 * DAY
    due = disputed + 10 * DAY
    round_two: dict[str, Any] = {"due": due, "due_after": due + DAY}
    asked, moved = step(QUESTION, due - 3 * DAY, **round_two), step(CORRECTED, disputed + DAY, **round_two)
    again = course(step(DISPUTE, disputed), moved, asked)
    assert found(rules.asked_before_due([again])) == [False]
    assert found(rules.corrected_for_time([again])) == [False]


@pytest.mark.parametrize(
    ("agencies", "backs", "expected"),
    [
        ("A", 0, False),
        ("AB", 1, False),
        ("ABA", 2, True),
        ("ABC", 2, True),
        ("AA", 1, False),
        ("AAA", 3, True),
    ],
)
def test_three_agencies_or_back_where_it_was(agencies: str, backs: int, expected: bool) -> None:
    steps = [step(GIVEN, FRIDAY, agency) for agency in agencies] + [step(HANDED_BACK, FRIDAY)] * backs
    assert found(rules.passed_around([course(*steps)])) == [expected]


def test_five_answers_of_one_person_within_half_an_hour() -> None:
    def answers(count: int, apart: timedelta, **more: Any) -> list[bool]:
        some = [course(step(ANSWER, FRIDAY + apart * n, **more), case=n) for n in range(count)]
        return found(rules.answered_in_bulk(some))

    assert answers(5, 7 * MINUTE) == [True] * 5
    assert answers(5, 8 * MINUTE) == [False] * 5
    assert answers(4, MINUTE) == [False] * 4
    assert answers(5, MINUTE, who="") == [False] * 5  # nobody's, such as the parts of a case
    five = [course(step(ANSWER, FRIDAY + MINUTE * n, who=str(n)), case=n) for n in range(5)]
    assert found(rules.answered_in_bulk(five)) == [False] * 5


def test_a_rush_at_the_end_of_the_month() -> None:
    first = datetime(2026, 11, 1, 9, tzinfo=FRIDAY.tzinfo)
    rush = [step(ANSWER, first + (27 + n % 3) * DAY + n * HOUR, who=str(n)) for n in range(6)]
    before = [step(ANSWER, first + n * DAY, who=f"b{n}") for n in range(17)]
    assert found(rules.answered_in_bulk([course(*before[:16], *rush)]))[-6:] == [True] * 6
    assert found(rules.answered_in_bulk([course(*before, *rush)]))[-6:] == [False] * 6
    assert not any(found(rules.answered_in_bulk([course(*before[:16], *rush)]))[:16])


@pytest.mark.parametrize(
    ("used", "gained", "expected"),
    [(0.5, DAY, True), (0.4, DAY, False), (0.9, timedelta(0), False), (0.9, -DAY, False)],
)
def test_a_late_correction_that_gains_time(used: float, gained: timedelta, expected: bool) -> None:
    moved = step(CORRECTED, FRIDAY + 20 * DAY * used, due_after=DUE + gained)
    assert found(rules.corrected_for_time([course(moved)])) == [expected]


def test_more_time_after_the_promised_day() -> None:
    late, early = step(EXTENDED, DUE + MINUTE), step(EXTENDED, DUE)
    assert found(rules.extended_too_late([course(early), course(late)])) == [False, True]


def promised(kind: str, at: datetime, target: datetime | None, **data: Any) -> Any:
    rows = {"case": [{"target_at": target and target.isoformat()}]}
    return 1, kind, at, 7, {"rows": rows, **data}, None


@pytest.mark.parametrize(("asked", "expected"), [(DUE - DAY, False), (DUE + DAY, True)])
def test_more_time_while_the_clock_stands_still(asked: datetime, expected: bool) -> None:
    """Ten days into the citizen's silence the promise has not passed, unless it had when the question was asked."""
    rows = [
        promised(EventKind.SUBMITTED, FRIDAY, DUE),
        promised(EventKind.QUESTION_ASKED, asked, None),
        (1, EventKind.NOTE_ADDED, asked + DAY, 7, {}, None),
        promised(LadderEvent.ESCALATION_DECIDED, asked + 10 * DAY, None, decision="extend"),
    ]
    assert found(rules.extended_too_late([course(*steps_of(rows))])) == [expected]


def test_five_citizens_read_the_same() -> None:
    def told(count: int, words: str | None = "Sudah kami perbaiki, nomor {}!") -> list[Course]:
        return [course(step(ANSWER, FRIDAY, words=words and words.format(n)), case=n) for n in range(count)]

    assert found(rules.answered_alike(told(5))) == [True] * 5
    assert found(rules.answered_alike(told(4))) == [False] * 4
    assert (
        found(rules.answered_alike([*told(4), course(step(ANSWER, FRIDAY, "B", words="x"), case=9)]))
        == [False] * 5
    )
    again = course(*[step(ANSWER, FRIDAY, words="Sudah kami perbaiki") for _ in range(5)])
    assert found(rules.answered_alike([again])) == [False] * 5  # one citizen, told five times
    assert found(rules.answered_alike(told(5, None))) == []  # erased words are no words


def test_a_dispute_after_haste() -> None:
    def disputed(after: timedelta) -> list[bool]:
        steps = step(ACCEPTED, FRIDAY), step(ANSWER, FRIDAY + after), step(DISPUTE, FRIDAY + 2 * DAY)
        return found(rules.disputed_after_haste([course(*steps)]))

    assert disputed(HOUR) == [True]
    assert disputed(HOUR + MINUTE) == [False]


def test_no_promise_ever() -> None:
    assert found(rules.never_promised([course(), course(promised=False)])) == [False, True]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Sudah.", True),
        ("Laporan Anda sedang diproses oleh dinas terkait, terima kasih atas perhatian Anda", True),
        ("Lubang di depan pasar sudah kami tambal hari Senin pagi", False),
        ("Your report is being processed by the office in charge, thank you", True),
        ("Sedang diproses. " + "Lubang di depan pasar kami tambal hari Senin pagi. " * 3, False),
    ],
)
def test_an_answer_without_content(words: str, expected: bool) -> None:
    first, later = step(ANSWER, FRIDAY, words=words), step(ANSWER, FRIDAY + DAY, words="x")
    assert found(rules.answered_emptily([course(first, later)])) == [expected]


def test_each_sign_has_its_rule_and_says_what_it_means() -> None:
    assert [rule.code for rule in rules.RULES] == list(Signal.values) == [str(code) for code in MEANINGS]
