"""Promises, recommendations, inputs, surveys, backlog and residents against plain Python over the same rows."""

import json
import random
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.conf import settings

from reports.figures.compute import compute
from reports.figures.definitions import FIGURES
from reports.figures.figure import Rule, Unit
from reports.figures.tables import COLUMNS, INTERNAL, Tables
from surveys.index.columns import ELEMENTS
from tests.reports import oracle
from tests.reports.test_figures import BUILT, PERIOD, as_rows, made_up, made_up_clocks, same

FIRST, LAST, TODAY = "2026-01-01", "2026-03-31", "2026-04-03"
EMPTY = (None, None, None, "", "", None, None, "")


def some_day(dice, low=-200, high=200):
    return (date(2026, 2, 15) + timedelta(days=dice.randint(low, high))).isoformat()


AGENCIES = ("PUPR", "DLHK")


def an_advice(dice, n):
    state = dice.choice(["issued", "answered", "complied", "partly", "not_complied", "withdrawn"])
    ended = some_day(dice) if state not in ("issued", "answered") else ""
    what = dice.choice(["none", "delay"])
    return (f"a{n}", dice.choice(AGENCIES), state, what, some_day(dice), some_day(dice), "", ended)


def a_sign(dice, n):
    due, answered = some_day(dice), dice.choice(["", some_day(dice)])
    days = FIRST, due, answered
    return (f"s{n}", dice.choice(["passed_around", "answered_alike"]), dice.choice(AGENCIES), *days, n % 3)


def a_promise(dice, n):
    state = dice.choice(["open", "reported", "kept", "broken"])
    done = some_day(dice) if state in ("reported", "kept") else ""
    days = some_day(dice), some_day(dice), done, some_day(dice) if state in ("kept", "broken") else ""
    return (f"p{n}", dice.choice(AGENCIES), "", dice.choice(["hours", "other"]), state, *days, *EMPTY)


def an_input(dice, n):
    state = dice.choice(["waiting", "case", "commitment", "answered", "declined"])
    days = FIRST, some_day(dice), "" if state == "waiting" else some_day(dice)
    ends = ("money" if state == "declined" else ""), ("open" if state == "case" else ""), n % 3
    return (f"i{n}", dice.choice(["", "jam"]), "thread", "PUPR", "", state, *days, *ends)


def carried_over(dice, n):
    start, _end = PERIOD.bounds(settings.CITY.tz)
    state = dice.choice([*sorted(oracle.ACTIVE), "closed", "rejected"])
    ended = None if state in oracle.ACTIVE else start + timedelta(days=dice.randint(0, 100))
    return (f"c{n}", start - timedelta(days=n + 1), ended, state, "PUPR")


def a_stay(dice, n, case):
    """A time with an agency: running, ended in whatever way, or of unknown length."""
    how = dice.choice(["", "answered", "handed_on", "referred", "taken_away", "withdrawn", "ended"])
    began, (first, promised, due) = (
        case["received_at"],
        (timedelta(days=dice.randint(1, 30)) for _n in range(3)),
    )
    if dice.random() < 0.1:
        return (f"s{n}", case["case"], "PUPR", None, None, "", None, None, None, 0, False)
    until = None if how == "" else began + timedelta(days=dice.randint(0, 20))
    pauses = dice.choice([0, 0, 3600])
    moments = (None if how == "" and n % 5 == 0 else began + each for each in (promised, promised + due))
    return (
        f"s{n}",
        case["case"],
        dice.choice(AGENCIES),
        began,
        until,
        how,
        began + first,
        *moments,
        pauses,
        n % 3 == 0,
    )


def made_up_rest(seed, cases):
    """Rows of every table but the cases' own, with all the odd combinations."""
    dice = random.Random(seed)
    areas = [
        ("53.71", "city", "53.71", 1000),
        ("53.71.01", "district", "53.71.01", 400),
        ("w1", "ward", "53.71.01", None),
    ]
    return {
        "recommendations": [an_advice(dice, n) for n in range(60)],
        "commitments": [a_promise(dice, n) for n in range(60)],
        "sign_answers": [a_sign(dice, n) for n in range(40)],
        "inputs": [an_input(dice, n) for n in range(60)],
        "carried": [carried_over(dice, n) for n in range(60)],
        "handlers": [(case["case"], dice.choice(["h1", "h2"])) for case in cases if dice.random() < 0.7],
        "corrections": [
            (case["case"], "aspiration", "complaint", "") for case in cases if dice.random() < 0.2
        ],
        "signals": [
            (case["case"], dice.choice(["passed_around", "answered_alike"]), "PUPR", 3, n % 3)
            for n, case in enumerate(cases)
        ],
        "stays": [a_stay(dice, n, case) for n, case in enumerate(cases[:120])],
        "areas": areas,
        "agencies": [("PUPR", "PUPR"), ("DLHK", "PUPR"), ("DISHUB", "DISHUB")],
    }


