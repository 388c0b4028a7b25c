"""Audit by sampling: dated checklists, samples with all that repeats them, and what reviewers found."""

from secrets import token_hex
from typing import Any
from zlib import compress, decompress

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints.models import Category, Complaint, Event, LedgerEntry
from complaints.models.catalogue import Bilingual, Kind
from escalation.audits.sampling import numbers_in


def new_salt() -> str:
    return token_hex(16)


class AuditChecklist(Bilingual):
    """The questions in force from a day on. One that was used is never changed: a new one follows it."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    valid_from = models.DateField(_("in force from"))

    class Meta:
        ordering = ["-valid_from", "-id"]
        verbose_name = _("audit checklist")
        verbose_name_plural = _("audit checklists")


class AuditQuestion(Bilingual):
    """Its name is the question; answered with yes (as it should be), no, or not applicable."""

    checklist = models.ForeignKey(AuditChecklist, on_delete=models.PROTECT, related_name="questions")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    rule_id = models.CharField(max_length=200, blank=True)
    rule_en = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("audit question")
        verbose_name_plural = _("audit questions")
        constraints = [models.UniqueConstraint(fields=["checklist", "code"], name="audit_question_once")]

    @property
    def rule(self) -> str:
        return self.in_language("rule")


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_APPLICABLE = "na", _("Not applicable")


class Severity(models.TextChoices):
    NONE = "none", _("No finding")
    MINOR = "minor", _("Minor")
    SERIOUS = "serious", _("Serious")
    GRAVE = "grave", _("Grave")


class AuditSample(models.Model):
    """Cases drawn by chance that anybody can repeat: announced with all that decides but the seed, then drawn by the
    first head that is signed over the announcement, or cancelled before. Never changed or deleted after that.

    `frame` is the compressed list that it is drawn from; its digest is published when it is announced.
    """

    class Basis(models.TextChoices):
        RECEIVED = "received", _("received in the period")
        ENDED = "ended", _("ended in the period")

    class CancelReason(models.TextChoices):
        SCOPE = "scope", _("period or scope were not what was meant")
        REVIEWERS = "reviewers", _("there is nobody who can review")
        OTHER = "other", _("another reason")

    checklist = models.ForeignKey(AuditChecklist, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=10, choices=Basis.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices, blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    # How many were announced, and how many were drawn: all where there are fewer; some more where somebody stands
    # aside from one of them, so that their own list has as many.
    asked = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    frame_size = models.PositiveIntegerField()
    frame_digest = models.CharField(max_length=64)
    frame = models.BinaryField()
    # Who announced it and is its first reviewer. Before announcements there were seeds that somebody typed: those
    # samples have no entry.
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    announced_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+")
    # The head whose root is the seed.
    head_size = models.BigIntegerField(null=True)
    seed = models.CharField(max_length=64, blank=True)
    twice = models.PositiveSmallIntegerField(default=0)
    drawn_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
    cancel_words = models.CharField(max_length=300, blank=True)
    # Of the digests in public entries, of what is no reader's business (recorded.py).
    salt = models.CharField(max_length=32, default=new_salt, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit sample")
        verbose_name_plural = _("audit samples")
        constraints = [
            models.CheckConstraint(
                condition=~Q(second_reviewer=models.F("drawn_by")), name="audit_two_reviewers"
            ),
            models.CheckConstraint(
                condition=Q(size__lte=models.F("frame_size"), twice__lte=models.F("size")),
                name="audit_sizes",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at=None, seed="", size=0)
                | Q(drawn_at__isnull=False, cancelled_at=None, size__gte=1) & ~Q(seed=""),
                name="audit_drawn_by_a_seed",
            ),
        ]

    @property
    def frame_text(self) -> str:
        """The list, as `frame_digest` was taken of it."""
        return self.unpacked(self.frame)

    @property
    def numbers(self) -> list[str]:
        """The numbers in the list."""
        return numbers_in(self.frame_text)

    @property
    def is_waiting(self) -> bool:
        """Announced, and neither drawn nor cancelled."""
        return self.drawn_at is None and self.cancelled_at is None

    @staticmethod
    def packed(text: str) -> bytes:
        return compress(text.encode(), 9)

    @staticmethod
    def unpacked(content: bytes | memoryview) -> str:
        return decompress(bytes(content)).decode()


class AuditItem(models.Model):
    """One drawn case. `rank` is its place by hash; the first `twice` of a sample have two reviewers."""

    sample = models.ForeignKey(AuditSample, on_delete=models.PROTECT, related_name="items", db_index=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    is_twice = models.BooleanField(default=False)
    # Where the two reviewers differed: the answers they agreed on, and the event with their reason.
    agreed = models.JSONField(default=dict)
    agreed_event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "rank"], name="audit_rank_once"),
            models.UniqueConstraint(fields=["sample", "complaint"], name="audit_case_once"),
        ]


class AuditReview(models.Model):
    """What one reviewer found. A draft until `final_at`, then never changed.

    `finding` is kept here while nobody else may read it. Then the words stand in `event` alone, where
    erasing reaches them.
    """

    item = models.ForeignKey(AuditItem, on_delete=models.PROTECT, related_name="reviews", db_index=False)
    place = models.PositiveSmallIntegerField()  # 1: whoever announced, 2: the second reviewer
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answers = models.JSONField(default=dict)
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.NONE)
    finding = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    final_at = models.DateTimeField(null=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "place"], name="audit_review_once"),
            models.CheckConstraint(condition=Q(place__in=[1, 2]), name="audit_place_1_or_2"),
        ]

    @property
    def is_final(self) -> bool:
        return self.final_at is not None

    @property
    def words(self) -> str:
        """The finding as its reader may have it; needs `event__content`."""
        return words_of(self.event) if self.event_id else self.finding


def words_of(event: Any) -> str:
    """What was written with an event, "" when nothing was; says so when it was erased."""
    if not event.content_digest:
        return ""
    content = getattr(event, "content", None)
    return _erased() if content is None else str(content.words.get("text", ""))


def _erased() -> str:
    return str(_("These words were erased."))
