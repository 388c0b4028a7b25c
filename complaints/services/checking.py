"""Files that were too heavy for a request: the worker makes them safe, and the case shows them, or says why not.

What was received lies apart and is served to nobody; it goes a day after this is decided. A worker that was killed
leaves a lease that runs out, and the file comes again.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from complaints import leases
from complaints.files.child import FileRefused, StorageFull
from complaints.files.object_store import StoreAway
from complaints.files.storage import FileDamaged, Safe, let_go, make_received_safe, remove_bytes
from complaints.history.timeline import CITIZENS_ROLES
from complaints.models import Attachment, Complaint, EventKind, Message
from complaints.permissions import Act
from complaints.services.change import changing

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
TRIES = 4  # of which each ended the worker


def check_waiting_file(now: datetime) -> int:
    """Makes the oldest file of a case safe that waits; 1 where there was one."""
    free = leases.free(now, LEASE)
    waiting = Attachment.objects.filter(free, is_waiting=True, complaint__isnull=False)
    file = waiting.order_by("attempts", "pk").first()
    if file is None:
        return 0
    claimed = waiting.filter(pk=file.pk, attempts=file.attempts)
    if not claimed.update(leased_until=now + LEASE, attempts=F("attempts") + 1):
        return 0
    try:
        if file.attempts >= TRIES:
            raise FileRefused("too_much_memory")
        safe = make_received_safe(file)
    except FileRefused as refused:
        _settle(file, now, why=refused.why)
    except FileDamaged:
        _settle(file, now, why="unreadable")
    except (StorageFull, StoreAway):
        logger.error("no room to make a file safe: it waits")
        # No fault of the file's: its tries are not used up by a disk that stays full, or a store that stays away. It
        # stays leased: making it safe is dear, and there is no room in a moment either.
        mine = Attachment.objects.filter(pk=file.pk, is_waiting=True, leased_until=now + LEASE)
        leases.give_back(mine, leased_until=now + LEASE)
    else:
        _settle(file, now, safe=safe)
    return 1


@transaction.atomic
def _settle(file: Attachment, now: datetime, *, safe: Safe | None = None, why: str = "") -> None:
    """Shows the safe copy, or takes the file away and tells whoever sent it, `why`. Nothing where
    it was erased meanwhile."""
    assert file.complaint_id is not None
    try:
        with changing(file.complaint_id, None, Act.CHECK_FILE, now=now) as change:
            row = Attachment.objects.select_related("event").get(pk=file.pk, is_waiting=True)
            assert row.event is not None
            data = {"of": row.event.seq, "received": row.sha256, "public": row.is_public}
            change.event(EventKind.FILE_CHECKED, data | ({"safe": safe.sha256} if safe else {"why": why}))
            if not safe and row.event.role in CITIZENS_ROLES:
                change.tell_citizen(Message.Template.FILE_UNSAFE, {"why": why})
    except (Complaint.DoesNotExist, Attachment.DoesNotExist):
        if safe:
            remove_bytes(safe.key)
        return
    rows = Attachment.objects.filter(pk=file.pk, is_waiting=True)
    if safe:
        rows.update(
            is_waiting=False,
            key=safe.key,
            sha256=safe.sha256,
            size=safe.size,
            received_sha256=file.sha256,
            leased_until=None,
            **safe.taken.columns,
        )
    else:
        rows.delete()
    transaction.on_commit(lambda: let_go(file.key))
