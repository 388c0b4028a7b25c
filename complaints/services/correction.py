"""Puts right as what a case was filed: title, place and ward, kind and category, and with these what it was promised
(decisions 38 and 86)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from complaints.clock.city_time import day_of
from complaints.clock.deadlines import Clockwork, moves_told, policy_for
from complaints.models import Area, Category, Complaint, EventKind
from complaints.permissions import Act
from complaints.services.change import HISTORY_STAYS, Change, NotPossible, changing, finish
from complaints.states import ACTIVE, OVERSIGHT

WORDS = ("subject", "location")


@dataclass(frozen=True)
class Correction:
    """What the case is, title and place as they shall stand; `area` and `category` None: as they are."""

    subject: str
    location: str
    area: Area | None = None
    category: Category | None = None


def correct(
    pk: int, *, actor: Actor, now: datetime, corrected: Correction, reason: str, version: int | None = None
) -> Complaint:
    """Puts right what the case was filed as, with a reason that its citizen reads.

    NotPossible where nothing would change, for history of another system, and for a part of a shared case, which
    bears what the whole does.
    """
    with changing(pk, actor, Act.CORRECT, now=now, version=version) as change:
        if not change.case.is_live:
            raise NotPossible(HISTORY_STAYS)
        if change.case.parent_id is not None:
            raise NotPossible(
                _("A part bears the title, place and category of the whole. Correct the whole.")
            )
        words = _correct_words(change.case, corrected)
        told: dict[str, Any] = {"words": [name for name in WORDS if name in words]} if words else {}
        told |= _correct_area(change.case, corrected.area)
        data = reclassify(change, category=corrected.category, also=told)
        if not data:
            raise NotPossible(_("Nothing was changed."))
        change.event(EventKind.CORRECTED, data=data, words={"text": reason} | words)
    return change.case


def _correct_words(case: Complaint, corrected: Correction) -> dict[str, str]:
    """What stands there now and what stood there before, for the words of the event: erasing reaches them."""
    words: dict[str, str] = {}
    for name in WORDS:
        before, after = getattr(case, name), getattr(corrected, name)
        if before != after:
            words |= {name: after, f"{name}_before": before}
            setattr(case, name, after)
    return words


def _correct_area(case: Complaint, area: Area | None) -> dict[str, Any]:
    if area is None or area.pk == case.area_id:
        return {}
    before = case.area.code if case.area else ""
    case.area = area
    return {"area": area.code, "area_before": before}


def reclassify(
    change: Change, *, kind: str = "", category: Category | None = None, also: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Corrects kind and category inside a change, where they are others; the promise becomes what it would have
    been, and the parts of a shared case go along. `also`: what else of the case was corrected just now.

    Returns what the change's event has to say: codes, what moved from when to when, the policy from now on.
    NotPossible when nothing was promised for that kind when the case came, or when another agency works on a part
    and may not know of an oversight complaint. A part is never corrected by itself (`assign`).
    """
    case = change.case
    data: dict[str, Any] = dict(also or {})
    if category is not None and category.pk != case.category_id:
        data["category"] = category.code
        case.category = category
    if kind and kind != case.kind:
        data |= {"kind": kind, "kind_before": str(case.kind)}
        case.kind = kind
    if not data:
        return {}
    parts = list(case.children.order_by("pk"))
    if "kind" in data and case.kind == OVERSIGHT and any(part.state in ACTIVE for part in parts):
        raise NotPossible(_("Other agencies still work on a part of it."))
    is_another = "category" in data or "kind" in data
    told = data | (_promise_anew(change) if is_another else {})
    for part in parts:
        _correct_part(change, part, data, is_another)
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


def _correct_part(change: Change, part: Complaint, data: dict[str, Any], is_another: bool) -> None:
    """Of what is over only the words change: who may read it goes by them."""
    other = Change(part, change.actor, change.now, Clockwork.load(part))
    whole = change.case
    part.kind, part.category, part.area = whole.kind, whole.category, whole.area
    part.subject, part.location = whole.subject, whole.location
    moved = _promise_anew(other) if is_another and part.state in ACTIVE else {}
    other.event(EventKind.CORRECTED, data=data | moved)
    finish(other)