@pytest.fixture(scope="module", params=[(1, 200), (2, 0)], ids=["many", "none"])
def sample(request):
    seed, count = request.param
    cases = made_up(seed, count)
    clocks = made_up_clocks(seed, cases)
    rest = made_up_rest(seed, cases)
    rows = as_rows(cases=cases, clocks=clocks) | rest
    figures = compute(Tables.of(rows), PERIOD, BUILT, settings.CITY.tz)
    return cases, clocks, {name: as_dicts(name, rest[name]) for name in rest}, figures


def as_dicts(name, rows):
    return [dict(zip(COLUMNS[name], row, strict=True)) for row in rows]


def percent(part, whole):
    return 100 * part / whole if whole else None


def test_recommendations_add_up_and_are_those_issued_and_those_owed(sample):
    *_rest, tables, figures = sample
    for row, column in zip(figures["recommendations"], ("issued_on", "due_on"), strict=True):
        own = [each for each in tables["recommendations"] if FIRST <= each[column] <= LAST]
        states = [each["state"] for each in own]
        late = [each for each in own if each["state"] == "issued" and each["due_on"] < TODAY]
        assert row["count"] == len(own)
        assert row["overdue"] == len(late) and row["not_due"] == states.count("issued") - len(late)
        parts = ("complied", "partly", "not_complied", "withdrawn", "to_judge", "overdue", "not_due")
        assert sum(row[part] for part in parts) == row["count"]
        judged = sum(states.count(each) for each in ("complied", "partly", "not_complied"))
        assert same(row["complied_share"], percent(states.count("complied"), judged))


def stands(promise):
    if promise["state"] == "kept":
        return "kept_late" if promise["done_on"] > promise["due_on"] else "kept_in_time"
    if promise["state"] == "open":
        return "overdue" if promise["due_on"] < TODAY else "not_due"
    return promise["state"]


PROMISE_PARTS = ("kept_in_time", "kept_late", "broken", "overdue", "reported", "not_due")


def test_each_promise_stands_in_one_column_and_none_is_lost_by_agency(sample):
    *_rest, tables, figures = sample
    for row, column in zip(figures["promises"], ("made_on", "due_on"), strict=True):
        found = [stands(each) for each in tables["commitments"] if FIRST <= each[column] <= LAST]
        assert {part: row[part] for part in PROMISE_PARTS} == {
            part: found.count(part) for part in PROMISE_PARTS
        }
        assert row["count"] == len(found) == sum(row[part] for part in PROMISE_PARTS)
    due = figures["promises"][1]
    for table in ("promises_by_agency", "promises_by_kind"):
        for part in ("count", *PROMISE_PARTS):
            assert sum(row[part] for row in figures[table]) == due[part]
    kept = [
        each["promise"]
        for each in tables["commitments"]
        if each["state"] == "kept" and FIRST <= each["ended_on"] <= LAST
    ]
    assert [row["promise"] for row in figures["promises_kept"]] == sorted(kept)


def test_each_input_became_one_thing(sample):
    *_rest, tables, figures = sample
    (whole,) = figures["forum_inputs"]
    states = [each["state"] for each in tables["inputs"]]
    parts = ("case", "commitment", "answered", "declined", "waiting", "overdue")
    assert whole["count"] == len(states) == sum(whole[part] for part in parts)
    assert whole["overdue"] == sum(
        each["state"] == "waiting" and each["due_on"] < TODAY for each in tables["inputs"]
    )
    in_time = sum(
        each["state"] != "waiting" and each["answered_on"] <= each["due_on"] for each in tables["inputs"]
    )
    judged = sum(each["state"] != "waiting" or each["due_on"] < TODAY for each in tables["inputs"])
    assert same(whole["in_time_share"], percent(in_time, judged))
    for table in ("forum_inputs_by_source", "forum_inputs_by_agency", "forum_inputs_by_forum"):
        for part in ("count", *parts, "supports"):
            assert sum(row[part] for row in figures[table]) == whole[part]
    assert sum(row["count"] for row in figures["forum_inputs_declined"]) == whole["declined"]
    assert sum(row["count"] for row in figures["forum_inputs_became"]) == whole["case"] + whole["commitment"]


