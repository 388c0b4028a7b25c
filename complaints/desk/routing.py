"""Which agency a case probably belongs to, from its category, its service and the words in it, and why. A suggestion,
never a decision.

The words are those that the city chose: the agency's own, those of the categories that it answers for, and its names.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from complaints.catalogue import catalogue
from complaints.choices import AgencyRow, agencies
from complaints.likely import likely
from complaints.mentions import Unit, unit_names
from complaints.models import Area, Complaint
from complaints.recusal import recusal_of

MOST = 3
MOST_WORDS = 4  # that are told of one agency
CHOSEN = 5  # weight of a category or service that the citizen chose: that of two phrases and a word


@dataclass(frozen=True)
class Suggestion:
    """An agency, and what led to it in the reader's words."""

    row: AgencyRow
    because: str

    @property
    def label(self) -> str:
        """As it is offered in a list."""
        if not self.because:
            return self.row.label_to_assign
        return _("%(agency)s (because: %(words)s)") % {
            "agency": self.row.label_to_assign,
            "words": self.because,
        }


def suggest(case: Complaint) -> list[Suggestion]:
    """Up to three agencies that may take the case, the likeliest first."""
    able = {row.code: row for row in eligible_agencies(case) if _is_of_the_place(row, case.area)}
    words = likely(case.subject, case.description, {code: _phrases(row) for code, row in able.items()})
    found = {each.code: each for each in words}
    scored = [
        (sum(CHOSEN for _reason in chosen) + (found[code].score if code in found else 0), row, chosen)
        for code, row in able.items()
        for chosen in [_chosen(row, case)]
    ]
    best = sorted((each for each in scored if each[0]), key=lambda each: -each[0])[:MOST]
    return [
        Suggestion(row, _because(chosen, found[row.code].phrases if row.code in found else ()))
        for _score, row, chosen in best
    ]


def eligible_agencies(case: Complaint) -> list[AgencyRow]:
    """The agencies that may be given the case: of the city, not complained about, right for its kind."""
    recusal = recusal_of(case)
    return [row for row in agencies() if not recusal.refusal(row, case)]


def _chosen(row: AgencyRow, case: Complaint) -> list[str]:
    """What was chosen for the case that names the agency by itself."""
    reasons = []
    if case.category is not None and case.category.agency_id == row.id:
        reasons.append(_("the category"))
    if case.service is not None and case.service.agency_id == row.id:
        reasons.append(_("the service"))
    if case.is_oversight:
        reasons.append(_("the kind of report"))
    return reasons


def _because(chosen: list[str], phrases: Iterable[str]) -> str:
    return ", ".join([*chosen, *list(phrases)[:MOST_WORDS]])


def _phrases(row: AgencyRow) -> list[str]:
    own = [" ".join(name) for name in unit_names(Unit(row.code, row.name, row.short_name))]
    categories = catalogue().categories.values()
    return [
        *row.keywords,
        *(word for category in categories if category.agency_id == row.id for word in category.keywords),
        *sorted(own),
    ]


def _is_of_the_place(row: AgencyRow, area: Area | None) -> bool:
    """An office of one district is suggested for what lies in it. It has the district's code."""
    if row.code not in catalogue().areas:
        return True
    return area is not None and row.code in (area.code, area.parent.code if area.parent else "")
