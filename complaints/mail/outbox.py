"""Sends the messages that wait in the outbox, each by its medium.

A row is claimed by a conditional UPDATE that counts the attempt, rendered and sent outside any transaction,
and marked as sent once its carrier (a mail server) has taken it. Whoever dies in between leaves a lease; when it
runs out the row comes again under the same Message-ID. An unreachable carrier costs no attempt: nothing is
claimed before it answers.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from smtplib import SMTPResponseException
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from complaints import leases
from complaints.clock.deadlines import office_moment
from complaints.mail.media import MEDIA, Adapter, Undeliverable, Unreachable, Wire
from complaints.mail.readers import NOT_FOR_READER, OVERTAKEN, hand_on, not_for_reader, why_withheld
from complaints.mail.types import digested, type_of
from complaints.models import Message, OfficeCalendar

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # far longer than one mail takes (EMAIL_TIMEOUT)
ROUND_SECONDS = 120  # after which a round ends, whatever is left; leases last longer
LONGEST_WAIT = timedelta(hours=12)
OUR_FAULT_ATTEMPTS = 3  # a mail that cannot be made gets no better by waiting


def send_due(now: datetime, limit: int = 200, only: Collection[str] = ()) -> int:
    """Sends what waits and is due, at most `limit` rows a medium; returns how many of them left. With `only`,
    nothing but messages of these templates.

    Raises OSError (SMTPException is one) when a carrier cannot be reached, each of its rows as it was.
    """
    if not only:
        hold_for_office(now)
        hand_on(now)
        hold_digests(now)
    sent, lost = 0, None
    for wire in MEDIA:
        try:
            sent += _send_by(wire, now, limit, only)
        except OSError as error:
            lost = error  # the other media are not held up
    if lost is not None:
        raise lost
    return sent


def _send_by(wire: Wire, now: datetime, limit: int, only: Collection[str]) -> int:
    rows = waiting(now, wire.medium)
    rows = rows.filter(template__in=only) if only else rows
    if not rows.exists():
        return 0
    adapter = wire.adapter()
    adapter.open()
    started, sent, tried = monotonic(), 0, set[int]()
    try:
        while len(tried) < limit and monotonic() - started < ROUND_SECONDS:
            # One message at a time: what is sent may let the next of its case go.
            first = rows.exclude(pk__in=tried).first()
            if first is None:
                break
            group = claim(first, now)
            tried |= {first.pk} | {message.pk for message in group}
            if group:
                sent += _deliver(group, adapter, now, is_retry=first.leased_until is not None)
    finally:
        adapter.close()
    return sent


def unsent() -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, dropped_at=None)


def line() -> Q:
    """A line of a digest; to the citizen it is a message of its own."""
    return Q(template__in=digested()) & (Q(user__isnull=False) | ~Q(reader=""))


def waiting(now: datetime, medium: str = Message.Medium.EMAIL) -> QuerySet[Message]:
    """What may be sent now by `medium`, oldest first: due, not leased, and with no earlier message about the
    same case to the same person still under way."""
    unsent_here = unsent().filter(medium=medium)
    earlier = unsent_here.filter(Q(due_at__lte=now) | Q(attempts__gt=0), complaint=OuterRef("complaint"))
    earlier = earlier.filter(pk__lt=OuterRef("pk")).exclude(line())
    to_staff = Q(user__isnull=False) & Exists(earlier.filter(user=OuterRef("user")))
    to_citizen = Q(user__isnull=True) & Exists(earlier.filter(user__isnull=True, reader=""))
    may_go = line() | ~(to_staff | to_citizen)
    not_handed_on = Q(user__isnull=True) & ~Q(reader="")
    return unsent_here.filter(~not_handed_on, may_go, leases.free(now, LEASE), due_at__lte=now).order_by(
        "due_at", "id"
    )


def claim(first: Message, now: datetime) -> list[Message]:
    """Takes `first`, and with a line for a digest all lines that go with it; empty when another was quicker.

    Lines that were under way together (one lease) stay together, so that a repeated digest is the same.
    """
    keys = [first.pk]
    if type_of(first).is_digested and first.user_id is not None:
        lines = waiting(now, first.medium).filter(user=first.user_id, template__in=digested())
        lines = lines.filter(leased_until=first.leased_until)  # None finds those that have no lease
        keys = sorted(lines.values_list("pk", flat=True))
    with transaction.atomic():
        claimed = [
            pk
            for pk in keys
            if unsent()
            .filter(leases.free(now, LEASE), pk=pk)
            .update(leased_until=now + LEASE, attempts=F("attempts") + 1)
        ]
    rows = Message.objects.filter(pk__in=claimed).order_by("pk")
    return list(
        rows.select_related(
            "user__agency",
            "complaint__category",
            "complaint__agency",
            "complaint__merged_into",
            "complaint__referred_to",
        )
    )


def _deliver(group: list[Message], adapter: Adapter, now: datetime, *, is_retry: bool) -> int:
    """Sends one message for the claimed rows and writes down how it went; returns the rows that were sent."""
    group = _without(group, not_for_reader(group, now), now, NOT_FOR_READER)
    for message in group:
        if why := why_withheld(message):
            group = _without(group, [message], now, why)
    # A mail that may have arrived already is repeated as it was.
    over = [] if is_retry else [message for message in group if _is_superseded(message, group)]
    group = _without(group, over, now, OVERTAKEN)
    if not group:
        return 0
    try:
        adapter.send(group)
    except Undeliverable as reason:
        _drop(group, now, str(reason))
    except Unreachable:
        leases.give_back(_mine(group))
        raise
    except Exception as error:  # noqa: BLE001 - one bad mail must not stop the others
        for message in group:
            _put_off(message, error, now)
    else:
        _mine(group).update(sent_at=now, leased_until=None, last_error="")
        return len(group)
    return 0


def _without(group: list[Message], dropped: list[Message], now: datetime, reason: str) -> list[Message]:
    _drop(dropped, now, reason)
    return [message for message in group if message not in dropped]


def _is_superseded(message: Message, group: list[Message]) -> bool:
    """Whether the line says nothing (any more) that another line does not say better."""
    if type_of(message).is_overtaken(message):
        return True
    if message.complaint_id is None:  # not about a case: nothing can overtake it
        return False
    later = [other for other in group if other.complaint_id == message.complaint_id and other.pk > message.pk]
    return any(
        other.template == message.template or message.template in type_of(other).replaces for other in later
    )


def _mine(group: list[Message]) -> QuerySet[Message]:
    """The rows of `group`, as long as their lease is still ours."""
    return Message.objects.filter(pk__in=[m.pk for m in group], leased_until=group[0].leased_until)


def _drop(group: list[Message], now: datetime, reason: str) -> None:
    if group:
        _mine(group).update(dropped_at=now, leased_until=None, last_error=reason[:200])


def _put_off(message: Message, error: Exception, now: datetime) -> None:
    """Comes again after 1, 2, 4 … minutes; after too many attempts it is given up, which the row says."""
    what = type(error).__name__
    if isinstance(error, SMTPResponseException):
        what += f" {error.smtp_code}"
    limit = settings.NOTIFICATION_MAX_ATTEMPTS if isinstance(error, OSError) else OUR_FAULT_ATTEMPTS
    if message.attempts >= limit:
        logger.error("mail %d given up after %d attempts (%s)", message.pk, message.attempts, what)
        _drop([message], now, f"given up: {what}")
        return
    wait = min(timedelta(minutes=2 ** (message.attempts - 1)), LONGEST_WAIT)
    logger.warning("mail %d put off (%s)", message.pk, what)
    _mine([message]).update(due_at=now + wait, leased_until=None, last_error=what)


def _lines_due(now: datetime) -> QuerySet[Message]:
    return unsent().filter(line(), due_at__lte=now, leased_until=None, attempts=0)


def hold_for_office(now: datetime) -> None:
    """Puts off the lines of digests outside office hours, until the office opens."""
    lines = _lines_due(now)
    if not lines.exists():
        return
    calendar = OfficeCalendar.objects.filter(agency=None).first()
    opening = office_moment(calendar, now) if calendar else now
    if opening > now:
        lines.update(due_at=opening)


def hold_digests(now: datetime) -> None:
    """Puts off the lines of whoever had a digest a short while ago, until STAFF_DIGEST_MINUTES have passed."""
    lines = _lines_due(now)
    users = set(lines.order_by().values_list("user", flat=True).distinct())
    if not users:
        return
    gap = timedelta(minutes=settings.STAFF_DIGEST_MINUTES)
    earlier = Message.objects.filter(user__in=users, template__in=digested(), sent_at__gt=now - gap)
    for row in earlier.order_by().values("user").annotate(last=Max("sent_at")):
        lines.filter(user=row["user"]).update(due_at=row["last"] + gap)
