"""An administrator's order to work out deadlines anew after a change of calendar."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency


class DeadlineMove(models.Model):
    """One order. The worker goes through the open cases by key and notes how far it came, so that one that
    dies half-way goes on where it stood; each case has its own event."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("only for agency")
    )
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"))
    after = models.BigIntegerField(default=0)  # the key of the last case that was looked at
    seen = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("recomputation of deadlines")
        verbose_name_plural = _("recomputations of deadlines")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="deadline_move_waiting")
        ]

    def __str__(self) -> str:
        return self.reason
