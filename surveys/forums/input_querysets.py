"""Who reaches which inputs and findings: the one door, for pages, exports, lists and the services."""

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import AGENCY_ROLES, Role
from complaints.models import ReportedParty
from complaints.states import TERMINAL, State
from surveys.forums.querysets import forums_to_stand_aside_from


def about(user: User) -> Q:
    """What this person stands aside from: they, their agency or one above it are reported parties of the case that
    came of it, an officer marked that it speaks of them, or its forum is about a case from which they stand aside."""
    marks = apps.get_model("surveys", "InputMark").objects.filter(user=user.pk, cleared_at=None)
    against = ReportedParty.objects.against(user).order_by()
    return (
        Q(pk__in=marks.values("input"))
        | Q(complaint__in=against.values("complaint"), complaint__isnull=False)
        | Q(forum__in=forums_to_stand_aside_from(user), forum__isnull=False)
    )


class InputQuerySet(models.QuerySet[Any]):
    """`visible_to` is for the desk. What everybody may read is `public`."""

    def visible_to(self, actor: Actor) -> Self:
        """The inputs in the scope of `actor`: a supervisor's all; an agency's those for it and those of its forums, a
        head's also of the agencies below; a verifier's those that no agency has; a clerk's those they entered."""
        role = role_of(actor)
        if role == Role.SYSTEM:
            return self.all()
        if not isinstance(actor, User):
            return self.none()
        if role == Role.SUPERVISOR:
            return self.not_about(actor)
        if role == Role.VERIFIER:
            return self.filter(agency=None).not_about(actor)
        if role == Role.CLERK:
            return self.filter(entered_by=actor).not_about(actor)
        if role in AGENCY_ROLES:
            scope = actor.agency_scope
            return self.filter(Q(agency__in=scope) | Q(forum__agency__in=scope)).not_about(actor)
        return self.none()

    def not_about(self, user: User) -> Self:
        found = self.model._default_manager.filter(about(user)).order_by()
        return self.exclude(pk__in=found.values("pk"))

    def public(self) -> Self:
        """Of threads and meetings, what is shown; hidden ones too, of which the page shows only that and why."""
        return self.filter(forum__isnull=False).exclude(visibility="pending")

    def waiting(self) -> Self:
        """Without an answer."""
        return self.filter(state="waiting")

    def overdue(self, now: datetime) -> Self:
        return self.waiting().filter(due_at__lt=now)

    def cases_ended(self) -> Self:
        """Became a report that is answered or over, and nobody who took part was told so yet: not at all, or not since
        the answer was disputed and there is another. One that was merged ends with the report that it follows."""
        over = sorted((TERMINAL - {State.MERGED}) | {State.RESOLVED})
        alone = Q(complaint__state__in=over) & (
            Q(case_told_at=None) | Q(case_told_at__lt=F("complaint__ended_at"))
        )
        merged = Q(complaint__state=State.MERGED, complaint__merged_into__state__in=over) & (
            Q(case_told_at=None) | Q(case_told_at__lt=F("complaint__merged_into__ended_at"))
        )
        return self.filter(alone | merged, state="case")

    def needing_action(self, now: datetime) -> Self:
        """What the sweep has to look at, oldest first."""
        return self.filter(next_action_at__lte=now).order_by("next_action_at", "id")


class FindingQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the agencies in scope, but none that holds an input from which `actor` stands aside."""
        role = role_of(actor)
        if role == Role.SYSTEM:
            return self.all()
        if not isinstance(actor, User):
            return self.none()
        inputs = apps.get_model("surveys", "ForumInput").objects
        aside = inputs.filter(about(actor), finding__isnull=False).order_by().values("finding")
        rows = self.exclude(pk__in=aside).exclude(
            forum__in=forums_to_stand_aside_from(actor), forum__isnull=False
        )
        if role == Role.SUPERVISOR:
            return rows
        if role in AGENCY_ROLES:
            scope = actor.agency_scope
            return rows.filter(Q(agency__in=scope) | Q(forum__agency__in=scope))
        return self.none()

    def undecided(self) -> Self:
        return self.filter(decided_at=None)