def test_open_at_the_start_and_received_is_ended_and_open_at_the_end(sample):
    cases, _clocks, tables, figures = sample
    _start, end = PERIOD.bounds(settings.CITY.tz)
    left = [
        each
        for each in (*tables["carried"], *cases)
        if each["state"] in oracle.ACTIVE or (each["ended_at"] is not None and each["ended_at"] >= end)
    ]
    assert figures["open_at_start"] == len(tables["carried"])
    assert figures["open_at_end"] == len(left)
    assert (
        figures["open_at_start"] + figures["received"] == figures["ended_in_period"] + figures["open_at_end"]
    )


def test_units_belong_to_offices_and_wards_to_districts_that_have_residents(sample):
    cases, clocks, _tables, figures = sample
    offices = {"PUPR": "PUPR", "DLHK": "PUPR", "DISHUB": "DISHUB", "": ""}
    expected = oracle.grouped(
        [case | {"office": offices[case["agency"]]} for case in cases], clocks, "office", BUILT
    )
    assert {row["office"]: row["on_time_share"] for row in figures["by_office"]} == {
        code: pytest.approx(row["on_time_share"]) for code, row in expected.items()
    }
    assert figures["residents"] == 1000
    assert figures["received_per_thousand"] == len(cases)
    for row in figures["by_district"]:
        own = [case for case in cases if case["area"] == row["district"]]
        assert (row["received"], row["residents"]) == (len(own), 400 if row["district"] else None)
        assert row["per_thousand"] == (1000 * len(own) / 400 if row["district"] else None)


def test_who_handles_what_is_counted_by_case_and_ranked_by_nothing(sample):
    cases, clocks, tables, figures = sample
    whose = {each["case"]: each["handler"] for each in tables["handlers"]}
    for row in figures["by_handler"]:
        own = [c for c in cases if whose.get(c["case"]) == row["handler"] and c["agency"] == row["agency"]]
        expected = oracle.main(own, clocks, BUILT)
        assert all(
            row[code] == expected[code] for code in ("received", "ended", "open", "met_target", "late")
        )
    assert sum(row["received"] for row in figures["by_handler"]) == len(whose)
    order = [(row["agency"], row["handler"]) for row in figures["by_handler"]]
    assert order == sorted(order)


def test_corrections_are_counted_by_case_and_by_what_they_changed(sample):
    _cases, _clocks, tables, figures = sample
    count = len(tables["corrections"])
    assert figures["corrected"] == count
    expected = [{"kind_before": "aspiration", "kind": "complaint", "count": count}] if count else []
    assert figures["kinds_corrected"] == expected


def moments_of(answers):
    """By hand: what the index is counted from, of people who answered everything."""
    pairs = [[sum(a[i] * a[j] for a in answers) for j in ELEMENTS] for i in ELEMENTS]
    sums = [[sum(a[i] for a in answers)] * len(ELEMENTS) for i in ELEMENTS]
    zeros = [0] * len(ELEMENTS)
    return {
        "items": list(ELEMENTS),
        "respondents": len(answers),
        "complete": len(answers),
        "without": 0,
        "counts": [[sum(a[i] == step for a in answers) for step in (1, 2, 3, 4)] for i in ELEMENTS],
        "both": [[len(answers)] * len(ELEMENTS)] * len(ELEMENTS),
        "sums": sums,
        "products": pairs,
        "ignored": zeros,
        "empty": zeros,
    }


def test_satisfaction_is_the_index_of_each_round_and_of_all_answers_together():
    dice = random.Random(5)
    rounds = [[{key: dice.randint(1, 4) for key in ELEMENTS} for _ in range(size)] for size in (40, 12)]
    rows: list[tuple[object, ...]] = [
        (f"R{n}", "PUPR", "", "2026-01-05", "2026-02-01", 100, None, len(own), 0, moments_of(own))
        for n, own in enumerate(rounds)
    ]
    rows.append(("R9", "DLHK", "", "2026-01-05", "2026-02-01", 100, None, None, None, None))
    figures = compute(Tables.of({"rounds": rows}), PERIOD, BUILT, settings.CITY.tz)
    for own, row in zip(rounds, figures["satisfaction"], strict=False):
        mean = Fraction(sum(sum(answer.values()) for answer in own), len(own) * len(ELEMENTS))
        assert row["index"] == pytest.approx(float(25 * mean))
        assert row["low"] < row["index"] < row["high"] and row["respondents"] == len(own)
        assert row["is_too_small"] and row["asked_for"] == 80  # Krejcie and Morgan of 100
    hidden = figures["satisfaction"][2]
    assert hidden["index"] is hidden["respondents"] is None
    everybody = [answer for own in rounds for answer in own]
    mean = Fraction(sum(sum(answer.values()) for answer in everybody), len(everybody) * len(ELEMENTS))
    assert figures["satisfaction_index"] == pytest.approx(float(25 * mean))
    assert figures["satisfaction_respondents"] == 52
    together = {row["element"]: row["mean"] for row in figures["satisfaction_by_element"] if not row["round"]}
    assert together == {key: pytest.approx(sum(answer[key] for answer in everybody) / 52) for key in ELEMENTS}


