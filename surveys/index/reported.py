"""What the command `survey_index` says of a file of answers. No database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from surveys.index.columns import ELEMENTS, ORDERS, Columns, find_columns
from surveys.index.counting import count
from surveys.index.figures import Index, index_of
from surveys.index.moments import Moments
from surveys.index.sample import SampleCheck, check_sample
from surveys.sample import LEAST

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Reported:
    index: Index
    moments: Moments
    columns: Columns
    sample: SampleCheck
    order: str
    has_own_weights: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the contract says, and beside it how it was read and how sure it is."""
        index = self.index
        return {
            "index": None if index.value is None else float(index.value),
            "grade": index.grade or None,
            "respondents": index.respondents,
            "elements": {each.key: float(each.mean) for each in index.elements if each.mean is not None},
            "warnings": self.warnings(),
            "index_rounded": None if index.rounded is None else str(index.rounded),
            "interval": None if index.low is None else [index.low, index.high],
            "margin": index.margin,
            "grades": list(index.grades),
            "weights": {each.key: str(each.weight) for each in index.elements},
            "complete": index.complete,
            "without_answers": self.moments.without,
            "sample": {
                "population": self.sample.population,
                "asked_for": self.sample.target,
                "too_small": self.sample.is_too_small,
            },
            "read_as": dict(self.columns.items),
            "assumptions": self.assumptions(),
        }

    def warnings(self) -> list[str]:
        return [*self._of_sample(), *self._of_grade(), *self._of_answers(), *self._of_columns()]

    def assumptions(self) -> list[str]:
        said = []
        if self.has_own_weights:
            weights = ", ".join(f"{each.key} {each.weight}" for each in self.index.elements)
            said.append(
                _("Weights of your own, not the same for each element: %(weights)s.") % {"weights": weights}
            )
        if not self.columns.assumed:
            return said
        if self.order == "regulation":
            return [
                *said,
                _(
                    "U8 is read as the handling of complaints and U9 as facilities, as the regulation numbers them. "
                    "Where the file follows the printed questionnaire, say --order questionnaire. The index is "
                    "the same either way."
                ),
            ]
        return [
            *said,
            _(
                "U8 is read as facilities and U9 as the handling of complaints, as the printed questionnaire asks "
                "them. The index is the same either way."
            ),
        ]

    def _of_sample(self) -> list[str]:
        sample = self.sample
        numbers = {"respondents": sample.respondents, "target": sample.target, "least": LEAST}
        said = []
        if sample.is_below_floor:
            said.append(_("Sample too small: %(respondents)d respondents, fewer than %(least)d.") % numbers)
        if sample.is_known and sample.is_too_small:
            said.append(
                _("Sample too small: %(respondents)d respondents of the %(target)d asked for.") % numbers
            )
        if not sample.is_known and sample.respondents < sample.target:
            said.append(
                _(
                    "Sample perhaps too small: how many users there were is not known (--population). Of very many, "
                    "%(target)d would be asked for; these are %(respondents)d."
                )
                % numbers
            )
        if sample.is_more_than_population:
            said.append(_("There are more respondents than users: one of both numbers is wrong."))
        return said

    def _of_grade(self) -> list[str]:
        index = self.index
        if index.value is None:
            return [_("No answers: there is no index.")]
        if index.margin is None:
            return [
                _(
                    "How sure the index is cannot be said: there are too few respondents, or all answered alike."
                )
            ]
        if not index.is_uncertain:
            return []
        return [
            _("Grade uncertain (%(grades)s): the index is %(index)s ± %(margin).2f.")
            % {
                "grades": _(" or ").join(index.grades),
                "index": index.rounded,
                "margin": index.margin,
            }
        ]

    def _of_answers(self) -> list[str]:
        said = []
        for item, ignored, empty in zip(
            self.moments.items, self.moments.ignored, self.moments.empty, strict=True
        ):
            if ignored:
                said.append(
                    _("%(element)s: %(count)d values ignored that are no answer from 1 to 4.")
                    % {"element": item, "count": ignored}
                )
            if empty:
                said.append(
                    _("%(element)s: %(count)d times not answered; not counted as zero.")
                    % {"element": item, "count": empty}
                )
        if self.index.partial:
            said.append(
                _("%(count)d respondents left elements open; they count where they answered.")
                % {"count": self.index.partial}
            )
        if self.moments.without:
            said.append(_("%(count)d rows have no answer at all.") % {"count": self.moments.without})
        return said

    def _of_columns(self) -> list[str]:
        said = []
        if self.columns.missing:
            said.append(
                _("No column for %(elements)s: the index is over the other %(count)d elements.")
                % {
                    "elements": ", ".join(self.columns.missing),
                    "count": len(ELEMENTS) - len(self.columns.missing),
                }
            )
        if self.index.unanswered and self.index.value is not None:
            said.append(
                _("Nobody answered %(elements)s: the index is over the other elements.")
                % {"elements": ", ".join(self.index.unanswered)}
            )
        if self.columns.unread:
            said.append(_("Columns not read: %(columns)s.") % {"columns": ", ".join(self.columns.unread)})
        return said


def read_weights(text: str, order: str = "regulation") -> dict[str, Fraction]:
    """From `U1=0.2,time=1/8,…`: by number or key. ValueError for what is no weight, or is given twice."""
    found: dict[str, Fraction] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _is, value = (each.strip() for each in part.partition("="))
        key = ORDERS[order][int(name[1]) - 1] if re.fullmatch("[Uu][1-9]", name) else name.lower()
        if key not in ELEMENTS or key in found:
            raise ValueError(
                _("“%(part)s” is no weight of an element, or one is given twice.") % {"part": part}
            )
        try:
            found[key] = Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ValueError(_("“%(part)s” is no weight: write 0.2 or 1/8.") % {"part": part}) from None
    return found


def report_on(
    frame: pd.DataFrame,
    *,
    order: str = "regulation",
    population: int | None = None,
    weights: Mapping[str, Fraction] | None = None,
) -> Reported:
    """Counts a file of answers. Raises ColumnsUnclear; ValueError where no column is an element, or the weights do not
    fit the columns."""
    columns = find_columns([str(name) for name in frame.columns], order)
    if not columns.items:
        raise ValueError(_("No column is called U1 to U9 or like an element."))
    moments = count(frame, columns.items)
    if weights and (
        set(weights) != set(moments.items) or sum(weights.values()) != 1 or min(weights.values()) < 0
    ):
        raise ValueError(
            _("A weight is needed for each element that has a column, and all sum to exactly one.")
        )
    index = index_of(moments, population=population, weights=weights or None)
    sample = check_sample(index.respondents, population)
    return Reported(index, moments, columns, sample, order, bool(weights))
