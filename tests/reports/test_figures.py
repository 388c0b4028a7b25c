"""Every figure against the slow oracle, on made-up rows with all the odd combinations."""

import random
from datetime import UTC, date, datetime, timedelta
from math import isclose

import pytest
from django.conf import settings

from complaints.states import STORED
from reports.figures.compute import compute
from reports.figures.counting.bands import AGE_DAYS, DURATION_HOURS
from reports.figures.periods import Period
from reports.figures.tables import COLUMNS, Tables
from tests.reports import oracle

BUILT = datetime(2026, 4, 3, 12, tzinfo=UTC)
PERIOD = Period(date(2026, 1, 1), date(2026, 3, 31))


def made_up(seed: int, count: int) -> list[dict]:
    dice = random.Random(seed)
    start, end = PERIOD.bounds(settings.CITY.tz)
    rows = []
    for n in range(count):
        received = start + (end - start) * dice.random()
        state = dice.choice(sorted(STORED))
        is_open = state in oracle.ACTIVE
        ended = None if is_open or dice.random() < 0.1 else received + (BUILT - received) * dice.random() ** 3
        target = None if dice.random() < 0.2 else received + timedelta(hours=dice.randint(-30, 2400))
        if ended is not None and dice.random() < 0.1:
            target = ended  # at the very moment is in time
        rows.append(
            {
                "case": f"{n:05d}",
                "received_at": received,
                "ended_at": ended,
                "target_at": target,
                "state": state,
                "how": "" if is_open else dice.choice(["confirmed", "auto_closed", state]),
                "kind": dice.choice(["complaint", "aspiration"]),
                "channel": dice.choice(["web", "phone", "letter"]),
                "agency": dice.choice(["", "PUPR", "DLHK", "DISHUB"]),
                "category": dice.choice(["", "jalan", "sampah"]),
                "area": dice.choice(["", "53.71.01"]),
                "cycle": dice.choice([1, 1, 1, 2, 3]),
                "is_disputed": dice.random() < 0.2,
                "hand_backs": dice.choice([0, 0, 1, 3]),
                "end_reason": dice.choice(["spam", ""]) if state == "rejected" else "",
                "rating": dice.choice([None, 1, 4]),
                "pauses": dice.choice([0, 0, 1, 2]),
                "paused_seconds": dice.choice([0, 3600, 90_000]),
                "service": dice.choice(["", "ktp"]),
                "is_typed": dice.random() < 0.3,
            }
        )
    return rows


WHY_STOPPED = ("done", "done", "handed_back", "reassigned", "rejected", "merged", "withdrawn", "lapsed")


def made_up_clocks(seed: int, cases: list[dict]) -> list[dict]:
    """Of most cases, as they come from the services: rounds up to the case's own, some given more time."""
    dice = random.Random(seed)
    rows = []
    for case in cases:
        if dice.random() < 0.3:
            continue
        stages = [("verification", 1), ("first_response", 1)]
        stages = [stage for stage in stages if dice.random() < 0.8]
        for stage, cycle in [*stages, *(("resolution", n) for n in range(1, case["cycle"] + 1))]:
            promised = None if dice.random() < 0.1 else BUILT + timedelta(hours=dice.randint(-500, 200))
            due = promised and promised + timedelta(hours=dice.choice([0, 0, 0, 150]))
            stopped = None if dice.random() < 0.3 else BUILT - timedelta(hours=dice.randint(0, 600))
            if promised is not None and dice.random() < 0.1:
                stopped = min(promised, BUILT)  # at the very moment is in time
            rows.append(
                {
                    "case": case["case"],
                    "stage": stage,
                    "cycle": cycle,
                    "promised_at": promised,
                    "due_at": due,
                    "stopped_at": stopped,
                    "stopped_by": dice.choice(WHY_STOPPED) if stopped else "",
                    "extended_by": 2 if due != promised else 0,
                }
            )
            if rows[-1]["stopped_by"] == "merged" and stage == "resolution" and dice.random() < 0.5:
                again = BUILT - timedelta(hours=dice.randint(0, 100)) if dice.random() < 0.5 else None
                rows.append(rows[-1] | {"stopped_at": again, "stopped_by": "done" if again else ""})
        case["target_at"] = rows[-1]["due_at"]
    return rows


def tables_of(cases, clocks=(), raised=(), before=(), before_clocks=()):
    then = Tables.of(as_rows(cases=before, clocks=before_clocks))
    return Tables.of(as_rows(cases=cases, clocks=clocks, escalations=raised), then)


def as_rows(**tables):
    return {name: [tuple(row[c] for c in COLUMNS[name]) for row in rows] for name, rows in tables.items()}


GROUPS = {
    f"by_{column}": column for column in ("agency", "service", "category", "area", "channel", "kind", "state")
}


def same(found, expected):
    if expected is None or found is None:
        return found is expected
    return isclose(found, expected, rel_tol=1e-12) if isinstance(expected, float) else found == expected


