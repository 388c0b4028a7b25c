"""A month as its page shows it: each share with its two numbers and its interval, no order of merit."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.clock.periods import month_words
from complaints.intervals import wilson
from complaints.shares import per_cent
from escalation.months.models import OfficerMonth
from escalation.months.services import month_before

ENOUGH = 10  # below this many a share says nothing of a person


@dataclass(frozen=True)
class Share:
    """`of`: what the whole is. `between`: empty where they are too few to say."""

    name: str | Promise
    part: int
    whole: int
    of: str

    @property
    def counted(self) -> str:
        return _("%(part)d of %(whole)d") % {"part": self.part, "whole": self.whole} if self.whole else "0"

    @property
    def between(self) -> str:
        if self.whole < ENOUGH:
            return ""
        low, high = (per_cent(100 * end) for end in wilson(self.part, self.whole))
        return _("almost surely between %(low)s and %(high)s") % {"low": low, "high": high}


@dataclass(frozen=True)
class ShownMonth:
    row: OfficerMonth
    load: list[tuple[str, int]]
    shares: list[Share]
    left_out: list[str]

    @property
    def remarks(self) -> list[object]:
        return list(self.row.remarks.all())


def shown(row: OfficerMonth) -> ShownMonth:
    load = [
        (_("Named to them in this month"), row.count("named")),
        (_("Answered in this month"), row.count("answered")),
        (_("Went to others, or ended otherwise"), row.count("handed_on")),
        (_("Theirs at the end of the month"), row.count("open_at_end")),
        (_("Days on which they were away"), row.count("days_away")),
    ]
    return ShownMonth(row, load, _shares(row), _left_out(row))


def _shares(row: OfficerMonth) -> list[Share]:
    in_time, late = row.count("in_time"), row.count("late")
    before = {"month": month_words(month_before(row.first_day))}
    return [
        Share(
            _("On time"),
            in_time,
            in_time + late,
            _("of the promises that were kept or passed while the report was theirs"),
        ),
        Share(
            _("Reopened"),
            row.count("disputed_before"),
            row.count("answered_before"),
            _("of their answers of %(month)s, whose citizens have had weeks to say no") % before,
        ),
        Share(
            _("Rated well by the citizen"),
            row.count("rated_well_before"),
            row.count("rated_before"),
            _("of the ratings of their answers of %(month)s: 3 or 4 of 4") % before,
        ),
    ]


def _left_out(row: OfficerMonth) -> list[str]:
    """What counts for neither side, in sentences."""
    said = []
    away, kept, passed = (
        row.count(what) for what in ("late_while_away", "came_late_in_time", "came_late_late")
    )
    if away:
        words = ngettext(
            "%(n)d promise passed on a day on which they were away.",
            "%(n)d promises passed on days on which they were away.",
            away,
        )
        said.append(words % {"n": away})
    if left := row.count("late_after_leaving"):
        words = ngettext(
            "%(n)d promise passed on a report in their name; they have left this agency since.",
            "%(n)d promises passed on reports in their name; they have left this agency since.",
            left,
        )
        said.append(words % {"n": left})
    if kept or passed:
        words = ngettext(
            "%(n)d report came to them with less than a fifth of its time left; %(kept)d answered in time.",
            "%(n)d reports came to them with less than a fifth of their time left; %(kept)d answered in time.",
            kept + passed,
        )
        said.append(words % {"n": kept + passed, "kept": kept})
    return said
