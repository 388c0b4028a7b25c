"""What of a report is frozen: the snapshot that was counted, the words that were reviewed, the files made of both.

Snapshots and texts are only added; triggers see to it on both databases (APPEND_ONLY).
"""

from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.event import AppendOnly
from reports.publication.models.report import LANGUAGES, Report

FOLDER = "reports"


def _salt() -> str:
    return token_hex(16)


class OnlyAdded(models.Model):
    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("what was frozen is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("what was frozen is never deleted")


class ReportSnapshot(OnlyAdded):
    """Figures, definitions and rows as they were counted. `face`: what its page shows of them in each language, so that
    nobody unpacks a snapshot to read the page."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="snapshots", db_index=False)
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    face = models.JSONField()
    counted_at = models.DateTimeField()
    salt = models.CharField(max_length=32, default=_salt)

    class Meta:
        verbose_name = _("snapshot of a report")
        verbose_name_plural = _("snapshots of reports")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_snapshot_once")]


class SnapshotPiece(OnlyAdded):
    """A part of a snapshot's JSON as it was packed, from 0 on; all of them, one after the other, are one stream, of
    brotli or in earlier ones of gzip, whose content has the snapshot's digest. No value is large, so none of a large
    city has to be in memory."""

    snapshot = models.ForeignKey(
        ReportSnapshot, on_delete=models.PROTECT, related_name="pieces", db_index=False
    )
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("piece of a snapshot")
        verbose_name_plural = _("pieces of snapshots")
        ordering = ["snapshot", "number"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "number"], name="snapshot_piece_once")]


class ReportText(OnlyAdded):
    """The words as they were reviewed: one spelling in JSON, whose SHA-256 is in the ledger when it is published."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="texts", db_index=False)
    number = models.PositiveSmallIntegerField()
    snapshot = models.ForeignKey(ReportSnapshot, on_delete=models.PROTECT, related_name="+", db_index=False)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reviewed words of a report")
        verbose_name_plural = _("reviewed words of reports")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_text_once")]

    @property
    def is_whole(self) -> bool:
        return sha256(self.content.encode()).hexdigest() == self.digest


class PaperState(models.TextChoices):
    WAITING = "waiting", _("being prepared")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")


class ReportPaper(models.Model):
    """The PDF of a reviewed report in one language; made by a worker from snapshot and words alone."""

    text = models.ForeignKey(ReportText, on_delete=models.PROTECT, related_name="papers", db_index=False)
    language = models.CharField(max_length=2, choices=[(each, each) for each in LANGUAGES])
    state = models.CharField(max_length=10, choices=PaperState.choices, default=PaperState.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    built_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    printed_with = models.JSONField(
        default=dict
    )  # reports/pages/printer.py; empty: printed before this was kept

    class Meta:
        verbose_name = _("PDF of a report")
        verbose_name_plural = _("PDFs of reports")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "language"], name="report_paper_once"),
            models.CheckConstraint(condition=~Q(state="ready") | ~Q(sha256=""), name="report_paper_has_file"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="report_paper_waiting")
        ]

    @property
    def stored(self) -> str:
        """Under which name the file is kept."""
        return f"{FOLDER}/{self.pk}.pdf"
