"""Who works on how much: the open cases of an agency and those below it, by who handles them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Absence, User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.desk.next_case import list_address
from complaints.models import Complaint
from complaints.states import PAUSED

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Load:
    """What lies with one person, or with nobody yet (`key` 0)."""

    name: str
    agency: str
    key: int = 0
    is_away: bool = False
    open: int = 0
    overdue: int = 0
    soon: int = 0
    waiting: int = 0

    @property
    def url(self) -> str:
        return list_address(f"handler={self.key}" if self.key else "unassigned=on")

    @property
    def overdue_url(self) -> str:
        return f"{self.url}&overdue=on"


def workload(actor: User, now: datetime) -> list[Load]:
    """Of the actor's agency and those below it, who has nothing too; the fullest first, and last what lies with nobody
    yet. Three queries."""
    counted = _counts(actor, now)
    people = User.objects.filter(agency_id__in=actor.agency_scope, role=Role.OFFICER, is_active=True)
    people = people.select_related("agency").order_by("name")
    away = set(Absence.objects.on(day_of(now)).values_list("user_id", flat=True))
    rows = [_load(each, each.pk in away, counted.pop(each.pk, {})) for each in people]
    rows.sort(key=lambda row: (-row.overdue, -row.open))
    rest: Counter[str] = Counter()
    for row in counted.values():
        rest.update(row)
    return [*rows, Load(_("Nobody yet"), "", **_numbers(rest))]


def _load(user: User, is_away: bool, counts: Mapping[str, int]) -> Load:
    agency = user.agency.short_name if user.agency else ""
    return Load(user.name, agency, user.pk, is_away, **_numbers(counts))


def _numbers(counts: Mapping[str, int]) -> Any:
    return {name: counts.get(name, 0) for name in ("open", "overdue", "soon", "waiting")}


def _counts(actor: User, now: datetime) -> dict[int, dict[str, int]]:
    """By the key of the handler; 0 for none, or one who is there no longer."""
    cases = (
        Complaint.objects.visible_to(actor).active().filter(agency_id__in=actor.agency_scope, is_live=True)
    )
    asked = Q(state__in=sorted(PAUSED))
    sums: dict[str, Any] = {
        "open": Count("pk"),
        "overdue": Count("pk", filter=Q(due_at__lt=now)),
        "soon": Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + SOON) & ~asked),
        "waiting": Count("pk", filter=asked),
    }
    rows = cases.order_by().values("handler_id").annotate(**sums)
    return {row.pop("handler_id") or 0: row for row in rows}
