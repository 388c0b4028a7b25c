"""Which forums somebody may know of: everybody the announced ones, staff those of their line."""

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import AGENCY_ROLES, Role
from complaints.models import ReportedParty
from complaints.models.party import ReportedPartyQuerySet

DRAFT, CANCELLED, HELD = "draft", "cancelled", "held"


def parties_against(user: User) -> ReportedPartyQuerySet:
    """What keeps this person from a forum about a case: what keeps them from the case, but for the head of a unit that
    is complained about by itself, who has to answer for it."""
    rows = ReportedParty.objects.against(user)
    return rows.filter(user__isnull=False) if role_of(user) == Role.AGENCY_HEAD else rows


def forums_to_stand_aside_from(user: User) -> models.QuerySet[Any]:
    """Keys of the forums that are about a case from which this person stands aside."""
    links: models.QuerySet[Any] = apps.get_model("surveys", "Forum").cases.through.objects.all()
    return links.filter(complaint__in=parties_against(user).order_by().values("complaint")).values("forum")


class ForumQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Supervisors see all, an agency's people those that it holds, a head also those of the agencies below;
        nobody one that is about a case from which they stand aside."""
        role = role_of(actor)
        if role == Role.SYSTEM:
            return self.all()
        if not isinstance(actor, User) or role not in AGENCY_ROLES | {Role.SUPERVISOR}:
            return self.none()
        mine = self if role == Role.SUPERVISOR else self.filter(agency_id__in=actor.agency_scope)
        return mine.exclude(pk__in=forums_to_stand_aside_from(actor))

    def public(self) -> Self:
        """What everybody may read: whatever was announced, what was cancelled after that too."""
        return self.exclude(state=DRAFT).exclude(state=CANCELLED, announced_at=None)

    def coming(self, now: datetime) -> Self:
        """Announced, and not over; the next one first."""
        return (
            self.public()
            .filter(ends_at__gt=now)
            .exclude(state__in=[CANCELLED, HELD])
            .order_by("starts_at", "id")
        )

    def past(self, now: datetime) -> Self:
        """Over or cancelled, the latest first."""
        over = Q(ends_at__lte=now) | Q(state__in=[CANCELLED, HELD])
        return self.public().filter(over).order_by("-starts_at", "-id")
