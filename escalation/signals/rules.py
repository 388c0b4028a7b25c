"""Nine signs that a figure was looked after rather than the case behind it (decision 64). Pure Python, no Django.

Each rule goes through the courses of cases and yields a `Look` for everything of which it asks, so that a sign is
never told without how many there could have been. Innocent reasons exist for each of them.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

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

LAST_PART = 0.1  # of the promised time: a question in it comes just before the promise would be missed
LAST_HOURS = timedelta(hours=24)
USED_PART = 0.5  # of the promised time, after which a correction that gains time is told
MANY_HANDS = 3  # agencies in turn
BULK = 5  # answers
BULK_MINUTES = timedelta(minutes=30)
LAST_DAYS = 3  # of a month
BULK_TIMES = 3  # as many a day as on its other days
SAME = 5  # citizens who read the same
QUICK = timedelta(hours=1)  # from taking a case on to its answer
FEW_WORDS = 8
NO_ANSWER = re.compile(
    r"\b(sedang|akan|sudah|telah)\s+(kami\s+)?(di)?(proses|tindaklanjuti|tindak lanjuti|teruskan|koordinasikan)"
    r"|\b(will be|is being|has been)\s+(processed|followed up|forwarded|handled|looked into)\b",
    re.IGNORECASE,
)
NO_ANSWER_WORDS = 25  # a longer text that says so says more than that


def asked_before_due(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the questions that stopped the clock: asked in the last tenth or the last day of the promised time."""
    for course in courses:
        for step in course.steps:
            if step.kind == QUESTION and step.due is not None:
                left, whole = step.due - step.at, step.due - _begun(course, step)
                late = timedelta(0) <= left <= max(LAST_HOURS, whole * LAST_PART)
                yield Look(course.case, step.at, step.agency, late)


def _begun(course: Course, step: Step) -> datetime:
    """When the round of this step began: a dispute brings a promise of its own."""
    disputes = (each.at for each in course.steps if each.kind == DISPUTE and each.at <= step.at)
    return max(disputes, default=course.received_at)


def passed_around(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the cases that an agency had: three agencies in turn, or back at one that had handed it on."""
    for course in courses:
        had = [step for step in course.steps if step.kind == GIVEN]
        if had:
            in_turn = [had[0], *(now for before, now in pairwise(had) if now.agency != before.agency)]
            again = len({step.agency for step in in_turn}) < len(in_turn)
            backs = sum(step.kind == HANDED_BACK for step in course.steps)
            is_sign = again or len(in_turn) >= MANY_HANDS or backs >= MANY_HANDS
            yield Look(course.case, had[-1].at, course.agency, is_sign)


def answered_in_bulk(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the answers: one of five that one person gave within half an hour, or of the last days of a month on which
    the agency answered thrice as many a day as before."""
    answers = [(course, step) for course in courses for step in course.steps if step.kind == ANSWER]
    by_person: dict[str, list[datetime]] = defaultdict(list)
    by_month: dict[tuple[str, int, int], list[date]] = defaultdict(list)
    for _course, step in answers:
        if step.who:  # nobody's: the system answers the parts of a case at once
            by_person[step.who].append(step.at)
        by_month[step.agency, step.day.year, step.day.month].append(step.day)
    in_a_row = {who: _crowded(sorted(times)) for who, times in by_person.items()}
    rushed = {key for key, days in by_month.items() if _is_rush(days)}
    for course, step in answers:
        is_rush = (step.agency, step.day.year, step.day.month) in rushed and _is_last(step.day)
        yield Look(course.case, step.at, step.agency, is_rush or step.at in in_a_row.get(step.who, ()))


def _crowded(times: list[datetime]) -> set[datetime]:
    found: set[datetime] = set()
    for first in range(len(times) - BULK + 1):
        if times[first + BULK - 1] - times[first] <= BULK_MINUTES:
            found.update(times[first : first + BULK])
    return found


def _is_last(day: date) -> bool:
    return (day + timedelta(days=LAST_DAYS)).month != day.month


def _is_rush(days: list[date]) -> bool:
    last = sum(map(_is_last, days))
    others = len(days) - last
    before = 28 - LAST_DAYS  # days of the shortest month; a longer one makes the rule milder
    return last >= BULK and last / LAST_DAYS >= BULK_TIMES * others / before


def corrected_for_time(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the corrections of kind or category: made after half of the promised time, and giving more of it."""
    for course in courses:
        for step in course.steps:
            if step.kind == CORRECTED and step.due is not None:
                begun = _begun(course, step)
                used = (step.at - begun) >= (step.due - begun) * USED_PART
                gained = step.due_after is None or step.due_after > step.due
                yield Look(course.case, step.at, step.agency, used and gained)


def extended_too_late(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the extensions: granted when the promise had passed; while the clock stands still it passes no further."""
    for course in courses:
        for step in course.steps:
            if step.kind == EXTENDED and step.due is not None:
                yield Look(course.case, step.at, step.agency, (step.stood_since or step.at) > step.due)


def answered_alike(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the answers whose words are kept: five citizens or more read the same from one agency, numbers aside."""
    cases: dict[tuple[str, str], set[int]] = defaultdict(set)
    answers: list[tuple[Course, Step, tuple[str, str]]] = []
    for course in courses:
        for step in course.steps:
            if step.kind == ANSWER and step.words is not None:
                key = (step.agency, alike(step.words))
                cases[key].add(course.case)
                answers.append((course, step, key))
    for course, step, key in answers:
        yield Look(course.case, step.at, step.agency, len(cases[key]) >= SAME)


def alike(words: str) -> str:
    """The words without what differs from case to case: signs, numbers, case of letters."""
    return " ".join(re.findall(r"[^\W\d_]+", words.casefold()))


def disputed_after_haste(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the disputes: the answer had come within an hour of taking the case on."""
    for course in courses:
        accepted: datetime | None = None
        answered: Step | None = None
        for step in course.steps:
            if step.kind == ACCEPTED:
                accepted = step.at
            elif step.kind == ANSWER:
                answered = step
            elif step.kind == DISPUTE and answered is not None:
                since = accepted or course.received_at
                hasty = answered.at - since <= QUICK
                yield Look(course.case, step.at, answered.agency, hasty)
                accepted, answered = step.at, None


def never_promised(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the cases received: no promise to answer ever ran, so that none could be missed."""
    for course in courses:
        yield Look(course.case, course.received_at, course.agency, not course.was_promised)


def answered_emptily(courses: Iterable[Course]) -> Iterator[Look]:
    """Of the first answers whose words are kept: fewer than eight words, or little more than that it is being
    handled."""
    for course in courses:
        first = next((step for step in course.steps if step.kind == ANSWER), None)
        if first is not None and first.words is not None:
            yield Look(course.case, first.at, first.agency, says_nothing(first.words))


def says_nothing(words: str) -> bool:
    count = len(words.split())
    return count < FEW_WORDS or (count < NO_ANSWER_WORDS and NO_ANSWER.search(words) is not None)


@dataclass(frozen=True)
class Rule:
    code: str
    looks: Callable[[Iterable[Course]], Iterator[Look]]


RULES = (
    Rule("asked_before_due", asked_before_due),
    Rule("passed_around", passed_around),
    Rule("answered_in_bulk", answered_in_bulk),
    Rule("corrected_for_time", corrected_for_time),
    Rule("extended_too_late", extended_too_late),
    Rule("answered_alike", answered_alike),
    Rule("disputed_after_haste", disputed_after_haste),
    Rule("never_promised", never_promised),
    Rule("answered_emptily", answered_emptily),
)
