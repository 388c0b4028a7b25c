"""What the rules asked of which case, kept so that a page counts and lists it for whoever may see the case."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Agency, User
from complaints.models import Complaint
from surveys.salts import salt_field


class Signal(models.TextChoices):
    """In the order of `rules.RULES`."""

    ASKED_BEFORE_DUE = "asked_before_due", _("Question just before the promised day")
    PASSED_AROUND = "passed_around", _("Passed from agency to agency")
    ANSWERED_IN_BULK = "answered_in_bulk", _("Answered in bulk")
    CORRECTED_FOR_TIME = "corrected_for_time", _("Kind or category changed late, with more time")
    EXTENDED_TOO_LATE = "extended_too_late", _("More time given after the promised day")
    ANSWERED_ALIKE = "answered_alike", _("The same answer to many")
    DISPUTED_AFTER_HASTE = "disputed_after_haste", _("Disputed after an answer within the hour")
    NEVER_PROMISED = "never_promised", _("No promise ever ran")
    ANSWERED_EMPTILY = "answered_emptily", _("First answer without content")


class LookQuerySet(models.QuerySet["SignalLook"]):
    def visible_to(self, actor: Actor) -> "LookQuerySet":
        return self.filter(Exists(Complaint.objects.visible_to(actor).filter(pk=OuterRef("complaint"))))


class SignalLook(models.Model):
    """One thing of which a rule asked whether it is a sign, and what it found."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="+")
    quarter = models.DateField()  # the first day of the one in which the case was received
    signal = models.CharField(max_length=30, choices=Signal.choices)
    at = models.DateTimeField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    is_sign = models.BooleanField()

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look for a sign")
        verbose_name_plural = _("looks for signs")
        indexes = [
            models.Index(fields=["quarter", "signal", "agency"], name="look_by_signal"),
            models.Index(
                fields=["quarter", "signal", "-at", "-id"], condition=Q(is_sign=True), name="look_sign"
            ),
        ]


class SignalCount(models.Model):
    """When the cases of a quarter were gone through last."""

    quarter = models.DateField(primary_key=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("count of signs")
        verbose_name_plural = _("counts of signs")


class Standing(models.TextChoices):
    """How an agency stands to a sign that it was asked about."""

    ANSWERED = "answered", _("Answered in time")
    LATE = "late", _("Answered late")
    WAITING = "waiting", _("Answer awaited")
    NOT_ANSWERED = "not_answered", _("Not answered in time")


class StandingSign(models.Model):
    """A sign of a quarter that stands at an agency, which is asked once what it says to it (decision 70)."""

    quarter = models.DateField()
    signal = models.CharField(max_length=30, choices=Signal.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()  # the last day on which an answer is in time
    salt = salt_field()

    class Meta:
        verbose_name = _("sign that an agency is asked about")
        verbose_name_plural = _("signs that agencies are asked about")
        constraints = [
            models.UniqueConstraint(fields=["quarter", "signal", "agency"], name="standing_sign_once")
        ]

    def standing(self, first_answered_on: date | None, today: date) -> Standing:
        """By the day of the first answer; None where there is none."""
        if first_answered_on is None:
            return Standing.WAITING if today <= self.due_on else Standing.NOT_ANSWERED
        return Standing.ANSWERED if first_answered_on <= self.due_on else Standing.LATE


class SignAnswer(models.Model):
    """What an agency says to a sign, and of how many of how many its head read then. A later one adds to it."""

    sign = models.ForeignKey(StandingSign, on_delete=models.PROTECT, related_name="answers", db_index=False)
    number = models.PositiveSmallIntegerField()  # 1, 2, …
    words = models.TextField()
    signs = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        verbose_name = _("answer to a sign")
        verbose_name_plural = _("answers to signs")
        constraints = [models.UniqueConstraint(fields=["sign", "number"], name="sign_answer_number")]
