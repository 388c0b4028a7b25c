"""The desk's navigation, by what the person's role may do."""

from datetime import datetime
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.actors import role_of
from accounts.models import User
from complaints.clock.calendars import Calendars
from complaints.desk.additions import NAVIGATION
from complaints.desk.queues import NAV_CAP, count_kept, count_tabs, queues_for, sees_cases, show_count
from complaints.permissions import Act, role_may
from complaints.states import Verb

path_of = cache(reverse)  # of pages that are one each: on every page there are links to ten of them


def desk_nav(request: HttpRequest) -> dict[str, Any]:
    """`desk_nav`: a list of {url, label, count, is_current}; empty on public pages. Asked only when shown."""
    return {"desk_nav": SimpleLazyObject(lambda: _items(request))}


def desk_counts(request: HttpRequest, *, now: datetime | None = None) -> dict[str, int]:
    """What the navigation counts: one query a request, none where `desk_tabs` was asked before."""
    counts: dict[str, int] | None = getattr(request, "desk_counts", None)
    if counts is None:
        assert isinstance(request.user, User)
        counts = request.desk_counts = count_kept(request.user, now or timezone.now())  # type: ignore[attr-defined]
    return counts


def desk_tabs(request: HttpRequest, now: datetime) -> tuple[dict[str, int], Calendars]:
    """The same with the queue's tabs and own lists; and the calendars, in the same query."""
    assert isinstance(request.user, User)
    counts, known = count_tabs(request.user, now)
    request.desk_counts = counts  # type: ignore[attr-defined]
    return counts, known


def _items(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return []
    role, here = role_of(user), request.get_full_path()
    items = []
    if role_may(role, Act.ENTER):
        items.append(_item(here, _("Type in"), path_of("complaints:intake")))
    if sees_cases(user):
        items += _queue_items(request, user, here)
    for entry in NAVIGATION:
        if entry.is_for(role):
            items.append(_item(here, str(entry.label), path_of(entry.url_name)))
    if user.is_staff:
        items.append(_item(here, _("Administration"), path_of("admin:index")))
    return items


def _queue_items(request: HttpRequest, user: User, here: str) -> list[dict[str, Any]]:
    queue, counts = path_of("complaints:desk-queue"), desk_counts(request)
    if role_may(role_of(user), Verb.ASSIGN):
        first = _("To verify")
    elif user.agency_id is not None:
        first = _("My agency")
    else:
        first = str(queues_for(user)[0].label)
    items = [_item(here, first, queue, counts["turn"])]
    if "mine" in counts:
        items.append(_item(here, _("Mine"), f"{queue}?handler=me", counts["mine"]))
    items.append(_item(here, _("Overdue"), f"{queue}?overdue=on", counts["overdue"]))
    items.append(_item(here, _("All cases"), f"{queue}?queue=all"))
    return items


def _item(here: str, label: str, url: str, count: int | None = None) -> dict[str, Any]:
    return {
        "url": url,
        "label": label,
        "count": None if count is None else show_count(count, NAV_CAP),
        "is_current": here == url,
    }
