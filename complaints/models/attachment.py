"""Files of a case. The bytes lie outside the web root under a generated name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.event import Event

PICTURES = ("image/jpeg", "image/png", "image/webp")


class Shows(models.TextChoices):
    """Which side of the work a picture shows."""

    BEFORE = "before", _("Before the work")
    AFTER = "after", _("After the work")


class Attachment(models.Model):
    """A sanitised file. Without a case it is a draft of the form whose secret has `draft_digest`.

    One that `is_waiting` was too heavy for the request: its bytes are as they were received, lie apart and are never
    served. Once it is safe, `sha256` and `size` are those of the safe copy, and `received_sha256` says what came.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, related_name="attachments")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="attachments")
    draft_digest = models.CharField(max_length=64, blank=True, db_index=True)
    key = models.CharField(max_length=32, unique=True)  # random; names the file and its address
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(default=True)  # shown to the citizen of the case
    # Shows a person or papers: nobody carries it through the streets.
    is_personal = models.BooleanField(default=False)
    # Of a picture that shows work: which side of it, and where and when the camera says it was taken. For staff alone.
    shows = models.CharField(max_length=6, choices=Shows.choices, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    taken_latitude = models.FloatField(null=True)
    taken_longitude = models.FloatField(null=True)
    # What the picture looks like: 64 bits, four times sixteen (files/likeness.py).
    is_hashed = models.BooleanField(default=False)
    phash_1 = models.IntegerField(null=True)
    phash_2 = models.IntegerField(null=True)
    phash_3 = models.IntegerField(null=True)
    phash_4 = models.IntegerField(null=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField()
    is_waiting = models.BooleanField(default=False)
    received_sha256 = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # to make it safe
    leased_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["id"]
        indexes = [
            *(
                models.Index(
                    fields=[f"phash_{band}"],
                    condition=Q(**{f"phash_{band}__isnull": False}),
                    name=f"attachment_phash_{band}",
                )
                for band in (1, 2, 3, 4)
            ),
            models.Index(
                fields=["id"],
                condition=Q(is_hashed=False, content_type__in=PICTURES),
                name="attachment_unhashed",
            ),
            models.Index(fields=["id"], condition=Q(is_waiting=True), name="file_waiting"),
        ]

    def __str__(self) -> str:
        return self.name
