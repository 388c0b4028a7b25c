"""Rounds in a list with what came of them, and units side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from surveys.index.bands import bands_on
from surveys.index.counted import moments_of
from surveys.index.course import final_results
from surveys.index.figures import Index, index_of
from surveys.index.models import RoundResult
from surveys.index.moments import pool
from surveys.index.shown import Shown
from surveys.index.suppression import SMALL
from surveys.questionnaires.models import Survey
from surveys.rounds.models import Round

LISTED = 100


@dataclass(frozen=True)
class UnitRow:
    """A unit in one year: its rounds, and all of them together where there are several. `index` is that of all."""

    name: str
    rounds: list[Shown]
    index: Index | None

    @property
    def is_pooled(self) -> bool:
        return len(self.rounds) > 1


@dataclass(frozen=True)
class Units:
    years: list[int]
    year: int | None
    rows: list[UnitRow]
    # Rounds in which fewer than ten answered: no figure of theirs, and none that they are part of.
    left_out: int


def listed(rounds: QuerySet[Round]) -> list[Shown]:
    """The newest first."""
    rows = rounds.select_related("agency", "service", "version__survey", "result").defer("result__lines")
    return [Shown(row, getattr(row, "result", None), for_staff=True) for row in rows[:LISTED]]


def units(asked: str = "") -> Units:
    """National rounds that closed in a year, by unit, the lowest index first."""
    results = list(final_results().filter(round__version__survey__purpose=Survey.Purpose.NATIONAL))
    years = sorted({each.round.closes_on.year for each in results}, reverse=True)
    if not years:
        return Units([], None, [], 0)
    year = int(asked) if asked in map(str, years) else years[0]
    of_year = [each for each in results if each.round.closes_on.year == year]
    large = [each for each in of_year if moments_of(each.data).respondents >= SMALL]
    by_unit: dict[int, list[RoundResult]] = {}
    for each in large:
        by_unit.setdefault(each.round.agency_id, []).append(each)
    rows = [_unit(group) for group in by_unit.values()]
    rows.sort(key=lambda row: (row.index.value or 0 if row.index else 0, row.name))
    return Units(years, year, rows, len(of_year) - len(large))


def _unit(results: list[RoundResult]) -> UnitRow:
    rounds = [Shown(each.round, each) for each in results]
    return UnitRow(results[0].round.agency.local_name, rounds, _together(results))


def _together(results: Iterable[RoundResult]) -> Index | None:
    """All answers as if asked once; None where the rounds asked of different elements."""
    several = list(results)
    try:
        moments = pool(moments_of(each.data) for each in several)
    except ValueError:
        return None
    sizes = [each.round.population for each in several]
    population = sum(size for size in sizes if size) if all(sizes) else None
    return index_of(
        moments, population=population or None, bands=bands_on(max(each.round.closes_on for each in several))
    )
