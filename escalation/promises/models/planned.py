"""What a promise will change in the standard of a service, once it is kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Service
from escalation.promises.models.commitment import Commitment
from surveys.standards.models import OF_SERVICE, Counter, Part, StandardChange


class EffectTold(models.Model):
    """Whoever spoke for a promise was told that its effect can be seen. UNIQUE, so that they hear it once."""

    commitment = models.OneToOneField(
        Commitment, on_delete=models.PROTECT, primary_key=True, related_name="effect_told"
    )
    at = models.DateTimeField()


class PlannedChange(models.Model):
    """One part of a service's standard, or the hours of a counter, with the value that was promised and the day.

    When the promise is judged kept the standard changes, and `made` is the change; where it could not be changed any
    more, `not_made` says so. Nothing else ever writes here.
    """

    commitment = models.OneToOneField(Commitment, on_delete=models.PROTECT, related_name="planned")
    part = models.CharField(_("part"), max_length=20, choices=Part.choices)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, null=True, related_name="+")
    after = models.JSONField()
    starts_on = models.DateField(_("from"))
    made = models.OneToOneField(StandardChange, on_delete=models.PROTECT, null=True, related_name="planned")
    not_made = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("planned change of a standard")
        verbose_name_plural = _("planned changes of standards")
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=OF_SERVICE, service__isnull=False, counter__isnull=True)
                | Q(part=Part.HOURS, service__isnull=True, counter__isnull=False),
                name="planned_change_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(made__isnull=True) | Q(not_made=""), name="planned_change_ends_once"
            ),
        ]
