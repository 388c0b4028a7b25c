"""The row of a document that somebody asked for, and where its file lies."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints.models import Complaint, Service
from surveys.rounds.models import Round
from surveys.standards.models import Counter

FOLDER = "documents"


class Purpose(models.TextChoices):
    """What a sealed file is for."""

    OMBUDSMAN = "ombudsman", _("for the ombudsman")
    APPEAL = "appeal", _("for the citizen's appeal")
    COURT = "court", _("for a court")
    OTHER = "other", _("for another purpose")


class DocumentState(models.TextChoices):
    WAITING = "waiting", _("being prepared")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")


class DocumentQuerySet(models.QuerySet["Document"]):
    def waiting(self) -> "DocumentQuerySet":
        return self.filter(state=DocumentState.WAITING)

    def of_citizen(self, case: int) -> "DocumentQuerySet":
        """What the citizen of this case asked for by themselves."""
        return self.filter(requested_by=None, complaint=case)

    def of(self, user: User) -> "DocumentQuerySet":
        """What this person asked for. Whether they may still read one, `services.is_readable_by` says."""
        return self.filter(requested_by=user).select_related("agency", "complaint", "round")


class Document(models.Model):
    """One file: an accountability report, one case on paper or sealed, or what came of a survey round, as its
    requester may see it."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Accountability report")
        CASE_FILE = "case_file", _("Case file")
        SEALED_FILE = "sealed_file", _("Sealed file")
        SURVEY_REPORT = "survey_report", _("Survey report")
        SURVEY_POSTER = "survey_poster", _("Poster of a survey result")
        ROUND_POSTER = "round_poster", _("Poster of a survey round")
        COUNTER_POSTER = "counter_poster", _("Poster of a counter")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    period_from = models.DateField(_("from"), null=True)
    period_to = models.DateField(_("to"), null=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, related_name="documents")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    purpose = models.CharField(max_length=20, choices=Purpose.choices, blank=True)
    # A sealed file as the citizen may have it: without what staff keep among themselves.
    is_for_citizen = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="id")
    # None: the citizen of the case, who is nobody's user.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    # As whom they had it made: role, agency and what they saw of it then. Who sees another part of the city now asks
    # anew. Empty: not made yet, or made before this was kept.
    made_as = models.CharField(max_length=60, blank=True, editable=False)
    state = models.CharField(max_length=20, choices=DocumentState.choices, default=DocumentState.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    built_at = models.DateTimeField(null=True)
    file_name = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    snapshot_digest = models.CharField(max_length=64, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="report", complaint=None, round=None, period_from__lte=models.F("period_to"))
                | Q(kind="case_file", complaint__isnull=False, round=None)
                | Q(kind="sealed_file", complaint__isnull=False, round=None) & ~Q(purpose="")
                | Q(
                    kind__in=["survey_report", "survey_poster", "round_poster"],
                    complaint=None,
                    round__isnull=False,
                )
                | Q(
                    kind="counter_poster",
                    complaint=None,
                    round=None,
                    service__isnull=False,
                    counter__isnull=False,
                ),
                name="document_is_about_something",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.READY) | ~Q(sha256=""), name="document_ready_has_file"
            ),
            models.CheckConstraint(
                condition=Q(requested_by__isnull=False)
                | Q(kind="sealed_file", purpose=Purpose.OMBUDSMAN, is_for_citizen=True),
                name="document_asked_by_user_or_citizen",
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(requested_by=None, state="waiting"),
                name="document_of_citizen_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="document_waiting"),
            models.Index(fields=["requested_by", "-requested_at"], name="document_mine"),
        ]

    def __str__(self) -> str:
        return self.file_name or f"{self.kind} {self.pk}"

    @property
    def is_sealed(self) -> bool:
        return self.kind == self.Kind.SEALED_FILE

    @property
    def stored(self) -> str:
        """Under which name the file is kept; by the row, so that nothing a person typed becomes a path."""
        return f"{FOLDER}/{self.pk}.{'zip' if self.is_sealed else 'pdf'}"

    @property
    def content_type(self) -> str:
        return "application/zip" if self.is_sealed else "application/pdf"

    @property
    def stored_snapshot(self) -> str:
        return f"{FOLDER}/{self.pk}.json"
