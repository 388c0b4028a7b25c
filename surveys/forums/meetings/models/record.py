"""What belongs to a forum besides people and minutes: its steps, its photos and the times that hold for it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models import Attachment
from complaints.models.event import AppendOnly
from surveys.forums.models import Forum

LONGEST = 60


def days_field(label: Any, default: int) -> Any:
    limits = [MinValueValidator(1), MaxValueValidator(LONGEST)]
    return models.PositiveSmallIntegerField(label, default=default, validators=limits)


class ForumPolicy(models.Model):
    """How many working days each step of the minutes may take, from a day on. No law counts them
    (Permenpan-RB 16/2017 names the steps): these are the city's own. Minutes keep those of the day of the meeting."""

    valid_from = models.DateField(_("valid from"), unique=True)
    draft_days = days_field(_("until the minutes are written"), 5)
    objection_days = days_field(_("for objections by those present"), 7)
    signing_days = days_field(_("until both sides have signed"), 5)
    publishing_days = days_field(_("until they are published"), 3)

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("times for minutes")
        verbose_name_plural = _("times for minutes")

    def __str__(self) -> str:
        return str(self.valid_from)

    @classmethod
    def on(cls, day: date) -> "ForumPolicy":
        """What holds on this day; the defaults where nothing was set."""
        return cls.objects.filter(valid_from__lte=day).order_by("-valid_from").first() or cls(valid_from=day)


class ForumStepKind(models.TextChoices):
    MADE = "made", _("prepared")
    ANNOUNCED = "announced", _("announced")
    CHANGED = "changed", _("changed")
    MOVED = "moved", _("moved")
    OPENED = "opened", _("opened")
    HELD = "held", _("closed: it was held")
    CANCELLED = "cancelled", _("cancelled")
    INVITED = "invited", _("invitations sent")
    LIST_TYPED = "list_typed", _("attendance list typed in")
    PHOTOS = "photos", _("photos added")
    DRAFTED = "drafted", _("minutes written")
    CIRCULATED = "circulated", _("minutes open to objections")
    OBJECTED = "objected", _("objection to the minutes")
    OBJECTION_ANSWERED = "objection_answered", _("objection answered")
    NAMED = "named", _("representative of the public named")
    SIGNED = "signed", _("signed")
    PUBLISHED = "published", _("minutes published")
    REMINDED = "reminded", _("reminder")
    RAISED = "raised", _("raised to the next level")
    HANDED_OVER = "handed_over", _("handed over: the agency was closed")


class ForumStep(models.Model):
    """One thing that happened to a forum and who did it. Rows are only added; `data` names nobody."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=ForumStepKind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("steps are never changed")
        super().save(*args, **kwargs)


class ForumPhoto(models.Model):
    """A picture of the meeting. The attachment belongs to no case; it is public once somebody has ticked that nobody
    is shown who would mind."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="photos")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("what it shows"), max_length=150, blank=True)
    is_public = models.BooleanField(_("may be shown to everybody"), default=False)

    class Meta:
        ordering = ["id"]
