"""What people write on a report while it is prepared: remarks beside figures, sentences in other words; and who wants
to hear when one comes out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.publication.models.report import LANGUAGES, Report
from surveys.forums.models import Contact


class Remark(models.Model):
    """A reader's remark beside a figure. It is answered by who prepares the report, or settled by who made it; until
    then the report is not reviewed. `is_public`: printed beside the figure with its answer."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        ANSWERED = "answered", _("answered")
        SETTLED = "settled", _("settled")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="remarks")
    figure = models.CharField(_("figure"), max_length=60)
    text = models.TextField(_("remark"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_public = models.BooleanField(_("printed in the report, with its answer"), default=False)
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("remark on a report")
        verbose_name_plural = _("remarks on reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="remark_answered_with_words",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | ~Q(answer=""), name="remark_public_with_answer"
            ),
        ]


class SentenceEdit(models.Model):
    """A sentence of the summary in other words. `made_from`: what the figures said by themselves when it was written,
    so that words about other figures do not stay."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="edits", db_index=False)
    language = models.CharField(max_length=2, choices=[(each, each) for each in LANGUAGES])
    key = models.CharField(max_length=60)
    text = models.TextField(_("sentence"))
    made_from = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "language", "key"], name="report_sentence_once")
        ]


class Comparison(models.Model):
    """What counting a report again would give: `lines` in each language, empty where all is the same."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="comparison")
    at = models.DateTimeField()
    lines = models.JSONField(default=dict)


class Subscription(models.Model):
    """Somebody who wants a mail when a report is published or withdrawn; from the moment they confirmed."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="report_subscription")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
