"""A policy somebody wants to try on a past period. Found, not queued: the worker takes it slice by slice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency


class WhatIfState(models.TextChoices):
    WAITING = "waiting", _("being computed")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be computed")


class WhatIfQuerySet(models.QuerySet["WhatIf"]):
    def waiting(self) -> "WhatIfQuerySet":
        return self.filter(state=WhatIfState.WAITING)


class WhatIf(models.Model):
    """One question and its answer: figures only, no case."""

    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    proposal = models.JSONField(default=dict)  # as docs/what-if.md has it; what differs only
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=WhatIfState.choices, default=WhatIfState.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # of the slice under way
    after = models.BigIntegerField(default=0)  # the key of the last case that was counted
    seen = models.PositiveIntegerField(default=0)
    sums = models.JSONField(default=dict)  # what was added up so far
    result = models.JSONField(default=dict)
    ready_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = WhatIfQuerySet.as_manager()

    class Meta:
        verbose_name = _("trial of a policy")
        verbose_name_plural = _("trials of policies")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_from__lte=models.F("period_to")), name="what_if_period_forward"
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="what_if_waiting"),
            models.Index(fields=["-asked_at", "-id"], name="what_if_newest"),
        ]

    @property
    def title(self) -> str:
        return str(self.proposal.get("title", ""))
