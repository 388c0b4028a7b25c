"""The running and finished clocks of a case, and the times they stood still."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.clock.arithmetic import Target, Unit
from complaints.models.complaint import Complaint
from complaints.models.policy import OfficeCalendar, Stage, UnitChoice


class Clock(models.Model):
    """One target of one case: when it started, when it falls due, when it was met.

    `due_at` is null while the clock stands still. A stage that starts again gets a new row.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="clocks")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    cycle = models.PositiveSmallIntegerField(default=1)
    calendar = models.ForeignKey(OfficeCalendar, on_delete=models.PROTECT, db_index=False)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20, choices=UnitChoice.choices)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "stage"], condition=Q(stopped_at__isnull=True), name="clock_one_running"
            ),
        ]
        ordering = ["started_at", "id"]

    @property
    def target(self) -> Target:
        return Target(self.amount, Unit(self.unit))

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None


class Pause(models.Model):
    """A time in which the case waited for the citizen and its clocks stood still."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="pause_one_open"
            )
        ]
        ordering = ["started_at"]
