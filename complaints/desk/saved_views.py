"""Lists of cases that somebody keeps under a name of their own, each with how many are in it."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.desk.filters import QueueFilter
from complaints.desk.next_case import LONGEST, list_address
from complaints.desk.queues import NAV_CAP, cases_in, count_all, queues_for, show_count
from complaints.models import SavedView
from complaints.models.complaint import Complaints
from complaints.services.change import NotPossible

MOST = 12
TOO_MANY = _("You keep as many lists as there is room for. Take one out first.")


def views_of(user: User, now: datetime, here: str) -> list[dict[str, Any]]:
    """As the component tabs takes them; `here` is the list that is open. Two queries."""
    views = list(SavedView.objects.filter(person=user)[:MOST])
    if not views:
        return []
    counts = count_all(user, {f"view_{view.pk}": _found(view.query, user, now) for view in views})
    return [
        {
            "pk": view.pk,
            "url": list_address(view.query),
            "label": view.name,
            "count": show_count(counts[f"view_{view.pk}"], NAV_CAP),
            "is_current": view.query == here,
        }
        for view in views
    ]


def keep_view(user: User, name: str, query: str) -> SavedView:
    """Under a name that is there already it takes the place of that one. NotPossible when there are too many."""
    kept = QueryDict(query[:LONGEST]).urlencode()
    others = SavedView.objects.filter(person=user).exclude(name=name)
    if others.count() >= MOST:
        raise NotPossible(TOO_MANY)
    view, _is_new = SavedView.objects.update_or_create(person=user, name=name, defaults={"query": kept})
    return view


def _found(listing: str, user: User, now: datetime) -> Complaints:
    query = QueryDict(listing)
    queues = queues_for(user)
    queue = next((each for each in queues if each.code == query.get("queue")), queues[0])
    return QueueFilter.of(query, partial(cases_in, queue, user), actor=user, now=now).found
