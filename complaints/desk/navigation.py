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
from complaints.desk.queues import NAV_CAP, count_kept, queues_for, sees_cases, show_count
from complaints.permissions import Act, role_may
from complaints.states import Verb


def desk_nav(request: HttpRequest) -> dict[str, Any]:
    """`desk_nav`: a list of {url, label, count, is_current}; empty on public pages. Asked only when shown."""
    return {"desk_nav": SimpleLazyObject(lambda: _items(request))}


def desk_counts(request: HttpRequest, *, now: datetime | None = None, tabs: bool = False) -> dict[str, int]:
    """What the navigation counts, with the queue's `tabs` and own lists: one query a request."""
    counts: dict[str, int] | None = getattr(request, "desk_counts", None)
    if counts is None:
        assert isinstance(request.user, User)
        counts = count_kept(request.user, now or timezone.now(), tabs=tabs)
        request.desk_counts = counts  # type: ignore[attr-defined]
    return counts


def _items(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return []
    role, here = role_of(user), request.get_full_path()
    items = []
    if role_may(role, Act.ENTER):
        items.append(_item(here, _("Type in"), reverse("complaints:intake")))
    if sees_cases(user):
        items += _queue_items(request, user, here)
    for entry in NAVIGATION:
        if entry.is_for(role):
            items.append(_item(here, str(entry.label), reverse(entry.url_name)))
    if user.is_staff:
        items.append(_item(here, _("Administration"), reverse("admin:index")))
    return items


def _queue_items(request: HttpRequest, user: User, here: str) -> list[dict[str, Any]]:
    queue, counts = reverse("complaints:desk-queue"), desk_counts(request)
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
