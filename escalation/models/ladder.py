"""The ladder: dated rules, and one row for each time a case was raised."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import AGENCY_ROLES, Actor, role_of
from complaints.models import Complaint
from complaints.models.catalogue import Kind
from complaints.models.policy import UnitChoice


class Level(models.IntegerChoices):
    AGENCY_HEAD = 1, _("Agency head")
    INSPECTORATE = 2, _("Inspectorate or city secretary")
    OMBUDSMAN = 3, _("Ombudsman")


class Trigger(models.TextChoices):
    """Why a case is raised."""

    BREACH = "breach", _("target missed")
    DISPUTED = "disputed", _("answer disputed")
    HANDED_BACK = "handed_back", _("handed back again and again")
    UNACKNOWLEDGED = "unacknowledged", _("escalation not acknowledged")
    OVERSIGHT_KIND = "oversight_kind", _("oversight complaint")


class EscalationRule(models.Model):
    """From a day on: this trigger raises cases of this kind (empty: any) to this level."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, blank=True)
    trigger = models.CharField(_("trigger"), max_length=20, choices=Trigger.choices)
    # How often or how long, where the trigger counts: times handed back, or units past the target.
    amount = models.PositiveSmallIntegerField(_("amount"), default=0)
    unit = models.CharField(
        _("unit"), max_length=20, choices=UnitChoice.choices, default=UnitChoice.WORKING_DAYS
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    acknowledge_amount = models.PositiveSmallIntegerField(_("time to acknowledge"), default=3)
    acknowledge_unit = models.CharField(
        _("unit of that time"), max_length=20, choices=UnitChoice.choices, default=UnitChoice.WORKING_DAYS
    )
    valid_from = models.DateField(_("in force from"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["trigger", "level", "-valid_from"]
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "trigger", "level", "amount", "valid_from"], name="escalation_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()} → {self.get_level_display()}"


class EscalationState(models.TextChoices):
    RAISED = "raised", _("raised")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    DECIDED = "decided", _("decided")
    LIFTED = "lifted", _("lifted")


class Decision(models.TextChoices):
    INSTRUCT = "instruct", _("instruct the agency")
    EXTEND = "extend", _("extend the target")
    REASSIGN = "reassign", _("take away and reassign")
    REFER = "refer", _("refer to another body")
    UNFOUNDED = "unfounded", _("unfounded")


def levels_of(actor: Actor) -> tuple[int, ...]:
    """The rungs on which somebody decides: an agency's people on their own, the others on all."""
    return (Level.AGENCY_HEAD,) if role_of(actor) in AGENCY_ROLES else tuple(Level)


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of cases in scope; an agency head has their own rung only."""
        cases = Complaint.objects.visible_to(actor).values("pk")
        return self.filter(complaint__in=cases, level__in=levels_of(actor))

    def open(self) -> Self:
        """Raised or acknowledged: somebody still has to decide."""
        return self.filter(state__in=[EscalationState.RAISED, EscalationState.ACKNOWLEDGED])


class Escalation(models.Model):
    """A case raised to a level. A row, not a state of the case; the unique row makes it exactly-once."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    trigger = models.CharField(max_length=20, choices=Trigger.choices)
    # What set it off: the stage and cycle missed, the count of hand-backs, the escalation not acknowledged.
    cause = models.CharField(max_length=60)
    rule = models.ForeignKey(EscalationRule, on_delete=models.PROTECT, null=True, db_index=False)
    state = models.CharField(max_length=20, choices=EscalationState.choices, default=EscalationState.RAISED)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    lifted_at = models.DateTimeField(null=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "level", "trigger", "cause"], name="escalation_exactly_once"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="escalation_level_1_to_3"),
        ]
        indexes = [
            models.Index(
                fields=["level", "due_at", "id"],
                condition=Q(state__in=["raised", "acknowledged"]),
                name="escalation_open",
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.state in (EscalationState.RAISED, EscalationState.ACKNOWLEDGED)
