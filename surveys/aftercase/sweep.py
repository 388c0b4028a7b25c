"""Notes each end of a case once, invites its citizen by mail, and reminds them once.

Two looks: at the cases whose end nobody was noted for (`ends.not_noted`), and at the rows whose moment has come. Unique
rows and conditional updates let two workers at once do it once; one that was away for a week goes on where it stood.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from complaints.clock.arithmetic import Target, Unit, due_at
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of
from complaints.clock.deadlines import office_moment
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Complaint, OfficeCalendar
from complaints.services.system import contact
from surveys.aftercase.ends import end_of, may_be_asked, not_noted, term_on, unit_of
from surveys.aftercase.messages import AfterCaseMessage
from surveys.aftercase.models import AfterCase, AfterCaseTerm

logger = logging.getLogger(__name__)
BATCH = 500
SET_ASIDE = timedelta(hours=1)


def ask_after_cases(now: datetime) -> int:
    """How many ends were noted and mails written."""
    return note_ends(now) + send_what_is_due(now)


def note_ends(now: datetime) -> int:
    """A row for each end; the invitation falls due so many working days after it."""
    return sum(_note(cases, now) for cases in not_noted(now))


def _note(cases: QuerySet[Complaint], now: datetime) -> int:
    """All keys at once, of which there are as many as ended lately: asked for by batches, the database goes by the key
    and looks at every case there ever was."""
    keys = list(cases.values_list("pk", flat=True))
    if not keys:  # a new installation has no calendar yet
        return 0
    done, term, calendar = 0, term_on(day_of(now)), calendar_for(None)[0]
    for start in range(0, len(keys), BATCH):
        some = cases.filter(pk__in=keys[start : start + BATCH])
        rows = [row for case in some if (row := draft_row(case, term, calendar)) is not None]
        AfterCase.objects.bulk_create(rows, ignore_conflicts=True)
        done += len(rows)
    return done


def draft_row(case: Complaint, term: AfterCaseTerm, calendar: OfficeCalendar) -> AfterCase | None:
    """The row of the end that this citizen may be asked about, unsaved."""
    end = end_of(case)
    unit = unit_of(end.about, term) if end else None
    if end is None or unit is None:
        return None
    return AfterCase(
        complaint=case,
        about=end.about,
        cycle=end.cycle,
        agency=unit,
        ended_on=day_of(end.at),
        next_action_at=None if case.is_anonymous else _after(end.at, term.ask_days, calendar),
    )


def _after(moment: datetime, days: int, calendar: OfficeCalendar) -> datetime:
    """In office hours, so many working days later."""
    _row, working = calendar_for(calendar.agency_id)
    due = due_at(moment, Target(days, Unit.WORKING_DAYS), working)
    assert due is not None  # nothing pauses it
    return office_moment(calendar, due)


def send_what_is_due(now: datetime) -> int:
    done = 0
    while rows := list(AfterCase.objects.needing_action(now)[:BATCH]):
        taken = sum(_visit(row, now) for row in rows)
        if not taken:
            break  # another worker does what is left
        done += taken
    return done


def _visit(row: AfterCase, now: datetime) -> bool:
    """False when another worker, or the citizen's answer, was quicker."""
    try:
        with transaction.atomic():
            return _act(row, now)
    except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest
        logger.error("after a report: row set aside (%s)", type(error).__name__)
        name = type(error).__name__[:200]
        AfterCase.objects.filter(pk=row.pk).update(next_action_at=now + SET_ASIDE, sweep_error=name)
        return True


def _act(row: AfterCase, now: datetime) -> bool:
    term = term_on(day_of(now))
    calendar = calendar_for(None)[0]
    case = (
        Complaint.objects.visible_to(None)
        .select_related("complainant", "merged_into")
        .get(pk=row.complaint_id)
    )
    writes = may_be_asked(row, end_of(case), now) and bool(contact(case).email)
    next_at = None
    if writes and row.mails == 0 and term.remind_days:
        next_at = _after(now, term.remind_days, calendar)
    as_read = AfterCase.objects.filter(pk=row.pk, next_action_at=row.next_action_at, is_answered=False)
    if not as_read.update(next_action_at=next_at, mails=row.mails + writes, sweep_error=""):
        return False
    if writes:
        _write(row, case, now, calendar)
    return True


def _write(row: AfterCase, case: Complaint, now: datetime, calendar: OfficeCalendar) -> None:
    about = f"{case.merged_into.number}." if case.merged_into else ""
    template = AfterCaseMessage.REMINDER if row.mails else AfterCaseMessage.INVITATION
    message = draft_message(
        template,
        case=case,
        cause=f"{about}c{row.cycle}",  # no number alone: it is no event that it tells of
        due_at=office_moment(calendar, now),
        data={"row": row.pk},
    )
    store_messages([message])
