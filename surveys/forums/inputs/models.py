"""What stands beside an input: what happened to it, whom it speaks of, the slip it came on, and by when to answer."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Attachment, Complaint
from complaints.models.event import AppendOnly
from surveys.forums.models import Finding, Forum, ForumInput

# What holds while no row of InputTerm is in force.
ANSWER_DAYS, REMIND_DAYS = 14, 3


class InputTerm(models.Model):
    """Within how many working days an input is answered, from a day on. What came earlier keeps its day."""

    valid_from = models.DateField(_("valid from"), unique=True)
    answer_days = models.PositiveSmallIntegerField(_("working days to answer an input"), default=ANSWER_DAYS)
    remind_days = models.PositiveSmallIntegerField(
        _("working days before that, reminder"), default=REMIND_DAYS
    )

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("time to answer inputs")
        verbose_name_plural = _("times to answer inputs")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__gt=models.F("remind_days")), name="input_term_reminds_before"
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.answer_days}"


class StepKind(models.TextChoices):
    """Everything that can have happened to an input, to a finding or to the moderation of a thread."""

    RECEIVED = "received", _("received")
    PASSED_ON = "passed_on", _("given to an agency")
    GATHERED = "gathered", _("gathered under a finding")
    SPLIT = "split", _("taken out of a finding")
    CASE = "case", _("became a report")
    COMMITMENT = "commitment", _("became a promise")
    ANSWERED = "answered", _("answered")
    DECLINED = "declined", _("declined with a reason")
    CASE_ENDED = "case_ended", _("the report that came of it ended")
    KEPT = "kept", _("promise kept")
    BROKEN = "broken", _("promise broken")
    EFFECT = "effect", _("told what came after the promise")
    SHOWN = "shown", _("let through by the moderator")
    HIDDEN = "hidden", _("hidden")
    UNHIDDEN = "unhidden", _("shown again")
    SWITCHED = "switched", _("moderation switched")
    NAMED = "named", _("marked whom it speaks of")
    CLEARED = "cleared", _("mark taken back")
    REMINDED = "reminded", _("reminder: due soon")
    RAISED = "raised", _("raised")
    ERASED = "erased", _("erased")


class StepQuerySet(models.QuerySet[Any]):
    def update(self, **values: Any) -> int:
        raise AppendOnly("steps are never changed")

    def delete(self) -> Any:
        raise AppendOnly("steps are never deleted")


class InputStep(models.Model):
    """One thing that happened, to an input, a finding, or a forum's moderation. Rows are only added."""

    input = models.ForeignKey(ForumInput, on_delete=models.PROTECT, null=True, related_name="steps")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="steps")
    forum = models.ForeignKey(
        Forum, on_delete=models.PROTECT, null=True, related_name="moderation_steps", db_index=False
    )
    kind = models.CharField(max_length=20, choices=StepKind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    words = models.TextField(blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            # The public log of a thread's moderation.
            models.Index(
                fields=["forum", "-id"], condition=Q(forum__isnull=False), name="input_step_moderation"
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("steps are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("steps are never deleted")

    @property
    def is_raised(self) -> bool:
        return self.kind == StepKind.RAISED


class InputMark(models.Model):
    """An officer's mark that an input speaks of somebody who works here. They neither moderate nor answer it."""

    input = models.ForeignKey(ForumInput, on_delete=models.PROTECT, related_name="marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["input", "user"], condition=Q(cleared_at__isnull=True), name="input_mark_once"
            )
        ]


class Slip(models.Model):
    """A slip from a suggestion box or a line of the call centre's list, and what it became."""

    box = models.CharField(_("box or line"), max_length=60)
    batch = models.CharField(_("round of emptying"), max_length=40)
    number = models.CharField(_("number of the slip"), max_length=40)
    input = models.OneToOneField(ForumInput, on_delete=models.PROTECT, null=True, related_name="slip")
    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, null=True, related_name="slip")
    photo = models.OneToOneField(Attachment, on_delete=models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["box", "batch", "number"],
                name="slip_once",
                violation_error_message=_("This slip was entered already."),
            ),
            models.CheckConstraint(
                condition=Q(input__isnull=False, complaint__isnull=True)
                | Q(input__isnull=True, complaint__isnull=False),
                name="slip_became_one_thing",
            ),
        ]
