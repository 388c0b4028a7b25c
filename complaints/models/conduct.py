"""By which words a report is taken to complain about an office (complaints/mentions.py): the city chooses them."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ConductPhraseQuerySet(models.QuerySet["ConductPhrase"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)


class ConductPhrase(models.Model):
    """A word or phrase about how somebody behaved. An office that is named near one is asked about first."""

    class Language(models.TextChoices):
        INDONESIAN = "id", _("Indonesian")
        ENGLISH = "en", _("English")

    class About(models.TextChoices):
        MONEY = "money", _("Money and favours")
        TREATMENT = "treatment", _("How people were treated")
        ABSENCE = "absence", _("Not at work")

    phrase = models.CharField(
        _("phrase"),
        max_length=60,
        unique=True,
        help_text=_("As people write it. A * at the end of a word stands for any ending: suap*."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    about = models.CharField(_("about"), max_length=20, choices=About.choices)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(
        _("in force until"), null=True, blank=True, help_text=_("The last day. Empty: until further notice.")
    )

    objects = ConductPhraseQuerySet.as_manager()

    class Meta:
        ordering = ["about", "language", "phrase"]
        verbose_name = _("phrase about conduct")
        verbose_name_plural = _("phrases about conduct")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="conduct_phrase_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.phrase
