"""What a page, a file or a paper shows of a round: put together from the row that is kept, without counting anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.database.kept_statements import rows_of
from surveys.index.bands import bands_on
from surveys.index.counted import CHANNEL, FLAGGED, FORMAT, moments_of, shown_groups
from surveys.index.course import final_results, result_index
from surveys.index.figures import ElementFigure, Index, index_of
from surveys.index.models import RoundResult
from surveys.index.moments import Moments
from surveys.index.sample import SampleCheck, check_sample
from surveys.index.suppression import SMALL
from surveys.questionnaires.asking import local
from surveys.questionnaires.models import Element, Survey
from surveys.rounds.models import Channel, Round, RoundState

TREND = 8  # rounds that a chart has room for
OTHER = (-1, -2, date.min)  # no unit, no survey, no day
CHOSE = frozenset({Channel.LINK, Channel.QR, Channel.MAIL})  # who answers so has chosen to


@dataclass(frozen=True)
class Group:
    """One group of a breakdown; `index` None where it is hidden."""

    value: str
    label: str
    index: Index | None

    @property
    def is_hidden(self) -> bool:
        return self.index is None


@dataclass(frozen=True)
class Breakdown:
    key: str
    name: str
    groups: list[Group]

    @property
    def hides(self) -> bool:
        return any(group.is_hidden for group in self.groups)


@dataclass(frozen=True)
class TrendPoint:
    round: Round
    index: Index

    @property
    def label(self) -> str:
        return f"{self.round.closes_on:%m/%y}"


@dataclass
class Shown:
    """A round with what is kept of it. `for_staff`: they see what they typed in themselves, so fewer than ten
    respondents are shown to them as a whole, in no group."""

    round: Round
    result: RoundResult | None
    for_staff: bool = False
    trend: list[TrendPoint] = field(default_factory=list)

    @cached_property
    def is_annulled(self) -> bool:
        return self.round.state == RoundState.ANNULLED

    @property
    def is_national(self) -> bool:
        return self.round.version.survey.purpose == Survey.Purpose.NATIONAL

    @property
    def is_after_case(self) -> bool:
        return self.round.version.survey.purpose == Survey.Purpose.AFTER_CASE

    @property
    def data(self) -> Mapping[str, Any]:
        return self.result.data if self.result is not None else {}

    @cached_property
    def moments(self) -> Moments | None:
        return moments_of(self.data) if self.result is not None else None

    @cached_property
    def index(self) -> Index | None:
        """None where there is nothing to show: not counted yet, too few to be shown, or annulled."""
        return None if self.is_annulled else self._index

    @cached_property
    def was(self) -> Index | None:
        """What was public of a round before it was annulled: nobody annuls a figure away."""
        return self._index if self.is_annulled else None

    @cached_property
    def _index(self) -> Index | None:
        if self.moments is None or not self.moments.respondents:
            return None
        if self.moments.respondents < SMALL and not self.for_staff:
            return None
        return index_of(
            self.moments, population=self.round.population or None, bands=bands_on(self.round.closes_on)
        )

    @property
    def is_too_few_to_show(self) -> bool:
        return self.index is None and self.moments is not None and not self.is_annulled

    @cached_property
    def sample(self) -> SampleCheck:
        respondents = self.moments.respondents if self.moments is not None else 0
        return check_sample(respondents, self.round.population or None, self.round.target)

    @property
    def lowest_first(self) -> list[ElementFigure]:
        found = [each for each in self.index.elements if each.mean is not None] if self.index else []
        return sorted(found, key=lambda each: (each.mean or 0, each.key))

    def name_of(self, item: str) -> str:
        """The element, or the question of a survey of the city's own."""
        names = self.data.get("names", {}).get(item)
        if names and item not in Element.values:
            return local(names["id"], names["en"])
        return str(Element(item).label) if item in Element.values else item

    @cached_property
    def breakdowns(self) -> list[Breakdown]:
        """By group of respondents; channel and flags apart."""
        return [each for each in self._all_breakdowns if not each.key.startswith("_")]

    @cached_property
    def by_channel(self) -> Breakdown | None:
        return next((each for each in self._all_breakdowns if each.key == CHANNEL), None)

    @cached_property
    def unflagged(self) -> Index | None:
        """The index without the answers that somebody should look at, where it may be shown."""
        found = next((each for each in self._all_breakdowns if each.key == FLAGGED), None)
        plain = next((group.index for group in found.groups if group.value == "no"), None) if found else None
        return plain if self.flagged and plain else None

    @cached_property
    def _all_breakdowns(self) -> list[Breakdown]:
        if self.index is None:
            return []
        return [self._breakdown(each) for each in self.data["breakdowns"]]

    def _breakdown(self, kept: Mapping[str, Any]) -> Breakdown:
        groups = [
            Group(
                group["value"],
                _label(kept["key"], group),
                None if moments is None else index_of(moments, bands=bands_on(self.round.closes_on)),
            )
            for group, moments in shown_groups(kept)
        ]
        return Breakdown(kept["key"], _name(kept), [group for group in groups if group.value])

    @property
    def channels(self) -> list[tuple[str, int]]:
        counts = self.data.get("channels", {})
        return [(str(Channel(name).label), counts[name]) for name in Channel.values if name in counts]

    @property
    def responses(self) -> int:
        return self.result.responses if self.result is not None else 0

    @property
    def typed(self) -> int:
        return int(self.data.get("typed", 0))

    @property
    def corrected(self) -> int:
        """Slips that were typed anew."""
        return int(self.data.get("corrected", 0))

    @property
    def flagged(self) -> int:
        return int(self.data.get("flagged", 0))

    @property
    def chose(self) -> int:
        """How many chose to answer, by link, poster or mail."""
        return sum(n for name, n in self.data.get("channels", {}).items() if name in CHOSE)


