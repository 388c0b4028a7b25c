"""What counts events anew, or checks what was counted: which of them may not have been seen then."""

from datetime import datetime, timedelta

from django.db.models import Q

OVERLAP, WHILE = 5000, timedelta(hours=1)


def nearly_seen(last_event: int) -> Q:
    """Numbers that may have been stored after a higher one was seen: of two transactions the one with the earlier
    numbers may end later."""
    return Q(pk__gt=last_event - OVERLAP)


def told_after(last_event: int, at: datetime) -> Q:
    """Events that somebody who saw `last_event` as the newest at that moment may not have seen. What is done in one go
    to many cases, as by a sweep, is dated by its beginning."""
    return Q(pk__gt=last_event) | nearly_seen(last_event) & Q(at__gt=at - WHILE)
