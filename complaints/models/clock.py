"""The running and finished clocks of a case, and the times they stood still."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.clock.arithmetic import Target, Unit
from complaints.models.complaint import Complaint
from complaints.models.policy import OfficeCalendar, Stage, UnitChoice


class Stopped(models.TextChoices):
    """Why a clock stopped. That it stopped does not say that its stage was done."""

    DONE = "done", _("Done")
    HANDED_BACK = "handed_back", _("Handed back by the agency")
    REASSIGNED = "reassigned", _("Taken away by decision")
    STOOD_ASIDE = "stood_aside", _("Taken from whom it is about")
    AGENCY_CLOSED = "agency_closed", _("The agency was closed")
    REJECTED = "rejected", _("Rejected")
    MERGED = "merged", _("Merged")
    REFERRED = "referred", _("Referred")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
    CLOSED = "closed", _("Closed")


class Clock(models.Model):
    """One target of one case: when it started, when it falls due, when and why it stopped.

    `due_at` and `promised_at` are null while the clock stands still. A stage that starts again gets a new row.

    `promised_at` is the first promise made for this round: like the due moment it waits while the citizen was
    asked and goes by the calendar and the targets in force, but what a decision adds moves `due_at` alone.
    `amount` counts `extended_by`, what was added, in.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="clocks")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    cycle = models.PositiveSmallIntegerField(default=1)
    calendar = models.ForeignKey(OfficeCalendar, on_delete=models.PROTECT, db_index=False)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20, choices=UnitChoice.choices)
    started_at = models.DateTimeField()
    extended_by = models.PositiveSmallIntegerField(default=0)
    # What another system had promised, of a case that was taken over: neither target nor calendar moves it.
    given_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=20, choices=Stopped.choices, blank=True, default="")

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "stage"], condition=Q(stopped_at__isnull=True), name="clock_one_running"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_by="")
                | Q(stopped_at__isnull=False) & ~Q(stopped_by=""),
                name="clock_stopped_for_a_reason",
            ),
        ]
        ordering = ["started_at", "id"]

    @classmethod
    def of_case(cls, key: int) -> models.QuerySet["Clock"]:
        """With their calendars."""
        return cls.objects.filter(complaint=key).select_related("calendar")

    @property
    def target(self) -> Target:
        return Target(self.amount, Unit(self.unit))

    @property
    def promised_target(self) -> Target:
        """The target without what decisions added to it."""
        return Target(self.amount - self.extended_by, Unit(self.unit))

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None


class Pause(models.Model):
    """A time in which the case waited for the citizen; its clocks stood still unless it had been asked often enough."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stops_clock = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="pause_one_open"
            )
        ]
        ordering = ["started_at"]


def answer_due(case: Complaint) -> datetime | None:
    """By when the citizen has to answer the question that is open; what falls due next may be the city's."""
    running = Clock.objects.filter(complaint=case, stage=Stage.CITIZEN_ANSWER, stopped_at=None)
    return running.values_list("due_at", flat=True).first()


def runs_on(case: Complaint) -> bool:
    """Whether the citizen is asked, and the time of the city goes on all the same."""
    return Pause.objects.filter(complaint=case, ended_at=None, stops_clock=False).exists()
