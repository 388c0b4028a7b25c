"""Received = in time + late + open in time + each reason to be in no share: in every table, and on paper alone."""

import re
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from complaints.shares import FEW
from reports.figures.compute import compute
from reports.pages.main import MAIN, title_of
from reports.pages.report import report_context, report_pdf
from tests.reports import oracle
from tests.reports.printed import words_of
from tests.reports.test_figures import BUILT, GROUPS, PERIOD, made_up, made_up_clocks, same, tables_of
from tests.reports.test_public_edition import snapshot_of

COMMON = ("received", "with_target", "met_target", "late", "not_yet_due", "excluded")
SHARED = (*COMMON, "on_time_share", "met_target_extended", "late_extended", "on_time_share_extended")


@st.composite
def cities(draw, most=120):
    """How a city is thrown, and of how many cases; small ones, since trouble begins with few."""
    return draw(st.integers(0, 10**6)), draw(st.integers(0, most))


def make(seed, count):
    cases = made_up(seed, count)
    return cases, made_up_clocks(seed, cases)


def often(examples):
    """Not made smaller when it fails: a seed and a count say enough, and each try takes long."""
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    return limits(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=phases
    )


@often(20)
@given(cities())
def test_in_the_json_every_row_with_a_share_is_what_the_oracle_counts_and_adds_up(city):
    cases, clocks = make(*city)
    figures = compute(tables_of(cases, clocks), PERIOD, BUILT, settings.CITY.tz)
    for name, column in GROUPS.items():
        for row in figures[name]:
            own = [case for case in cases if case[column] == row[column]]
            check(row, oracle.in_time(own, clocks, BUILT) | {"received": len(own)})
        assert sum(row["received"] for row in figures[name]) == len(cases)
    check(figures, oracle.in_time(cases, clocks, BUILT) | {"received": len(cases)})
    for row in figures["by_step"]:
        own = [case for case in cases if row["from"] <= local_day(case) <= row["to"]]
        check(row, oracle.in_time(own, clocks, BUILT) | {"received": len(own)})


def local_day(case):
    return str(case["received_at"].astimezone(settings.CITY.tz).date())


def check(row, expected):
    for name in SHARED:
        assert same(row[name], expected[name]), name
    parts = row["met_target"] + row["late"] + row["not_yet_due"] + sum(row["excluded"].values())
    assert parts == row["received"]


def number(cell):
    return int(cell.replace(",", ""))


def divided(cell):
    """What a printed share says, in per cent."""
    if cell == "–":
        return None
    if few := re.fullmatch(r"(\d+) of (\d+)", cell):
        assert int(few[2]) < FEW
        return 100 * int(few[1]) / int(few[2])
    return float(cell.replace("\N{NO-BREAK SPACE}%", ""))


def printed_tables(context):
    """The tables of the paper: (section, caption, heads, rows with the total at the end)."""
    for section in context["sections"]:
        for table in section.tables:
            rows = [*table.rows, *([table.total] if table.total else [])]
            yield section.key, table.caption, [words for words, _is_number in table.heads], rows


@often(12)
@given(cities())
def test_on_paper_whoever_adds_and_divides_comes_to_what_is_printed(city):
    with translation.override("en"):
        context = report_context(snapshot_of(*make(*city)))
    shares = 0
    for _key, caption, heads, rows in printed_tables(context):
        if caption == "Not needed, by reason":
            for column in range(1, len(heads)):
                *each, together = [number(row[column]) for row in rows]
                assert together == sum(each)
        assert ("Share in time" in heads) == (caption in ("Kept promises", "Targets by stage")), caption
        for row in rows:
            if caption == "Kept promises":
                received, met, late, ahead, left_out = map(number, row[1:6])
                assert received == met + late + ahead + left_out
            elif caption == "Targets by stage":
                received, met, late, running, still, not_needed = map(number, row[1:7])
                assert received == met + late + running + still + not_needed
            elif caption == "In no share, by reason":
                assert number(row[1]) == sum(map(number, row[2:]))
                continue
            elif caption == "How far they are, and how long the ended ones took":
                assert number(row[1]) == number(row[2]) + number(row[3])
                continue
            else:
                continue
            shares += 1
            expected = 100 * met / (met + late) if met + late else None
            said = divided(row[heads.index("Share in time")])
            assert (said is None) == (expected is None) and (said is None or abs(said - expected) < 0.06)
    said = dict(zip(MAIN, (now for _name, now, _before, _moved in context["details"]), strict=True))
    parts = [number(said[code]) for code in MAIN[1 : MAIN.index("on_time_share")]]
    assert number(said["received"]) == sum(parts)
    assert not city[1] or shares > 5


