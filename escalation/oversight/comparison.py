"""The comparison of agencies as its page shows it: words, bars, and the cases behind each figure."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from complaints import shares
from complaints.clock.kept import Kept
from complaints.shares import kept_words
from escalation.oversight.agencies import HOURS_A_DAY, AgencyLine, Counts
from escalation.oversight.offices import OfficeCounts, OfficeLine
from escalation.oversight.periods import Days
from escalation.stays.words import STAY_WORDS


@dataclass(frozen=True)
class Figure:
    """A number and the address of the cases it counts, "" for none."""

    value: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """The interval as lengths on a scale of 0 to 100, ready for SVG: no comma, no rounding to nothing."""

    low: str
    width: str
    share: str
    words: str


@dataclass(frozen=True)
class ShownLine:
    name: str
    counts: Counts
    differs: int
    bar: Bar | None
    received: Figure
    open: Figure
    overdue: Figure
    late: Figure
    in_time: str
    in_time_extended: str
    identity: str
    days: str
    disputed: Figure
    escalated: Figure
    handed_back: Figure
    extended: Figure


@dataclass(frozen=True)
class ShownOffice:
    name: str
    counts: OfficeCounts
    differs: int
    bar: Bar | None
    stays: Figure
    late: Figure
    handed_on: Figure
    referred: Figure
    open_in_time: Figure
    in_time: str
    in_time_extended: str
    identity: str
    days: str


def shown_comparison(city: Counts, lines: list[AgencyLine], days: Days) -> dict[str, Any]:
    """`lines`, and `total` of the whole city."""
    return {"lines": [_shown(line, days) for line in lines], "total": _shown_city(city, days)}


def _shown(line: AgencyLine, days: Days) -> ShownLine:
    if line.agency is None:
        return _line(_("Not assigned"), line, days, {"unassigned": "on"}, "")
    if not line.agency.is_active:  # not on the search's list any more
        return _line(line.name, line, days, None, "")
    return _line(line.name, line, days, {"agency": line.agency.code}, line.agency.code)


def _shown_city(city: Counts, days: Days) -> ShownLine:
    return _line(_("The whole city"), AgencyLine(None, city), days, {}, "")


def _line(name: str, line: AgencyLine, days: Days, scope: dict[str, str] | None, agency: str) -> ShownLine:
    counts = line.counts

    def figure(value: int, note: str = "", **filters: str) -> Figure:
        return Figure(str(value), _cases(days, scope | filters) if value and scope is not None else "", note)

    return ShownLine(
        name=name,
        counts=counts,
        differs=line.differs,
        bar=_bar(counts) if counts.is_enough else None,
        received=figure(counts.received),
        open=figure(counts.open, standing="unanswered"),
        overdue=figure(counts.overdue, overdue="on"),
        late=figure(counts.late, promise="late"),
        in_time=_in_time(counts),
        in_time_extended=_in_time_extended(counts),
        identity=_identity(counts),
        days="" if counts.median_days is None else number_format(counts.median_days, 1),
        disputed=figure(counts.disputed, _of(counts.disputed, counts.answered), disputed="on"),
        escalated=figure(counts.escalated, _of(counts.escalated, counts.received), escalated="ever"),
        handed_back=Figure(
            str(counts.handed_back),
            _cases(days, {"handed_back": agency}) if agency and counts.handed_back else "",
        ),
        extended=figure(counts.extended, _of(counts.extended, counts.received), escalated="extended"),
    )


def _cases(days: Days, filters: dict[str, str]) -> str:
    """The search that finds exactly the cases a figure counts."""
    period = {"received_from": days.first.isoformat(), "received_to": days.last.isoformat(), "whole": "on"}
    return f"{reverse('escalation:oversight-search')}?{urlencode(period | filters)}"


def _of(part: int, whole: int) -> str:
    """Against how many: "12 % of 150", "3 of 7"; nothing where there is nothing to say."""
    return shares.share_of(part, whole) if part else ""


def shown_offices(lines: list[OfficeLine], city: OfficeLine, days: Days) -> dict[str, Any]:
    """`offices`, and `offices_total` of all together."""
    return {
        "offices": [_office(line, line.name, days) for line in lines],
        "offices_total": _office(city, _("All agencies"), days),
    }


def _office(line: OfficeLine, name: str, days: Days) -> ShownOffice:
    counts, period = (
        line.counts,
        {"received_from": days.first.isoformat(), "received_to": days.last.isoformat()},
    )

    def figure(part: str, value: int) -> Figure:
        """The cases of these times; of a closed agency, and of all, the search knows none."""
        if not value or line.agency is None or not line.agency.is_active:
            return Figure(str(value))
        asked = period | {"was_with": line.agency.code} | ({"time": part} if part else {})
        return Figure(str(value), f"{reverse('escalation:oversight-search')}?{urlencode(asked)}")

    return ShownOffice(
        name=name,
        counts=counts,
        differs=line.differs,
        bar=_bar(counts) if counts.is_enough else None,
        stays=figure("", counts.stays),
        late=figure("late", counts.late),
        handed_on=figure("handed_on", counts.handed_on),
        referred=figure("referred", counts.referred),
        open_in_time=figure("open_in_time", counts.open_in_time),
        in_time=_in_time(counts),
        in_time_extended=_in_time_extended(counts),
        identity=_of_times(counts),
        days="" if line.hours is None else number_format(line.hours / HOURS_A_DAY, 1),
    )


def _of_times(counts: OfficeCounts) -> str:
    """All times, as the sum of how they stand."""
    said = [f"{count} {word}" for part, word in STAY_WORDS.items() if (count := getattr(counts, part))]
    return f"{counts.stays} = {' + '.join(said)}" if said else ""


def _in_time(counts: Counts | OfficeCounts) -> str:
    return _("%(met)d of %(judged)d in time") % {"met": counts.met, "judged": counts.judged}


def _in_time_extended(counts: Counts | OfficeCounts) -> str:
    if not counts.judged_extended:
        return ""
    return _("with extensions counted as kept: %(share)s") % {
        "share": shares.share_of(counts.met_extended, counts.judged_extended)
    }


def _identity(counts: Counts) -> str:
    """What was received, as the sum of everything that became of it."""
    standing = counts.standing
    said = [f"{standing[kept]} {kept_words(kept)}" for kept in Kept if standing.get(kept)]
    return f"{counts.received} = {' + '.join(said)}" if said else ""


def _bar(counts: Counts | OfficeCounts) -> Bar:
    """Few cases make a long bar, and no percentage."""
    low, high = counts.interval
    words = _in_time(counts)
    if counts.judged >= shares.FEW:
        words = _("%(share)s, between %(low)s and %(high)s") % {
            "share": shares.per_cent(100 * counts.share),
            "low": shares.per_cent(100 * low),
            "high": shares.per_cent(100 * high),
        }
    return Bar(_length(low), _length(high - low), _length(counts.share), words)


def _length(share: float) -> str:
    return f"{share * 100:.2f}"
