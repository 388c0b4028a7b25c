"""The case that comes next in the list from which somebody came."""

from datetime import datetime
from functools import partial

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from complaints.desk.filters import QueueFilter
from complaints.desk.queues import cases_in, queues_for, strands_of
from complaints.models import Complaint
from complaints.paging import Cursor, page_of

LONGEST = 500


def listing_of(query: QueryDict, *without: str) -> str:
    """What tells one list from another in its address; "" for the usual one."""
    kept = query.copy()
    for name in without:
        kept.pop(name, None)
    return kept.urlencode()[:LONGEST]


def next_case(case: Complaint, listing: str, user: User, now: datetime) -> Complaint | None:
    """After the place that `case` had when it was read, else the first of the list; never itself, None at the end."""
    query = QueryDict(listing[:LONGEST])
    queues = queues_for(user)
    chosen = next((each for each in queues if each.code == query.get("queue")), queues[0])
    narrowed = QueueFilter.of(query, partial(cases_in, chosen, user), actor=user, now=now)
    strands = [each.exclude(pk=case.pk).for_list() for each in narrowed.found_in(strands_of(chosen, user))]
    at = getattr(case, chosen.order.column)
    rows: list[Complaint] = page_of(strands, chosen.order, Cursor(at, case.pk), 1).rows if at else []
    rows = rows or page_of(strands, chosen.order, None, 1).rows
    return rows[0] if rows else None


def address(number: str, listing: str) -> str:
    """Of the case page, opened from a list."""
    path = reverse("complaints:case-detail", args=[number])
    return f"{path}?{urlencode({'list': listing})}" if listing else path


def list_address(listing: str) -> str:
    path = reverse("complaints:desk-queue")
    return f"{path}?{listing}" if listing else path
