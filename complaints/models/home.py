"""The front page's figures, made by the worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HomeFigures(models.Model):
    """One row (key 1): what the front page says of the city, counted at `counted_at`; numbers, no words."""

    figures = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("figures of the home page")
        verbose_name_plural = _("figures of the home page")
