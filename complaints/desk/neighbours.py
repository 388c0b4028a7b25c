"""The cases around a case on its page: the whole and the parts of a shared one, those merged with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.clock.calendars import calendars
from complaints.clock.kept import Kept
from complaints.clock.kept_in_sql import standings
from complaints.clock.words import Remaining, remaining
from complaints.history.timeline import TimelineItem, answers_of
from complaints.models import Complaint
from complaints.permissions import Act, may
from complaints.states import ACTIVE


@dataclass(frozen=True)
class PartLine:
    """The whole or a part of a shared case, as those who work on another share of it see it: no words of its own but
    the answer; `url` is empty for whoever may not open it."""

    case: Complaint
    url: str
    label: str
    officer: str
    left: Remaining
    answer: TimelineItem | None


def neighbours(case: Complaint, actor: User, now: datetime) -> dict[str, Any]:
    """Those in this person's scope, and every share of a shared case for those who work on one."""
    if not (case.parent_id or case.merged_into_id or getattr(case, "has_neighbours", True)):
        return {"merged_into": None, "merged": [], "shares": [], "still_working": ""}
    around = Q(parent=case) | Q(merged_into=case)
    above = [pk for pk in (case.parent_id, case.merged_into_id) if pk]
    seen = Complaint.objects.visible_to(actor).filter(around | Q(pk__in=above)).select_related("agency")
    rows = list(seen.defer("description", "policy").order_by("received_at", "pk"))
    shares = _shares(case)
    reachable = _reachable(shares, actor)
    reads = may(actor, Act.READ_STAFF, case)
    kept = standings(shares, now)
    return {
        "merged_into": next((row for row in rows if row.pk == case.merged_into_id), None),
        "merged": [row for row in rows if row.merged_into_id == case.pk],
        "shares": [
            _line(share, share.pk in reachable, reads, now, kept)
            for share in shares
            if reads or share.pk in reachable
        ],
        "still_working": _still_working(share for share in shares if share.parent_id == case.pk),
    }


def _shares(case: Complaint) -> list[Complaint]:
    """The parts of a whole; of a part the whole and the others."""
    whole = case.parent_id or case.pk
    family = Complaint.objects.filter(Q(pk=whole) | Q(parent=whole)).exclude(pk=case.pk)
    # As the system: each agency sees its own share only, and has to know where the others are.
    return list(family.select_related("agency", "handler").defer("description", "policy").order_by("pk"))


def _reachable(shares: list[Complaint], actor: User) -> set[int]:
    if not shares:
        return set()
    keys = [share.pk for share in shares]
    return set(Complaint.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))


def _line(
    share: Complaint, is_reachable: bool, reads: bool, now: datetime, kept: dict[int, Kept]
) -> PartLine:
    answers = answers_of(share) if reads else []
    return PartLine(
        case=share,
        url=reverse("complaints:case-detail", args=[share.number]) if is_reachable else "",
        label=_("Leads") if share.parent_id is None else _("Part"),
        officer=str(share.handler) if share.handler and reads else "",
        left=remaining(share, calendars().of(share.agency_id), now, kept),
        answer=answers[-1] if answers else None,
    )


def _still_working(parts: Any) -> str:
    """Why the lead cannot be answered yet: "Dinas X still works on part KPG-…"; "" when it can."""
    words = _("%(agency)s still works on part %(number)s.")
    nobody = _("Part %(number)s waits for the verifiers.")
    return " ".join(
        (words if part.agency else nobody)
        % {"agency": part.agency.local_name if part.agency else "", "number": part.number}
        for part in parts
        if part.state in ACTIVE
    )
