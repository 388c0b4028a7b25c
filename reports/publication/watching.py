"""The sweep's part for reports: it reminds before a step is due, and climbs a level at a time while it is late.

Each row is one transaction, begun by a conditional update, as with minutes of meetings and promises.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from complaints.clock.calendars import calendar_for
from complaints.files import keeping
from complaints.mail.drafting import draft_message, store_messages
from escalation.days import PATIENCE
from escalation.ladder.models import Level
from reports.publication import people
from reports.publication.messages import ReportMessage
from reports.publication.models import Report, ReportPaper
from reports.publication.models.frozen import PaperState
from reports.publication.models.report import ReportStepKind
from reports.publication.services.frame import add_step
from reports.publication.states import AHEAD, State

logger = logging.getLogger(__name__)
BATCH = 200
SET_ASIDE = timedelta(hours=1)


def sweep_reports(now: datetime) -> int:
    """Visits all reports whose `next_action_at` has come; returns how many."""
    done, due = 0, Report.objects.needing_action(now)
    while due.exists():
        taken = sum(_visit(row, now) for row in list(due.select_related("agency")[:BATCH]))
        if not taken:
            break  # another sweep does what is left
        done += taken
    return done


def _visit(row: Report, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return _act(row, now)
    except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest
        logger.error("reports: row set aside (%s)", type(error).__name__)
        name = type(error).__name__[:200]
        Report.objects.filter(pk=row.pk).update(next_action_at=now + SET_ASIDE, sweep_error=name)
        return True


def _act(row: Report, now: datetime) -> bool:
    """Reminds before the day; after it climbs, and at the top it is said again as long as nothing happens."""
    what, due = people.next_step(row), due_at(row)
    if not what or due is None:
        return _take(row, next_action_at=None)
    if now < due:
        if not _take(row, next_action_at=due):
            return False
        add_step(row, ReportStepKind.REMINDED, actor=None, now=now)
        _tell(people.who_owes(row, now), row, what, now)
        return True
    level = min(row.level + 1, Level.OMBUDSMAN)
    if not _take(row, next_action_at=now + PATIENCE, level=level):
        return False
    told = people.rung(row, level, now)
    add_step(row, ReportStepKind.RAISED, actor=None, now=now, level=int(level), told=len(told))
    _tell(told, row, f"{what}_late", now)
    return True


def due_at(row: Report) -> datetime | None:
    """By when the next step is to be done."""
    moments = {State.DRAFT: row.review_due_at, State.REVIEWED: row.publish_due_at}
    found: datetime | None = moments.get(State(row.state))
    return found


def _take(row: Report, **values: Any) -> bool:
    """The conditional update that lets one of several sweeps, or a person, win."""
    as_read = Report.objects.filter(pk=row.pk, state=row.state, next_action_at=row.next_action_at)
    if not as_read.update(sweep_error="", **values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def _tell(users: list[User], row: Report, what: str, now: datetime) -> None:
    """A line in the digest of each, in office hours; once for each visit."""
    _calendar, hours = calendar_for(row.agency_id)
    cause = f"{row.code}:{what}:{row.level}:{now:%Y%m%d}"
    data, at = {"number": row.code, "what": what}, hours.next_opening(now)
    store_messages(
        [
            draft_message(ReportMessage.DUE, case=None, cause=cause, due_at=at, user=user, data=data)
            for user in users
        ]
    )


def nobody_watches(now: datetime) -> Iterable[str]:
    """Reports ahead of their publication to which the sweep does not come, or that nobody may take on."""
    for row in Report.objects.filter(state__in=sorted(AHEAD)).select_related("agency").order_by("pk"):
        if not people.is_watched(row, now):
            yield row.code


def files_missing(now: datetime) -> Iterable[str]:
    """Printed reports whose file is gone or another."""
    rows = ReportPaper.objects.filter(state=PaperState.READY).select_related("text__report")
    for paper in rows.order_by("pk").iterator(chunk_size=100):
        if not _is_whole(paper):
            yield f"{paper.text.report.code} ({paper.language})"


def _is_whole(paper: ReportPaper) -> bool:
    try:
        return keeping.look(paper.stored)[0] == paper.sha256
    except FileNotFoundError:
        return False
