"""What recommendations and commitments have in common: an agency owes something by a day, the sweep watches
it, and each step is a row that nobody changes."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES, Role
from complaints.models import Attachment, ReportedParty
from complaints.models.event import AppendOnly
from complaints.models.party import ReportedPartyQuerySet
from escalation.ladder.models import Level


class StepKind(models.TextChoices):
    """Everything that can have happened to what an agency owes."""

    MADE = "made", _("made")
    ANSWERED = "answered", _("answered")
    REPORTED = "reported", _("reported as done")
    RETURNED = "returned", _("given back")
    JUDGED = "judged", _("judged")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REMINDED = "reminded", _("reminder: due soon")
    RAISED = "raised", _("raised")
    HANDED_OVER = "handed_over", _("handed over: the agency was closed")
    WAITING = "waiting", _("reminder: waiting for a judgement")


def parties_against(user: User) -> ReportedPartyQuerySet:
    """What keeps this person from whatever rests on a case: the same as from the case itself, but for the head of a
    unit that is complained about by itself, who has to answer for it."""
    rows = ReportedParty.objects.against(user)
    return rows.filter(user__isnull=False) if role_of(user) == Role.AGENCY_HEAD else rows


class ObligationQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Supervisors see all, an agency's people those of their own agency, a head also of those below; nobody
        what rests on a case from which they stand aside (`parties_against`). Counts and lists, pages, files and
        mails all ask here.
        """
        role = role_of(actor)
        if role == Role.SYSTEM:
            return self.all()
        if not isinstance(actor, User):
            return self.none()
        if role == Role.SUPERVISOR:
            return self._not_about(actor)
        if role in AGENCY_ROLES:
            return self.filter(agency_id__in=actor.agency_scope)._not_about(actor)
        return self.none()

    def public_to(self, actor: Actor) -> Self:
        """All, for lists of what is public anyway; but to a person none that rests on a case from which they stand
        aside."""
        return self._not_about(actor) if isinstance(actor, User) else self.all()

    def _not_about(self, user: User) -> Self:
        rows, against = self, parties_against(user).order_by().values("complaint")
        for path in self.model.RESTS_ON:
            rows = rows.exclude(**{f"{path}__in": against})
        return rows

    def needing_action(self, now: datetime) -> Self:
        """What the sweep has to look at, oldest first."""
        return self.filter(next_action_at__lte=now).order_by("next_action_at", "id")


class Obligation(models.Model):
    """Something an agency owes. `due_on` is its last day in the city's time; the sweep reads `next_action_at`.

    `level` is the highest level that was told that it is overdue, 0 for none; `round` counts how often it was
    given back, so that each round has reminders of its own.
    """

    RESTS_ON: ClassVar[tuple[str, ...]]  # the ways to the cases behind it

    number = models.CharField(_("number"), max_length=20, unique=True, db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="%(class)ss", db_index=False)
    due_on = models.DateField(_("due"))
    next_action_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0, choices=[(0, "–"), *Level.choices])
    round = models.PositiveSmallIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The one-time secret of the form: the same form sent twice makes one row.
    idempotency_key = models.CharField(max_length=32, unique=True, db_index=False)
    sweep_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["next_action_at", "id"],
                condition=models.Q(next_action_at__isnull=False),
                name="%(class)s_sweep",
            ),
            models.Index(fields=["agency", "due_on", "id"], name="%(class)s_agency"),
        ]

    def __str__(self) -> str:
        return self.number


class StepQuerySet(models.QuerySet[Any]):
    def update(self, **values: Any) -> int:
        raise AppendOnly("steps are never changed")

    def delete(self) -> Any:
        raise AppendOnly("steps are never deleted")


class Step(models.Model):
    """One thing that happened, who did it and in which words. Rows are only added."""

    kind = models.CharField(max_length=20, choices=StepKind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    words = models.TextField(blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("steps are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("steps are never deleted")


class Evidence(models.Model):
    """A file that shows what was done. The attachment belongs to no case and, without a draft's digest, is
    no draft that the tidying takes away."""

    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["id"]
