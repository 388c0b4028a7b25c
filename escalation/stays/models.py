"""Times with agencies, kept so that a page asks for rows and not for the history of each case (docs/decisions/0081)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints.history.turns import How
from complaints.models import Complaint


class KeptStay(models.Model):
    """What `own_times` says of one time that a case was with an agency; `place`: which one of the case's it is."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="stays", db_index=False)
    place = models.PositiveSmallIntegerField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    began_at = models.DateTimeField(null=True)  # None: nobody knows
    until_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=20, blank=True, choices=[(str(how), str(how)) for how in How])
    first_due_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    # Whole seconds of it in which the citizen was asked.
    paused = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("time with an agency")
        verbose_name_plural = _("times with agencies")
        constraints = [models.UniqueConstraint(fields=["complaint", "place"], name="kept_stay_once")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.place}: {self.agency_id}"


class KeptStayState(models.Model):
    """One row: up to which event the history was looked at, and when; by which calendars the promises were counted
    (each with its revision); and, while all cases are gone through, up to which (None: through)."""

    last_event = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField()
    calendars = models.CharField(max_length=200)
    built_to = models.BigIntegerField(null=True)
    built_at = models.DateTimeField()  # when all were gone through, or begun

    class Meta:
        verbose_name = _("state of the times with agencies")
        verbose_name_plural = _("state of the times with agencies")
