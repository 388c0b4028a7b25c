"""The desk's navigation, by what the person's role may do."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.actors import role_of
from accounts.models import User
from complaints.desk.additions import NAVIGATION
from complaints.desk.filters import QueueFilter
from complaints.desk.queues import (
    FOUND,
    NAV_CAP,
    count_all,
    count_kept,
    counted_sets,
    queues_for,
    sees_cases,
    show_count,
)
from complaints.models.complaint import Complaints
from complaints.paging import COUNT_CAP
from complaints.permissions import Act, role_may
from complaints.states import Verb


def desk_nav(request: HttpRequest) -> dict[str, Any]:
    """`desk_nav`: a list of {url, label, count, is_current}; empty on public pages. Asked only when shown."""
    return {"desk_nav": SimpleLazyObject(lambda: _items(request))}


def desk_counts(
    request: HttpRequest,
    found: Complaints | None = None,
    now: datetime | None = None,
    *,
    tabs: bool = False,
) -> dict[str, int]:
    """What the navigation counts, with the queue's `tabs` and own lists, and what the page itself `found`: one query a
    request."""
    counts: dict[str, int] | None = getattr(request, "desk_counts", None)
    if counts is None:
        assert isinstance(request.user, User)
        moment = now or timezone.now()
        if found is None:
            counts = count_kept(request.user, moment, tabs=tabs)
        else:
            sets = counted_sets(request.user, moment, tabs=tabs)
            counts = count_all(request.user, sets | {FOUND: found})
        request.desk_counts = counts  # type: ignore[attr-defined]
    return counts


def found_count(request: HttpRequest, narrowed: QueueFilter, now: datetime, *, tabs: bool = False) -> int:
    """How many a filter found, up to one past COUNT_CAP; of a common word first some are tried, which is enough unless
    the other filters leave few of them."""
    cases, is_all = narrowed.countable
    count = desk_counts(request, cases, now, tabs=tabs)[FOUND]
    if is_all or count > COUNT_CAP:
        return count
    return narrowed.found.order_by().values("pk")[: COUNT_CAP + 1].count()


def _items(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return []
    role, items = role_of(user), []
    if role_may(role, Act.ENTER):
        items.append(_item(request, _("Type in"), reverse("complaints:intake")))
    if sees_cases(user):
        items += _queue_items(request, user)
    for entry in NAVIGATION:
        if entry.is_for(role):
            items.append(_item(request, str(entry.label), reverse(entry.url_name)))
    if user.is_staff:
        items.append(_item(request, _("Administration"), reverse("admin:index")))
    return items


def _queue_items(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    queue, counts = reverse("complaints:desk-queue"), desk_counts(request)
    if role_may(role_of(user), Verb.ASSIGN):
        first = _("To verify")
    elif user.agency_id is not None:
        first = _("My agency")
    else:
        first = str(queues_for(user)[0].label)
    items = [_item(request, first, queue, counts["turn"])]
    if "mine" in counts:
        items.append(_item(request, _("Mine"), f"{queue}?handler=me", counts["mine"]))
    items.append(_item(request, _("Overdue"), f"{queue}?overdue=on", counts["overdue"]))
    items.append(_item(request, _("All cases"), f"{queue}?queue=all"))
    return items


def _item(request: HttpRequest, label: str, url: str, count: int | None = None) -> dict[str, Any]:
    here = request.get_full_path()
    return {
        "url": url,
        "label": label,
        "count": None if count is None else show_count(count, NAV_CAP),
        "is_current": here == url,
    }