def plain(text):
    """Without spaces, and without the hyphens at which lines were broken."""
    return re.sub(r"[\s\u2010-]+", "", text)


@pytest.mark.parametrize(("language", "seed"), [("en", 5), ("id", 6)])
def test_the_pdf_says_each_of_these_rows(language, seed):
    cases = made_up(seed, 60)
    snapshot = snapshot_of(cases, made_up_clocks(seed, cases))
    with translation.override(language):
        context = report_context(snapshot)
    said = plain(words_of(report_pdf(snapshot, language=language)))
    rows = 0
    for _key, _caption, _heads, lines in printed_tables(context):
        for line in lines:
            rows += 1
            assert plain("".join(line)) in said, line
    assert rows > 50


# The public edition


class Printed:
    """What is printed as equations over cells: cells of one whole have one name, in whatever table they stand."""

    def __init__(self, context):
        self.known: dict[Any, int] = {}
        self.sums: list[Any] = []
        codes = MAIN[4 : MAIN.index("on_time_share")]
        self.reasons = [title_of(code).removeprefix("In no share: ") for code in codes]
        main = {name: now for name, now, _before, _moved in context["details"]}
        for code in MAIN:
            if title_of(code) in main and not code.startswith(("on_time", "hours")):
                name = title_of(code).removeprefix("In no share: ").lower()
                self.cell(("whole", name), main[title_of(code)])
        whole = [("whole", name) for name in ("in time", "late", "open in time", *self.reasons)]
        self.sums.append((("whole", "received"), whole))
        self.sums.append((("whole", "received"), [("whole", "ended"), ("whole", "open")]))
        self.sums.append((("whole", "in no share"), whole[3:]))
        for key, caption, heads, rows in printed_tables(context):
            if caption in ADDING_UP:
                self.read(key, caption, [head.lower() for head in heads], rows)

    def cell(self, name, text):
        if text not in "*…":
            self.known[name] = number(text)
        return name

    def read(self, key, caption, heads, rows):
        columns = [n for n, head in enumerate(heads) if n and not head.startswith(("share", "…", "median"))]
        for row in rows:
            line = ("whole",) if row[0] == "Together" else (key, row[0])
            names = [self.cell((*line, heads[n]), row[n]) for n in columns]
            if caption == "Kept promises" and "in no share" not in heads:
                names.append((*line, "the rest"))
            if caption == "In no share, by reason" and line != ("whole",):
                self.known |= {(*line, reason): 0 for reason in self.reasons if reason not in heads}
            self.sums.append((names[0], names[1:]))
        if rows and rows[-1][0] == "Together":
            lines = [(key, row[0]) for row in rows[:-1]]
            self.sums += [(("whole", heads[n]), [(*line, heads[n]) for line in lines]) for n in columns]


ADDING_UP = (
    "Kept promises",
    "In no share, by reason",
    "How far they are, and how long the ended ones took",
)


def worked_out(known, sums):
    """The hidden cells that follow from what is printed, by linear algebra."""
    names = sorted({name for whole, parts in sums for name in (whole, *parts)} - set(known), key=str)
    if not names:
        return {}
    place = {name: n for n, name in enumerate(names)}
    left, right = np.zeros((len(sums), len(names))), np.zeros(len(sums))
    for n, (whole, parts) in enumerate(sums):
        for name, sign in [(whole, -1), *((part, 1) for part in parts)]:
            if name in known:
                right[n] -= sign * known[name]
            else:
                left[n, place[name]] += sign
    solution = np.linalg.lstsq(left, right, rcond=None)[0]
    _u, values, rest = np.linalg.svd(left)
    free = rest[int((values > 1e-9).sum()) :]
    return {
        name: round(solution[n]) for name, n in place.items() if not np.abs(free[:, n]).max(initial=0) > 1e-9
    }


@often(15)
@given(cities(most=400))
@example((128716, 14))  # a single row is its own sum
@example((72892, 13))
def test_nobody_can_work_out_a_count_under_five_from_the_public_edition(city):
    with translation.override("en"):
        context = report_context(snapshot_of(*make(*city)), public=True)
        printed = Printed(context)
    known, sums = printed.known, printed.sums
    assert not {value for value in known.values() if 0 < value < 5}
    found = {name: value for name, value in worked_out(known, sums).items() if 0 < value < 5}
    assert not found
    for whole, parts in sums:
        hidden = [part for part in parts if part not in known]
        if whole in known and hidden:
            left = known[whole] - sum(known.get(part, 0) for part in parts)
            assert left >= 5 or not left, (whole, hidden)
