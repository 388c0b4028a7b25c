"""Puts right as what a case was filed: its kind and category, and with them what it was promised (decision 38)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.clock.city_time import day_of
from complaints.clock.deadlines import Clockwork, moves_told, policy_for
from complaints.models import Category, Complaint, EventKind
from complaints.services.change import Change, NotPossible, finish
from complaints.states import ACTIVE, OVERSIGHT


def reclassify(change: Change, *, kind: str = "", category: Category | None = None) -> dict[str, Any]:
    """Corrects kind and category inside a change, where they are others; the promise becomes what it would have
    been, and the parts of a shared case go along.

    Returns what the change's event has to say: codes, what moved from when to when, the policy from now on.
    NotPossible when nothing was promised for that kind when the case came, or when another agency works on a part
    and may not know of an oversight complaint. A part is never corrected by itself (`assign`).
    """
    case = change.case
    data: dict[str, Any] = {}
    if category is not None and category.pk != case.category_id:
        data["category"] = category.code
        case.category = category
    if kind and kind != case.kind:
        data |= {"kind": kind, "kind_before": str(case.kind)}
        case.kind = kind
    if not data:
        return {}
    parts = list(case.children.order_by("pk"))
    if case.kind == OVERSIGHT and any(part.state in ACTIVE for part in parts):
        raise NotPossible(_("Other agencies still work on a part of it."))
    told = data | _promise_anew(change)
    for part in parts:
        _correct_part(change, part, data)
    return told


def _promise_anew(change: Change) -> dict[str, Any]:
    """The policy of the day on which the case came, for what it is now."""
    case = change.case
    try:
        policy = policy_for(case.kind, case.category_id, day_of(case.received_at))
    except LookupError:
        raise NotPossible(_("Nothing was promised for this kind of report when it came.")) from None
    if policy == case.policy:
        return {}
    moved = change.clockwork.correct(policy, change.now)
    return moves_told(change.clockwork, moved) | {"policy": policy}


def _correct_part(change: Change, part: Complaint, data: dict[str, Any]) -> None:
    """Of what is over only the words change: who may read it goes by them."""
    other = Change(part, change.actor, change.now, Clockwork.load(part))
    part.kind, part.category = change.case.kind, change.case.category
    moved = _promise_anew(other) if part.state in ACTIVE else {}
    other.event(EventKind.CORRECTED, data=data | moved)
    finish(other)
