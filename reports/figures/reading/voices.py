"""What people said: in forums, in survey rounds that closed, and after their cases ended."""

from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import Q

from complaints.states import ACTIVE
from escalation.callbacks.figures import Tally as CallBackTally
from escalation.callbacks.models import CallBack
from escalation.promises.models.commitment import Commitment
from reports.figures.reading.scope import Scope, day, stream
from reports.figures.tables import Rows
from surveys.aftercase.figures import Line, Quarter, Tally, quarter
from surveys.aftercase.models import AfterCaseRound
from surveys.forums.models import ForumInput, InputState
from surveys.index.course import final_results
from surveys.index.models import RoundResult
from surveys.index.moments import STEPS
from surveys.index.suppression import SMALL
from surveys.questionnaires.asking import NO, YES
from surveys.questionnaires.models import Survey
from surveys.rounds.models import RoundState

INPUT_FIELDS = (
    "number",
    "forum__code",
    "source",
    "agency_id",
    "service_id",
    "state",
    "at",
    "due_at",
    "answered_at",
)
BECAME_FIELDS = ("declined_because", "commitment", "complaint__state", "complaint__merged_into__state")


def rows_of_voices(scope: Scope) -> dict[str, Rows]:
    return {
        "inputs": sorted(_inputs(scope)) if scope.reads_all else [],
        "rounds": [_round(result) for result in _results(scope)],
        "after_case": _after_case(scope),
        "call_backs": _call_backs(scope),
    }


def _inputs(scope: Scope) -> Rows:
    """Of the period, without replies, which ask for no answer, and without what a moderator has not let through."""
    start, end = scope.bounds
    rows = ForumInput.objects.visible_to(scope.actor).filter(
        parent=None, at__gte=start, at__lt=end, **scope.own
    )
    rows = rows.exclude(state=InputState.SHOWN).exclude(visibility=ForumInput.Visibility.PENDING)
    fields = (*INPUT_FIELDS, *BECAME_FIELDS, "supports")
    promises = dict(Commitment.objects.public_to(scope.actor).values_list("number", "state"))
    found: Rows = []
    for (
        number,
        forum,
        source,
        agency,
        service,
        state,
        at,
        due,
        answered,
        why,
        promise,
        case,
        main,
        supports,
    ) in stream(rows, *fields):
        # What was merged is as far as the case that it follows.
        became = _became(state, main or case, promises.get(promise, ""))
        places = scope.codes.agencies[agency], scope.codes.services[service]
        name = scope.names(f"input:{number}")
        found.append(
            (name, forum or "", source, *places, state, *map(day, (at, due, answered)), why, became, supports)
        )
    return found


def _became(state: str, case_state: str | None, promise_state: str) -> str:
    """How far the report or the promise is that it became."""
    if state == InputState.CASE:
        return "open" if case_state in ACTIVE else "ended"
    return promise_state if state == InputState.COMMITMENT else ""


def _results(scope: Scope) -> list[RoundResult]:
    """Of national rounds whose last day lies in the period; annulled ones are in none. All are public."""
    rows = final_results().filter(
        Q(round__enter_until__gte=scope.period.first) | Q(round__closes_on__gte=scope.period.first),
        round__closes_on__lte=scope.period.last,
        round__version__survey__purpose=Survey.Purpose.NATIONAL,
        **{f"round__{name}": value for name, value in scope.own.items()},
    )
    first, last = scope.days
    return sorted(
        (row for row in rows if first <= row.round.last_day <= last), key=lambda row: row.round.code
    )


def _round(result: RoundResult) -> tuple[Any, ...]:
    """Of fewer than ten respondents nothing but that they were too few."""
    row, respondents = result.round, result.data["moments"]["respondents"]
    is_shown = respondents >= SMALL
    return (
        row.code,
        row.agency.code,
        row.service.code if row.service else "",
        *map(day, (row.opens_on, row.closes_on)),
        row.population,
        row.target,
        respondents if is_shown else None,
        result.data.get("typed", 0) if is_shown else None,
        result.data["moments"] if is_shown else None,
    )


def _after_case(scope: Scope) -> Rows:
    """Quarters of which the last answer was taken in the period; what is hidden on their page is hidden here. They take
    answers a while longer than they last, so the report of the quarter itself comes too early for them."""
    rows: Rows = []
    for begins in _quarters(*scope.days):
        found = quarter(begins)
        if found.is_complete:
            rows += [(day(begins), by, *_line(line)) for by, line in _lines(found, scope)]
    return sorted(rows, key=itemgetter(0, 1, 2))


def _quarters(first: date, last: date) -> list[date]:
    """First days of those whose last day to answer is one of these days."""
    rounds = AfterCaseRound.objects.exclude(round__state=RoundState.ANNULLED).select_related("round")
    ends: dict[date, date] = {}
    for row in rounds:
        ends[row.quarter] = max(ends.get(row.quarter, row.round.last_day), row.round.last_day)
    return sorted(begins for begins, end in ends.items() if first <= end <= last)


def _lines(found: Quarter, scope: Scope) -> list[tuple[str, Line]]:
    """By unit, and for the whole city also together and by ending."""
    if scope.agency is not None:
        own = {scope.codes.agencies[pk] for pk in scope.agencies}
        return [("unit", line) for line in found.units if line.code in own]
    units = [("unit", line) for line in found.units]
    return [("whole", found.whole), *units, *(("ending", line) for line in found.endings)]


def _call_backs(scope: Scope) -> Rows:
    """Of the whole city alone, which is what they were drawn from; of those whose last day lies in the period."""
    if scope.agency is not None:
        return []
    rows = CallBack.objects.filter(closed_at__isnull=False, closes_on__range=scope.days).order_by("quarter")
    return [
        _call_back(row.quarter, row.frame_size, CallBackTally.from_json(row.result))
        for row in rows.defer("frame")
    ]


def _call_back(quarter: date, population: int, said: CallBackTally) -> tuple[Any, ...]:
    words = (said.done, said.partly, said.not_done) if said.is_shown else (None, None, None)
    silence = said.refused, said.not_reached, said.silent
    return day(quarter), population, said.asked, *words, *silence, said.typed if said.is_shown else None


def _line(line: Line) -> tuple[Any, ...]:
    tally = line.tally
    if tally is None:
        return (line.code, line.asked, None, *(None for _step in STEPS), None, None, None)
    return (line.code, line.asked, tally.answers, *(tally.steps[step] for step in STEPS), *_solved(tally))


def _solved(tally: Tally) -> tuple[int, int, int]:
    return tally.solved[YES], tally.solved[NO], tally.typed
