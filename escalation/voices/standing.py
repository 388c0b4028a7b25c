"""What supervisors see of inputs: a line an agency, the late ones by their day, what nobody watches."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from accounts.models import Agency, User
from escalation.voices.watching import unwatched_inputs
from surveys.forums.models import ForumInput

MOST = 50


def by_agency(user: User, now: datetime) -> list[dict[str, Any]]:
    late = Q(state="waiting", due_at__lt=now)
    rows = (
        ForumInput.objects.visible_to(user)
        .filter(parent=None)
        .order_by()
        .values("agency")
        .annotate(
            count=Count("pk"),
            waiting=Count("pk", filter=Q(state="waiting")),
            late=Count("pk", filter=late),
            level=Max("level", filter=late),
            oldest=Min("due_at", filter=late),
            declined=Count("pk", filter=Q(state="declined")),
            promised=Count("pk", filter=Q(state="commitment")),
        )
    )
    names = {agency.pk: agency.local_name for agency in Agency.objects.all()}
    found = [row | {"name": names.get(row["agency"], "")} for row in rows]
    return sorted(found, key=lambda row: (-row["late"], -row["waiting"], row["name"]))


def late(user: User, now: datetime) -> list[ForumInput]:
    rows = ForumInput.objects.visible_to(user).overdue(now).select_related("words", "agency", "forum")
    return list(rows.order_by("due_at", "pk")[:MOST])


def unwatched(user: User, now: datetime) -> list[ForumInput]:
    keys = unwatched_inputs(now).order_by().values("pk")
    rows = ForumInput.objects.visible_to(user).filter(pk__in=keys).select_related("words", "agency", "forum")
    return list(rows.order_by("pk")[:MOST])


def hidden(user: User) -> int:
    return int(ForumInput.objects.visible_to(user).filter(visibility="hidden").count())
