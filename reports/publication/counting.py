"""The worker's part before a report is read: it begins what is due by the calendar, and counts what was begun.

Found, not queued: a period that has ended and has no report; a report that says that it is to be counted, with its
lease and attempts.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import F

from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, start_of, zone
from complaints.ledger.recording import recording
from complaints.models import Complaint
from complaints.services.change import NotPossible
from reports.figures.periods import Period
from reports.figures.snapshot import Packed, Snapshot, freeze
from reports.opendata.services import Prepared, reserve, weigh
from reports.publication.differences import lines_between
from reports.publication.face import face_of
from reports.publication.keeping import keep_pieces
from reports.publication.kept import kept_for_evaluators
from reports.publication.models import Comparison, Report, ReportPolicy, ReportSnapshot
from reports.publication.models.report import ReportStepKind
from reports.publication.periods import LAST, PeriodKind, stem_of
from reports.publication.progress import ATTEMPTS, COUNT_LEASE
from reports.publication.services.frame import QUICKER, Change, changing_report
from reports.publication.services.preparing import begin
from reports.publication.states import State
from reports.rights import ReportAct

logger = logging.getLogger(__name__)
LEASE, MAX_ATTEMPTS = COUNT_LEASE, ATTEMPTS
BACKOFF = timedelta(minutes=5)  # doubled at each attempt
AT_ONCE = 1
FURTHEST = 24  # periods that a worker which was away catches up on


def work_reports(now: datetime) -> int:
    """Begins what is due and counts one; returns how many it did."""
    return begin_due(now) + count_waiting(now)


def begin_due(now: datetime) -> int:
    """Begins the city's reports whose period has ended, once the office opens on the first working day after it."""
    today, done = day_of(now), 0
    for kind in ReportPolicy.on(today).kinds:
        for period in _missing(kind, now):
            try:
                with recording(actor=None, now=now) as record:
                    begin(kind, period, None, actor=None, now=now, record=record)
                done += 1
            except IntegrityError:  # another worker, or a person, was quicker
                continue
    return done


def _missing(kind: PeriodKind, now: datetime) -> list[Period]:
    """The last period where it has no report yet, and those before that were missed: as far back as there is one. None
    of a time before the city had any case."""
    period, found = LAST[kind](day_of(now)), []
    for _place in range(FURTHEST):
        if Report.objects.filter(stem=stem_of(kind, period.first)).exclude(state=State.DROPPED).exists():
            break
        if _had_cases(period) and _has_begun(period, now):
            found.append(period)
        earlier = Report.objects.filter(kind=kind.value, agency=None, period_from__lt=period.first)
        if not earlier.exists():
            break
        period = period.before()
    return found[::-1]


def _has_begun(period: Period, now: datetime) -> bool:
    """Whether the office has opened since. By then the night has closed and counted what ended with the period: survey
    rounds and call-backs, which no later report would have."""
    _row, calendar = calendar_for(None)
    return calendar.next_opening(start_of(period.last + timedelta(days=1))) <= now


def _had_cases(period: Period) -> bool:
    return Complaint.objects.filter(received_at__lt=period.bounds(zone())[1]).exists()


def count_waiting(now: datetime) -> int:
    """Counts what waits for it, oldest first; returns how many were counted."""
    return sum(
        _count(pk, now) for pk in list(Report.objects.to_count(now).values_list("pk", flat=True)[:AT_ONCE])
    )


def _count(pk: int, now: datetime) -> bool:
    """Claims the row, counting the attempt first: one that kills its process is given up in the end too."""
    lease = now + LEASE
    claimed = Report.objects.to_count(now).order_by().filter(pk=pk)
    if not claimed.update(count_lease=lease, count_attempts=F("count_attempts") + 1):
        return False
    report = Report.objects.select_related("agency").get(pk=pk)
    if report.count_attempts > MAX_ATTEMPTS:
        _fail(report, now, "gave up")
        return False
    try:
        snapshot = freeze(report.period, report.agency, actor=None, now=now)
        is_draft = report.state == State.DRAFT
        prepared = Weighed(weigh(snapshot, code=report.code), Packed.of(snapshot)) if is_draft else None
        _keep(report, snapshot, prepared, lease, now)
    except Exception as error:
        _fail(report, now, type(error).__name__)
        logger.exception("report %s could not be counted", report.code)
        return False
    return True


def _fail(report: Report, now: datetime, why: str) -> None:
    """Puts it off, or gives it up after the last attempt: its page says so, and a person has it counted again."""
    over = report.count_attempts >= MAX_ATTEMPTS
    Report.objects.filter(pk=report.pk, count_lease=report.count_lease).update(
        count_due_at=None if over else now + BACKOFF * 2 ** (report.count_attempts - 1),
        count_lease=None,
        count_error=why[:200],
    )


@dataclass(frozen=True)
class Weighed:
    """What is kept of a draft's snapshot; packed before the transaction, for which everybody else waits."""

    edition: Prepared
    packed: Packed


def _keep(
    report: Report, snapshot: Snapshot, prepared: Weighed | None, lease: datetime, now: datetime
) -> None:
    """A draft gets the new figures, with what is hidden of them; of any other only what would differ is kept."""
    last: ReportSnapshot | None = report.snapshots.order_by("-number").first()
    lines = lines_between(last, snapshot) if last else {}
    with changing_report(report.pk, None, ReportAct.PREPARE_REPORT, now=now) as change:
        row = change.report
        if row.state == State.DROPPED or row.count_lease != lease:
            return  # dropped while it was counted, or it took so long that another worker does it
        row.count_due_at = row.count_lease = None
        row.count_error = ""
        if last is not None:
            Comparison.objects.update_or_create(report=row, defaults={"at": now, "lines": lines})
        if row.state == State.DRAFT:
            _add(change, snapshot, prepared, last.number + 1 if last else 1)
        else:
            change.step(ReportStepKind.COMPARED)


def _add(change: Change, snapshot: Snapshot, prepared: Weighed | None, number: int) -> None:
    if prepared is None:  # given back while it was counted
        raise NotPossible(QUICKER)
    packed = prepared.packed
    marks = reserve(prepared.edition, digest=packed.digest)
    if name := snapshot.data["scope"]["name"]:
        change.report.agency_name, change.report.agency_name_en = name["id"], name["en"]
    row = ReportSnapshot.objects.create(
        report=change.report,
        number=number,
        digest=packed.digest,
        size=packed.size,
        face=face_of(snapshot, marks) | {"kept": kept_for_evaluators(snapshot, day_of(change.now))},
        counted_at=change.now,
    )
    keep_pieces(row, packed)
    change.record.new(row)
    change.step(ReportStepKind.COUNTED, snapshot=number)
