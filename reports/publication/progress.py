"""How far a report is on its way to a file, from what its rows say already; and where a figure's cases are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from complaints.clock.kept import Kept
from complaints.states import State as CaseState
from reports.publication.models import Report, ReportPaper, ReportSnapshot
from reports.publication.models.frozen import PaperState

ATTEMPTS = 3
COUNT_LEASE, PRINT_LEASE = timedelta(minutes=20), timedelta(minutes=10)
# What of the desk's filters finds the cases behind a figure.
FILTERS: dict[str, dict[str, str]] = {
    "received": {},
    "ended": {"standing": "ended"},
    "open": {"standing": "open"},
    "met_target": {"standing": Kept.ON_TIME},
    "waiting_for_citizen": {"state": CaseState.AWAITING_CITIZEN},
    **{each.value: {"standing": each.value} for each in Kept if each != Kept.ON_TIME},
}


@dataclass(frozen=True)
class Stage:
    """`tone` and `icon` as a badge has them; `since` while it runs."""

    name: str
    label: str
    tone: str
    icon: str
    since: datetime | None = None
    attempt: str = ""


def stages_of(
    report: Report,
    snapshot: ReportSnapshot | None,
    papers: Sequence[tuple[str, ReportPaper]],
    now: datetime,
) -> list[Stage]:
    """Counted, then printed in each language; empty once nothing is being done or has failed."""
    stages = [_counting(report, snapshot, now), *(_printing(name, paper, now) for name, paper in papers)]
    return stages if any(stage.tone != "success" for stage in stages) else []


def _counting(report: Report, snapshot: ReportSnapshot | None, now: datetime) -> Stage:
    name = _("Figures")
    if report.count_due_at is not None:
        return _underway(name, report.count_lease, COUNT_LEASE, report.count_attempts, now)
    if report.count_error:
        return _failed(name)
    return _done(name) if snapshot is not None else _waiting(name)


def _printing(language: str, paper: ReportPaper, now: datetime) -> Stage:
    name = _("PDF, %(language)s") % {"language": language}
    if paper.state == PaperState.WAITING:
        return _underway(name, paper.leased_until, PRINT_LEASE, paper.attempts, now)
    return _done(name) if paper.state == PaperState.READY else _failed(name)


def _underway(name: str, until: datetime | None, lease: timedelta, attempts: int, now: datetime) -> Stage:
    if until is None or until <= now:
        return _waiting(name)
    said = ""
    if attempts > 1:
        said = _("attempt %(attempt)d of %(most)d") % {"attempt": attempts, "most": ATTEMPTS}
    return Stage(name, _("being made"), "info", "hourglass", until - lease, said)


def _waiting(name: str) -> Stage:
    return Stage(name, _("waits its turn"), "neutral", "clock")


def _done(name: str) -> Stage:
    return Stage(name, _("done"), "success", "check")


def _failed(name: str) -> Stage:
    return Stage(name, _("could not be made"), "danger", "alert")


def cases_url(report: Report, code: str) -> str:
    """The desk's list of the cases behind a figure, as whoever opens it may see them and as they stand now; empty
    where no filter finds them."""
    if code not in FILTERS:
        return ""
    query = {
        "queue": "all",
        "received_from": report.period_from.isoformat(),
        "received_to": report.period_to.isoformat(),
        "counted": report.agency.code if report.agency else "city",
    }
    return f"{reverse('complaints:desk-queue')}?{urlencode(query | FILTERS[code])}"
