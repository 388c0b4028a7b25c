"""Files of a case. The bytes lie outside the web root under a generated name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.event import Event


class Attachment(models.Model):
    """A sanitised file. Without a case it is a draft of the form whose secret has `draft_digest`."""

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
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