@pytest.mark.parametrize("sizes", [[3], [3, 12], [12, 3], [3, 4]])
def test_a_round_of_few_stands_in_the_rows_wherever_it_lies(sizes):
    """A report whose first round, or each, had fewer than ten respondents could not be frozen."""
    told = [moments_of([dict.fromkeys(ELEMENTS, 3)] * size) if size >= 10 else None for size in sizes]
    days = "2026-01-05", "2026-02-01"
    rows = [(f"R{n}", "PUPR", "", *days, 100, None, None, None, said) for n, said in enumerate(told)]
    spelled = json.loads(json.dumps(Tables.of({"rounds": rows}).as_json()["rounds"]["rows"]))
    assert [row[-1] for row in spelled] == told


def test_signs_stand_beside_how_often_a_rule_asked():
    rows = [
        ("c1", "answered_alike", "PUPR", 3, 2),
        ("c1", "answered_alike", "DLHK", 1, 1),
        ("c2", "answered_alike", "PUPR", 6, 0),
        ("c2", "passed_around", "PUPR", 1, 0),
    ]
    figures = compute(Tables.of({"signals": rows}), PERIOD, BUILT, settings.CITY.tz)
    assert figures["signals"] == [
        {"signal": "answered_alike", "signs": 3, "of": 10, "share": 30.0, "cases": 1},
        {"signal": "passed_around", "signs": 0, "of": 1, "share": 0.0, "cases": 0},
    ]


def test_what_citizens_say_stands_beside_what_the_city_says():
    rows = [
        ("2026-01-01", "ending", "auto_closed", None, 20, 5, 5, 5, 5, 4, 16, 2),
        ("2026-01-01", "unit", "PUPR", 9, None, None, None, None, None, None, None, None),
    ]
    figures = compute(Tables.of({"after_case": rows}), PERIOD, BUILT, settings.CITY.tz)
    said, hidden = figures["after_case"]
    assert (said["solved_share"], said["satisfaction_mean"]) == (20, 2.5)
    assert said["solved_low"] < 20 < said["solved_high"]
    assert (hidden["asked"], hidden["answers"], hidden["solved_share"]) == (9, None, None)


def test_the_share_that_says_it_was_done_is_of_those_who_answered_and_surer_the_more_of_all_did():
    rows = [
        ("2025-07-01", 30, 30, 20, 6, 4, 0, 0, 0, 3),
        ("2025-10-01", 3000, 40, 20, 6, 4, 2, 3, 5, 9),
        ("2026-01-01", 12, 12, None, None, None, 1, 1, 1, None),
    ]
    whole, few, hidden = compute(Tables.of({"call_backs": rows}), PERIOD, BUILT, settings.CITY.tz)[
        "call_backs"
    ]
    assert whole["done_low"] == whole["done_high"] == pytest.approx(100 * 20 / 30)
    assert (few["answered"], few["done_share"]) == (30, 100 * 20 / 30)
    assert few["done_low"] < 50 < 80 < few["done_high"]
    assert (hidden["answered"], hidden["done_share"], hidden["done_low"], hidden["typed"]) == (
        9,
        None,
        None,
        None,
    )


# The list of all figures


def test_every_figure_is_there_in_each_period_and_reads_only_the_tables_it_names(sample):
    *_rest, figures = sample
    assert set(FIGURES) == set(figures) - {"previous"} == set(figures["previous"])
    for code, figure in FIGURES.items():
        assert set(figure.tables) <= set(COLUMNS)
        if figure.unit == Unit.TABLE:
            columns = {column.code for column in figure.columns}
            assert all(set(row) == columns for row in figures[code]), code
        if INTERNAL & set(figure.tables):
            assert figure.rule == Rule.INTERNAL


def test_what_is_behind_a_count_is_as_many_cases_as_it_says(sample):
    cases, clocks, _tables, figures = sample
    for code in ("late", "met_target", "open", "disputed"):
        assert FIGURES[code].where is not None
    expected = [oracle.stands(case, clocks, "promised_at", BUILT) for case in cases]
    assert figures["late"] == expected.count("late")
