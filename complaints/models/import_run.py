"""A file of another system that an administrator takes over by the wizard, and how far that is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    """One file's way. Only one is RUNNING at a time: the database sees to it."""

    PREPARED = "prepared", _("being prepared")
    RUNNING = "running", _("under way")
    FINISHED = "finished", _("finished")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("could not go on")


class ImportRun(models.Model):
    """The file lies under `key` until the run is over; its name is not kept. `mapping` is what a mapping file holds.

    `read`, `created`, `duplicates` and `updated` are counts; `rejected` and `remarks` are lists of [line, reason]. They
    are stored with each batch of cases, in one transaction: a worker that was killed goes on where it stood.
    """

    key = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(
        max_length=64, blank=True
    )  # of the file; "" for what was uploaded before it was kept
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.PREPARED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("By")
    )
    asked_at = models.DateTimeField(_("Uploaded"))
    mapping = models.JSONField(default=dict)
    by_file = models.BooleanField(
        default=False
    )  # the mapping is one that was written, not chosen on the page
    told = models.CharField(_("The file"), max_length=300, blank=True)
    escalate = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    rejected = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    problem = models.CharField(max_length=500, blank=True)  # why it could not go on, in the words of its page
    attempts = models.PositiveSmallIntegerField(default=0)  # since the last batch that was stored
    seen_at = models.DateTimeField(null=True)  # when the worker last stored a batch
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("Finished"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports of other systems' files")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="one_import_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.told or str(_("import"))

    @property
    def is_running(self) -> bool:
        return self.state == ImportState.RUNNING

    @property
    def is_prepared(self) -> bool:
        return self.state == ImportState.PREPARED
