"""Counts that are kept up, so that a page asks for a few hundred rows and not for a million cases."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.clock.kept import EXCLUDED


class RollUp(models.Model):
    """How many cases of one month fall into one row: of the city, an agency or a place (`scope`), by what they are
    (`dimension`); the whole of the scope has an empty one. Columns add up as in the reports (decision 42)."""

    month = models.DateField()
    scope = models.CharField(max_length=10, blank=True)  # "", agency, area
    scope_code = models.CharField(max_length=60, blank=True)
    dimension = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=60, blank=True)
    received = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    met_target = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    not_yet_due = models.PositiveIntegerField(default=0)
    met_target_extended = models.PositiveIntegerField(default=0)
    late_extended = models.PositiveIntegerField(default=0)
    no_target = models.PositiveIntegerField(default=0)
    standing_still = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    referred = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    lapsed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("kept-up counts")
        verbose_name_plural = _("kept-up counts")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "scope_code", "month", "dimension", "code"], name="roll_up_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.scope}{self.scope_code} {self.dimension}{self.code}"


REASONS = tuple(reason.value for reason in EXCLUDED)
COUNTED = (
    "received",
    "ended",
    "met_target",
    "late",
    "not_yet_due",
    "met_target_extended",
    "late_extended",
    *REASONS,
)


class RollUpStay(models.Model):
    """How many times cases of one month were with an agency, by how they stand (decision 69): of the city, or within an
    agency or a place (`scope`)."""

    month = models.DateField()
    scope = models.CharField(max_length=10, blank=True)  # "", agency, area
    scope_code = models.CharField(max_length=60, blank=True)
    agency = models.CharField(max_length=60)
    stays = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    open_in_time = models.PositiveIntegerField(default=0)
    handed_on = models.PositiveIntegerField(default=0)
    referred = models.PositiveIntegerField(default=0)
    otherwise = models.PositiveIntegerField(default=0)
    standing_still = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    in_time_extended = models.PositiveIntegerField(default=0)
    late_extended = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("kept-up counts of times with agencies")
        verbose_name_plural = _("kept-up counts of times with agencies")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "scope_code", "month", "agency"], name="roll_up_stay_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.scope}{self.scope_code} {self.agency}"


class RollUpMonth(models.Model):
    """When the counts of a month were last made."""

    month = models.DateField(unique=True)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept-up month")
        verbose_name_plural = _("kept-up months")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class RollUpState(models.Model):
    """One row: up to which event the history was looked at, and when."""

    last_event = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("state of the kept-up counts")
        verbose_name_plural = _("state of the kept-up counts")
