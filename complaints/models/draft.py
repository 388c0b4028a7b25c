"""What the desk keeps for one person alone: unfinished forms, and how far they have looked."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint


def _of_a_person() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )


class Draft(models.Model):
    """An unfinished form of the desk: whose, about which case, for which act. Its files are attachments under
    `digest`. No history holds it, nobody else sees it, and it goes with the act, with the case's words or by age.

    Of a form that is not on the page of a case `complaint` is empty, and `act` says where it stands."""

    person = _of_a_person()
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, null=True, related_name="drafts")
    act = models.CharField(max_length=500)
    values = models.JSONField(default=dict)  # field: text, or a list of what was ticked
    digest = models.CharField(max_length=64, unique=True)
    version = models.PositiveIntegerField()  # of the case beside which it was written
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["person", "complaint", "act"], name="draft_once"),
            models.UniqueConstraint(
                fields=["person", "act"], condition=models.Q(complaint=None), name="draft_of_a_page_once"
            ),
        ]


class Look(models.Model):
    """Up to which version somebody has seen a case."""

    person = _of_a_person()
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="looks")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        constraints = [models.UniqueConstraint(fields=["person", "complaint"], name="look_once")]


class SavedView(models.Model):
    """A list of cases that somebody keeps under a name of their own: the filters, as they stand in its address."""

    person = _of_a_person()
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
