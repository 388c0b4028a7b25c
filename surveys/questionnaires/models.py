"""What is asked: a survey, its versions, their sections and questions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.catalogue import Bilingual


class Element(models.TextChoices):
    """The nine elements of the national satisfaction survey (Permenpan-RB 14/2017), by key: offices number the
    last two both ways round."""

    REQUIREMENTS = "requirements", _("Requirements")
    PROCEDURE = "procedure", _("System, mechanism and procedure")
    TIME = "time", _("Completion time")
    COST = "cost", _("Cost or tariff")
    PRODUCT = "product", _("Product of the service")
    COMPETENCE = "competence", _("Competence of staff")
    BEHAVIOUR = "behaviour", _("Behaviour of staff")
    COMPLAINTS = "complaints", _("Handling of complaints, suggestions and input")
    FACILITIES = "facilities", _("Facilities")


class Survey(Bilingual):
    """A questionnaire with a name, such as the national satisfaction survey."""

    class Purpose(models.TextChoices):
        NATIONAL = "national", _("National satisfaction survey")
        AFTER_CASE = "after_case", _("After a report has ended")
        OTHER = "other", _("Survey of the city's own")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.OTHER)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name_id"]
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")


class SurveyVersion(models.Model):
    """One wording of a survey. From `published_at` on nothing in it changes; another wording is another version."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    intro_id = models.TextField(_("introduction (Indonesian)"), blank=True)
    intro_en = models.TextField(_("introduction (English)"), blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of what is asked, once it is published

    class Meta:
        ordering = ["survey", "-number"]
        verbose_name = _("version of a survey")
        verbose_name_plural = _("versions of surveys")
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once"),
            models.UniqueConstraint(
                fields=["survey"], condition=Q(published_at=None), name="survey_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.number}"


class Section(Bilingual):
    """Questions that are asked together, on a page of their own."""

    version = models.ForeignKey(SurveyVersion, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("position"))
    # About the respondent: groups are made by these, and they are in no index.
    is_profile = models.BooleanField(_("about the respondent"), default=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")


class Question(models.Model):
    """A question. `options` of scales and choices: [{"value": "1", "id": "Tidak sesuai", "en": "Not suitable"}, …];
    a scale has four, from 1, the worst, to 4."""

    class Type(models.TextChoices):
        SCALE = "scale", _("scale of four steps")
        CHOICE = "choice", _("one of several")
        CHOICES = "choices", _("several of several")
        YES_NO = "yes_no", _("yes or no")
        NUMBER = "number", _("number")
        TEXT = "text", _("text")
        SERVICE = "service", _("which of the unit's services")

    WITH_OPTIONS: ClassVar[frozenset[str]] = frozenset({Type.SCALE, Type.CHOICE, Type.CHOICES})

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.SlugField(_("key"), max_length=40)  # once a version; answers stand under it
    type = models.CharField(_("type"), max_length=10, choices=Type.choices)
    element = models.CharField(_("element"), max_length=20, choices=Element.choices, blank=True)
    text_id = models.TextField(_("question (Indonesian)"))
    text_en = models.TextField(_("question (English)"), blank=True)
    help_id = models.TextField(_("explanation (Indonesian)"), blank=True)
    help_en = models.TextField(_("explanation (English)"), blank=True)
    options = models.JSONField(_("answers to choose from"), default=list, blank=True)
    minimum = models.IntegerField(_("least"), null=True, blank=True)
    maximum = models.IntegerField(_("most"), null=True, blank=True)
    is_required = models.BooleanField(_("has to be answered"), default=False)
    # Shown only where the question with this key was answered with one of these values.
    show_if_key = models.CharField(_("shown only after"), max_length=40, blank=True)
    show_if_values = models.JSONField(_("with one of the answers"), default=list, blank=True)

    class Meta:
        ordering = ["section", "position", "id"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=Q(element="") | Q(type="scale"), name="question_element_is_a_scale"
            )
        ]

    def __str__(self) -> str:
        return self.key
