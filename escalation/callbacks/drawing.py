"""The call-back of a quarter makes itself: announced when the quarter is over, drawn by the first head over that
announcement as an audit is (audits/drawing.py), closed when the next quarter ends.

Nobody chooses a case and nobody can know which are drawn before the head is there. Unique rows and conditional updates
let two workers do it once.
"""

from datetime import date, datetime, timedelta
from secrets import randbelow, token_hex

from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, start_of
from complaints.clock.deadlines import office_moment
from complaints.clock.kept import ANSWERED
from complaints.ledger.entries import write_entry
from complaints.ledger.recording import recording
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Complaint, Head
from complaints.models.complaint import Complaints
from complaints.services.system import contact
from escalation.audits import sampling
from escalation.audits.drawing import head_over
from escalation.audits.frames import LARGEST_FRAME
from escalation.audits.models import AuditSample
from escalation.callbacks.entries import CallBackEntry
from escalation.callbacks.figures import Tally
from escalation.callbacks.messages import CallBackMessage
from escalation.callbacks.models import CallBack, CallBackItem
from escalation.callbacks.outcomes import outcomes_of
from escalation.callbacks.seen import kept_from
from surveys.aftercase.quarters import next_quarter, quarter_of

AT_LEAST = 30
LOOKED_AT = 300  # of the smallest hashes, for whom they are hidden
ANNOUNCED_WITHIN = timedelta(days=60)  # of the quarter's end; later nobody remembers


def work_call_backs(now: datetime) -> int:
    """For the worker: how many call-backs were announced, drawn and closed."""
    return announce_due(now) + draw_due(now) + close_due(now)


def answered_in(quarter: date) -> Complaints:
    """What the city counts as answered in a quarter, and somebody can be asked about: not what another system answered,
    parts of shared cases, nor cases whose citizen was erased. With the oversight complaints: all are somebody's."""
    begin, end = start_of(quarter), start_of(next_quarter(quarter))
    cases: Complaints = Complaint.objects.visible_to(None).counted_once(None)
    return cases.filter(
        is_live=True,
        receipt_digest__isnull=False,
        state__in=sorted(ANSWERED),
        ended_at__gte=begin,
        ended_at__lt=end,
    )


def announce_due(now: datetime) -> int:
    """Announces the call-back of the quarter that is over, once; how many."""
    begins = quarter_of(day_of(now))
    over = quarter_of(begins - timedelta(days=1))
    if day_of(now) > begins + ANNOUNCED_WITHIN or CallBack.objects.filter(quarter=over).exists():
        return 0
    numbers = list(answered_in(over).order_by().values_list("number", flat=True)[: LARGEST_FRAME + 1])
    if not numbers or len(numbers) > LARGEST_FRAME:
        return 0
    try:
        _announce(over, numbers, now)
    except IntegrityError:  # another worker was quicker
        return 0
    return 1


def _announce(quarter: date, numbers: list[str], now: datetime) -> None:
    blanks = sampling.FEWEST_BLANKS + randbelow(sampling.MOST_BLANKS - sampling.FEWEST_BLANKS)
    text = sampling.sealed_frame(numbers, lambda: token_hex(32), blanks)
    with recording(actor=None, now=now) as record:
        row = CallBack.objects.create(
            quarter=quarter,
            frame_size=len(numbers),
            frame_digest=sampling.frame_digest(text),
            frame=AuditSample.packed(text),
            announced_at=now,
            closes_on=next_quarter(quarter_of(day_of(now))) - timedelta(days=1),
        )
        data = {"quarter": quarter.isoformat(), "asked": AT_LEAST, "list": row.frame_digest}
        row.entry = write_entry(CallBackEntry.ANNOUNCED, actor=None, now=now, data=data)
        row.save(update_fields=["entry"])
        record.new(row)


def _waiting() -> QuerySet[CallBack]:
    return CallBack.objects.filter(drawn_at=None)


def draw_due(now: datetime) -> int:
    """Draws what was announced and stands under a head; how many."""
    return sum(_draw(row, head, now) for row in _waiting() if (head := head_over(row.entry_id)))


def _draw(row: CallBack, head: Head, now: datetime) -> bool:
    seed = head.root_base64
    ranked = sampling.draw(row.numbers, row.frame_size, seed)
    drawn = ranked[: _enough_for_all(ranked)]
    with recording(CallBackEntry.DRAWN, actor=None, now=now) as record:
        values = {"drawn_at": now, "size": len(drawn), "seed": seed, "head_size": head.size}
        if not _waiting().filter(pk=row.pk).update(**values):
            return False
        cases = Complaint.objects.visible_to(None).filter(number__in=drawn).select_related("complainant")
        known = {case.number: case for case in cases}
        items = CallBackItem.objects.bulk_create(
            CallBackItem(
                call_back=row,
                complaint=known[number],
                rank=rank,
                answered_on=day_of(known[number].ended_at or row.announced_at),
            )
            for rank, number in enumerate(drawn, start=1)
        )
        record.data = {"quarter": row.quarter.isoformat(), "head": head.size, "seed": seed}
        record.changed(row, *values)
        record.new(*items)
        _write(items, now)
    return True


def _enough_for_all(ranked: list[str]) -> int:
    """So many that every supervisor has as many as were announced: a shorter list would tell of a hidden case."""
    size = min(AT_LEAST, len(ranked))
    first: Complaints = Complaint.objects.visible_to(None).filter(number__in=ranked[:LOOKED_AT])
    for user in User.objects.filter(role=Role.SUPERVISOR, is_active=True):
        hidden = frozenset(kept_from(user, first).values_list("number", flat=True))
        shown = [place for place, number in enumerate(ranked, start=1) if number not in hidden][:AT_LEAST]
        size = max(size, shown[-1] if shown else 0)
    return size


def _write(items: list[CallBackItem], now: datetime) -> None:
    due = office_moment(calendar_for(None)[0], now)
    store_messages(
        [
            draft_message(
                CallBackMessage.CALL_BACK,
                case=None,
                cause=f"item{item.pk}",
                due_at=due,
                data={"item": item.pk},
            )
            for item in items
            if not item.complaint.is_anonymous and contact(item.complaint).email
        ]
    )


def close_due(now: datetime) -> int:
    """Closes what takes no more answers, and keeps what was said; how many."""
    due = CallBack.objects.filter(drawn_at__isnull=False, closed_at=None, closes_on__lt=day_of(now))
    return sum(_close(row, now) for row in due)


def _close(row: CallBack, now: datetime) -> bool:
    with recording(CallBackEntry.CLOSED, actor=None, now=now) as record:
        still = CallBack.objects.filter(pk=row.pk, closed_at=None)
        if not still.update(closed_at=now):  # from here on no answer is taken; those before it count
            return False
        values = {"closed_at": now, "result": Tally.of(outcomes_of(row)).as_json()}
        CallBack.objects.filter(pk=row.pk).update(**values)
        record.data = {"quarter": row.quarter.isoformat()}
        record.changed(row, *values)
    return True