def _label(breakdown: str, group: Mapping[str, Any]) -> str:
    if breakdown == CHANNEL:
        return str(Channel(group["value"]).label)
    names = group["label"]
    return local(names["id"], names["en"]) if names else str(group["value"])


def _name(kept: Mapping[str, Any]) -> str:
    if kept["key"] == CHANNEL:
        return _("How answers came in")
    return local(kept["name"]["id"], kept["name"]["en"]) if kept["name"] else ""


def shown(row: Round, *, for_staff: bool = False) -> Shown:
    """A round as its pages show it; two queries where `row` was loaded with `with_result`."""
    kept: RoundResult | None = getattr(row, "result", None)
    result = kept if kept is not None and kept.format == FORMAT else None
    return Shown(row, result, for_staff, trend_of(row))


def with_result(code: str, rounds: Any) -> Round | None:
    """The round of this code among `rounds`, with all that `shown` reads."""
    row: Round | None = _with_result(rounds).filter(code=code).first()
    return row


def public_with_result(code: str) -> Round | None:
    """The same of those that anybody may know of."""
    found = rows_of(
        "result of round", code, "", lambda code: _with_result(Round.objects.public()).filter(code=code)
    )
    return found[0] if found else None


def _with_result(rounds: Any) -> QuerySet[Round]:
    rows: QuerySet[Round] = rounds.select_related("agency", "service", "version__survey", "result")
    return rows.defer("result__lines")


def trend_of(row: Round) -> list[TrendPoint]:
    """The closed rounds of the same survey, unit and service up to this one; annulled ones and those with fewer than
    ten respondents are in none."""
    about = (row.agency_id, row.version.survey_id, row.opens_on)
    results = (
        rows_of("trend of unit", about, OTHER, _of_unit)
        if row.service_id is None
        else rows_of("trend of service", (*about, row.service_id), (*OTHER, -3), _of_service)
    )
    points = [TrendPoint(each.round, result_index(each)) for each in results]
    return comparable([point for point in points if point.index.respondents >= SMALL])[-TREND:]


def _of_unit(about: tuple[Any, ...]) -> QuerySet[RoundResult]:
    return _of_both(about).filter(round__service__isnull=True)


def _of_service(about: tuple[Any, ...]) -> QuerySet[RoundResult]:
    return _of_both(about).filter(round__service_id=about[3])


def _of_both(about: tuple[Any, ...]) -> QuerySet[RoundResult]:
    rows = final_results().select_related(None).select_related("round")
    return rows.filter(
        round__agency_id=about[0], round__version__survey_id=about[1], round__opens_on__lte=about[2]
    )


def comparable(points: list[TrendPoint]) -> list[TrendPoint]:
    """Those that asked what the last one asked: an index over other questions is another figure."""
    asked = [{each.key for each in point.index.elements} for point in points]
    return [point for point, items in zip(points, asked, strict=True) if items == asked[-1]]
