"""What was counted of a round, kept so that pages need not count; and published indices that were typed in."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from surveys.rounds.models import Round
from surveys.salts import salt_field


class RoundResult(models.Model):
    """What the worker counted of a round's answers at `computed_at`, once it had closed.

    `responses`: how many answers counted. `data`: see `counted.py`; `format`: by which rules it was counted,
    so that a version with other rules counts anew. Everything in it can be counted again from the answers.
    """

    round = models.OneToOneField(Round, on_delete=models.CASCADE, primary_key=True, related_name="result")
    computed_at = models.DateTimeField()
    responses = models.PositiveIntegerField()
    is_final = models.BooleanField(default=False)
    format = models.PositiveSmallIntegerField()
    data = models.JSONField()
    lines = models.TextField(
        blank=True
    )  # what each answered, without anything about them; read for the file only
    salt = salt_field()

    class Meta:
        verbose_name = _("result of a survey round")
        verbose_name_plural = _("results of survey rounds")


class PublishedIndex(models.Model):
    """An index that an office has published with its element means, typed in to be counted again.

    `means` and `weighted`: by the key of the element, decimals as text. A row is never changed; a wrong one is
    taken back with a reason, and stays.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("unit that published it"), max_length=150)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_indices",
        verbose_name=_("agency of this city"),
    )
    period = models.CharField(_("period"), max_length=60)
    source = models.CharField(_("where it was published"), max_length=300)
    index = models.DecimalField(
        _("published index"),
        max_digits=6,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(25)), MaxValueValidator(Decimal(100))],
    )
    places = models.PositiveSmallIntegerField(default=2)  # decimals it was published with
    respondents = models.PositiveIntegerField(_("respondents"), null=True, blank=True)
    means = models.JSONField(_("element means"))
    weighted = models.JSONField(_("weighted means, as printed"), default=dict, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_because = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    class Meta:
        ordering = ["-entered_at", "-id"]
        verbose_name = _("published index")
        verbose_name_plural = _("published indices")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True) | ~models.Q(taken_back_because=""),
                name="published_index_taken_back_with_reason",
            )
        ]

    def __str__(self) -> str:
        return self.number
