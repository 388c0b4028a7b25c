"""The worker's part once a report is published or withdrawn: a signed head over it, then those who want to hear."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from complaints.clock.calendars import calendar_for
from complaints.ledger.checkpoints import make_checkpoint
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import LedgerEntry, Message
from reports.publication.entries import ReportEntry
from reports.publication.messages import ReportMessage
from reports.publication.models import Report, ReportPaper, Subscription
from reports.publication.models.frozen import PaperState
from reports.publication.recipients import recipients_of
from reports.publication.states import PUBLIC, State

PATIENCE = timedelta(days=1)  # that mails wait for a file that is still to be printed
BATCH = 500


def sign_reports(now: datetime) -> int:
    """Signs a head over what was published, printed or withdrawn since the last, then tells of it."""
    return _sign(now) + tell_waiting(now)


def _sign(now: datetime) -> int:
    unsigned = Report.objects.filter(state__in=sorted(PUBLIC), head_size=None)
    codes = dict(unsigned.values_list("pk", "code")[:BATCH])
    if not codes:
        return 0
    said = {pk: _last_said_of(code) for pk, code in codes.items()}
    head = make_checkpoint(now)
    # What is withdrawn or printed while the head is made is not under it: the next one is.
    under = [pk for pk, code in codes.items() if _last_said_of(code) == said[pk]]
    return int(unsigned.filter(pk__in=under).update(head_size=head.size))


def _last_said_of(code: str) -> int | None:
    entries = LedgerEntry.objects.filter(kind__in=ReportEntry.values, data__report=code)
    return entries.order_by("-seq").values_list("seq", flat=True).first()


def tell_waiting(now: datetime) -> int:
    """Drafts the mails of what was published and printed, and of what was withdrawn; addressed when they leave."""
    published = Report.objects.filter(state=State.PUBLISHED, told_at=None, head_size__isnull=False)
    withdrawn = Report.objects.filter(state=State.WITHDRAWN, told_withdrawn_at=None, head_size__isnull=False)
    done = 0
    for report in published.order_by("published_at")[:BATCH]:
        if report.published_at + PATIENCE > now and _is_being_printed(report):
            continue
        done += _tell(report, "published", now, told_at=now)
    for report in withdrawn.order_by("withdrawn_at")[:BATCH]:
        done += _tell(report, "withdrawn", now, told_withdrawn_at=now)
    return done


def _is_being_printed(report: Report) -> bool:
    return ReportPaper.objects.filter(text__report=report, state=PaperState.WAITING).exists()


@transaction.atomic
def _tell(report: Report, what: str, now: datetime, **told: datetime) -> bool:
    (column,) = told
    # Withdrawn since it was read: nobody is told that it is out.
    if not Report.objects.filter(Q(**{column: None}), pk=report.pk, state=what).update(**told):
        return False
    _calendar, hours = calendar_for(report.agency_id)
    due = hours.next_opening(now)
    data = {"report": report.code, "what": what}
    heard = Subscription.objects.filter(confirmed_at__isnull=False, contact__stopped_at=None)
    store_messages(
        [
            draft_message(
                ReportMessage.NEWS,
                case=None,
                cause=f"{report.code}:{what}:{contact}",
                due_at=due,
                data=data | {"contact": contact},
            )
            for contact in heard.order_by("pk").values_list("contact", flat=True)
        ]
    )
    store_messages([_line_for(user, report, what, due) for user in recipients_of(report)[0]])
    return True


def _line_for(user: User, report: Report, what: str, due: datetime) -> Message:
    data = {"number": report.code, "what": what}
    cause = f"{report.code}:{what}"
    return draft_message(ReportMessage.FOR_YOU, case=None, cause=cause, due_at=due, user=user, data=data)