@pytest.fixture(params=[(1, 400), (2, 400), (3, 1), (4, 0)], ids=["many", "others", "one", "none"])
def sample(request):
    seed, count = request.param
    cases, before = made_up(seed, count), made_up(seed + 50, count // 3)
    clocks, before_clocks = made_up_clocks(seed, cases), made_up_clocks(seed + 50, before)
    dice = random.Random(seed)
    raised = [
        {
            "case": f"{n:05d}",
            "level": dice.randint(1, 3),
            "trigger": "breach",
            "state": dice.choice(["raised", "acknowledged", "decided", "lifted"]),
            "decision": dice.choice(["", "instruct", "extend"]),
        }
        for n in range(count // 4)
    ]
    tables = tables_of(cases, clocks, raised, before, before_clocks)
    return cases, (before, before_clocks), clocks, raised, compute(tables, PERIOD, BUILT, settings.CITY.tz)


def test_the_main_figures(sample):
    cases, before, clocks, _raised, figures = sample
    for expected, found in (
        (oracle.main(cases, clocks, BUILT), figures),
        (oracle.main(before[0], before[1], BUILT), figures["previous"]),
    ):
        wrong = {
            code: (found[code], value) for code, value in expected.items() if not same(found[code], value)
        }
        assert not wrong


def test_the_figures_by_group(sample):
    cases, _before, clocks, _raised, figures = sample
    for name, column in GROUPS.items():
        expected = oracle.grouped(cases, clocks, column, BUILT)
        assert {row[column] for row in figures[name]} == set(expected)
        for row in figures[name]:
            wrong = [
                code for code in row if code != column and not same(row[code], expected[row[column]][code])
            ]
            assert not wrong


def test_the_largest_group_comes_first(sample):
    figures = sample[-1]
    received = [row["received"] for row in figures["by_agency"]]
    assert received == sorted(received, reverse=True)


def test_the_steps_add_up_and_are_local_months(sample):
    cases, _before, clocks, _raised, figures = sample
    assert [row["from"] for row in figures["by_step"]] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    for row, month in zip(figures["by_step"], (1, 2, 3), strict=True):
        own = [case for case in cases if case["received_at"].astimezone(settings.CITY.tz).month == month]
        expected = oracle.main(own, clocks, BUILT)
        assert all(same(row[code], expected[code]) for code in row if code not in ("from", "to"))


def test_open_cases_by_age_and_ended_by_duration(sample):
    cases, _before, clocks, _raised, figures = sample
    still = [case for case in cases if case["state"] in oracle.ACTIVE]
    ages = [oracle.band((BUILT - case["received_at"]).days, AGE_DAYS) for case in still]
    assert [row["count"] for row in figures["open_by_age"]] == [ages.count(low) for low in AGE_DAYS]
    assert sum(row["late"] for row in figures["open_by_age"]) == sum(
        oracle.stands(case, clocks, "promised_at", BUILT) == "late" for case in still
    )
    took = [oracle.band(value, DURATION_HOURS) for case in cases if (value := oracle.hours(case)) is not None]
    assert [row["count"] for row in figures["hours_to_end_bands"]] == [took.count(b) for b in DURATION_HOURS]


def test_the_stages(sample):
    _cases, _before, clocks, _raised, figures = sample
    for row in figures["stages"]:
        expected = oracle.stage(clocks, row["stage"], "promised_at", BUILT)
        assert {name: row[name] for name in expected} == expected
        expected = oracle.stage(clocks, row["stage"], "due_at", BUILT)
        assert all(row[f"{name}_extended"] == expected[name] for name in ("met", "late", "share"))
        parts = (row["met"], row["late"], row["not_yet_due"], row["paused"], *row["not_needed"].values())
        own = [c for c in clocks if c["stage"] == row["stage"] and not oracle.went_on(c, clocks)]
        assert sum(parts) == row["clocks"] == len(own)


def test_the_escalations(sample):
    *_rest, raised, figures = sample
    for row in figures["escalations"]:
        states = [one["state"] for one in raised if one["level"] == row["level"]]
        assert row["raised"] == len(states)
        assert row["waiting"] == states.count("raised")
        assert [row[s] for s in ("acknowledged", "decided", "lifted")] == [
            states.count(s) for s in ("acknowledged", "decided", "lifted")
        ]


def test_what_happened_on_the_way(sample):
    cases, _before, clocks, _raised, figures = sample
    extended = {clock["case"] for clock in clocks if clock["extended_by"]}
    assert figures["extended"] == sum(case["case"] in extended for case in cases)
    assert figures["paused"] == sum(case["pauses"] > 0 for case in cases)
    assert figures["pauses"] == sum(case["pauses"] for case in cases)
    told = {c["case"] for c in clocks if c["stage"] == "resolution" and c["stopped_by"] == "done"}
    answered = [
        c for c in cases if c["state"] in ("resolved", "closed") or c["is_disputed"] or c["case"] in told
    ]
    assert figures["answered"] == len(answered)
    ratings = [case["rating"] for case in cases if case["rating"] is not None]
    assert figures["disputed"] == sum(case["is_disputed"] for case in cases)
    done = {
        (c["case"], c["cycle"]) for c in clocks if c["stage"] == "resolution" and c["stopped_by"] == "done"
    }
    again = [case for case in cases if any((case["case"], n) in done for n in range(1, case["cycle"]))]
    assert figures["reopened"] == len(again)
    assert figures["handed_back"] == sum(case["hand_backs"] > 0 for case in cases)
    assert figures["hand_backs"] == sum(case["hand_backs"] for case in cases)
    assert figures["ratings"] == len(ratings)
    assert same(figures["rating_mean"], sum(ratings) / len(ratings) if ratings else None)
    rejected = oracle.counted([case["end_reason"] for case in cases if case["state"] == "rejected"])
    assert {row["reason"]: row["count"] for row in figures["rejected"]} == rejected
    ended = oracle.counted([case["how"] for case in cases if case["state"] not in oracle.ACTIVE])
    assert {row["how"]: row["count"] for row in figures["ended_how"]} == ended
