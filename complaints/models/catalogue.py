"""What a case can be about: areas, categories, services; and the words offered to staff."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints import states


class Bilingual(models.Model):
    """A row with a name in the two languages of the pages."""

    name_id = models.CharField(_("name (Indonesian)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def in_language(self, field: str) -> str:
        """`field` in the reader's language, in Indonesian where the English is missing."""
        if get_language() == "en" and (text := getattr(self, f"{field}_en")):
            return str(text)
        return str(getattr(self, f"{field}_id"))

    @property
    def name(self) -> str:
        return self.in_language("name")


class Kind(models.TextChoices):
    """The classes of report (Permendagri 8/2023)."""

    COMPLAINT = "complaint", _("Complaint")
    OVERSIGHT = states.OVERSIGHT, _("Oversight complaint")
    ASPIRATION = "aspiration", _("Aspiration")
    INFORMATION = "information", _("Information request")


class Area(models.Model):
    """A city, district (kecamatan) or ward (kelurahan)."""

    class Level(models.TextChoices):
        CITY = "city", _("City")
        DISTRICT = "district", _("District")
        WARD = "ward", _("Ward")

    code = models.CharField(_("code"), max_length=20, unique=True)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return self.name


class Category(Bilingual):
    """What a complaint is about, in words a citizen uses; suggests the agency that answers for it."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.COMPLAINT)
    hint_id = models.TextField(_("explanation (Indonesian)"), blank=True)
    hint_en = models.TextField(_("explanation (English)"), blank=True)
    keywords = models.JSONField(_("routing words"), default=list, blank=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("suggested agency")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    needs_evidence = models.BooleanField(_("resolving needs a file as evidence"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "name_id"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    @property
    def hint(self) -> str:
        return self.in_language("hint")


class Service(Bilingual):
    """A public service with its standard: what a citizen may expect and by when."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="services", verbose_name=_("agency")
    )
    description_id = models.TextField(_("description (Indonesian)"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    requirements_id = models.TextField(_("requirements (Indonesian)"), blank=True)
    requirements_en = models.TextField(_("requirements (English)"), blank=True)
    promised_days = models.PositiveSmallIntegerField(_("promised working days"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name_id"]
        verbose_name = _("service")
        verbose_name_plural = _("services")

    @property
    def description(self) -> str:
        return self.in_language("description")

    @property
    def requirements(self) -> str:
        return self.in_language("requirements")


class RejectReason(Bilingual):
    """Why a verifier may reject, with the words the citizen reads."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    explanation_id = models.TextField(_("explanation (Indonesian)"))
    explanation_en = models.TextField(_("explanation (English)"), blank=True)
    is_senders_own = models.BooleanField(
        _("lies with the sender"),
        default=False,
        help_text=_("Of cases merged into the rejected one the oldest then goes on in its place."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name_id"]
        verbose_name = _("reason for rejecting")
        verbose_name_plural = _("reasons for rejecting")

    @property
    def explanation(self) -> str:
        return self.in_language("explanation")


class StandardReply(Bilingual):
    """Words offered for an answer; placeholders {number} {subject} {agency} {due_date} {citizen}."""

    class Use(models.TextChoices):
        ASK = "ask", _("Question to the citizen")
        RESOLVE = "resolve", _("Answer")
        REJECT = "reject", _("Rejection")
        HAND_BACK = "hand_back", _("Handing back")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    use = models.CharField(_("used for"), max_length=20, choices=Use.choices)
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("only for agency")
    )
    text_id = models.TextField(_("text (Indonesian)"))
    text_en = models.TextField(_("text (English)"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["use", "name_id"]
        verbose_name = _("standard reply")
        verbose_name_plural = _("standard replies")

    @property
    def text(self) -> str:
        return self.in_language("text")
