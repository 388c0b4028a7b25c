"""Sums over all cases, so that a supervisor's page asks for a row and not for a million cases."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OversightSums(models.Model):
    """What was counted at `counted_at`, when `last_event` was the newest: of the open cases (`name` "city"), or of
    those received in a period ("year", …: from `first` to `last`). Without the cases `set_aside`, by key: somebody
    stands aside from them, so each reader has those added that they see."""

    name = models.CharField(max_length=20, unique=True)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    sums = models.JSONField()
    set_aside = models.JSONField(default=list)
    last_event = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sums for the supervisors")
        verbose_name_plural = _("sums for the supervisors")

    def __str__(self) -> str:
        return self.name
