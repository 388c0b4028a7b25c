"""The printed minutes of a meeting: the row, and where its file lies."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.forums.meetings.models.minutes import Minutes


class PaperState(models.TextChoices):
    WAITING = "waiting", _("being prepared")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")


class MinutesPaper(models.Model):
    """One PDF of published minutes, for everybody. It is made once, and again where words of an objection were taken
    out since; of the same text and head it would be the same. `shown`: how many words and names of objections are in
    it; None where it was printed before this was kept."""

    minutes = models.OneToOneField(Minutes, on_delete=models.PROTECT, related_name="paper")
    state = models.CharField(max_length=20, choices=PaperState.choices, default=PaperState.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    built_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    shown = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("printed minutes")
        verbose_name_plural = _("printed minutes")
        constraints = [
            models.CheckConstraint(condition=~Q(state="ready") | ~Q(sha256=""), name="minutes_paper_has_file")
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="minutes_paper_waiting")
        ]

    @property
    def stored(self) -> str:
        """Under which name the file is kept."""
        return f"documents/minutes-{self.pk}.pdf"
