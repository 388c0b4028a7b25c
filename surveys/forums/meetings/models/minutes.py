"""The minutes of a meeting (*berita acara*): a text in versions, objections to it, and who signed it.

`draft → objections → signed → published`. They begin with the announcement, so that a meeting of which nobody writes
anything is missed too; a cancelled one has none.
"""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Agency
from complaints.models import Attachment, Service
from complaints.models.event import AppendOnly
from surveys.forums.meetings.models.people import Attendance
from surveys.forums.models import Contact, Finding, Forum


class MinutesState(models.TextChoices):
    DRAFT = "draft", _("being written")
    OBJECTIONS = "objections", _("open to objections, then to be signed")
    SIGNED = "signed", _("signed by both sides")
    PUBLISHED = "published", _("published")
    DROPPED = "dropped", _("the meeting was cancelled")


class MinutesQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the forums that the actor sees."""
        return self.filter(forum__in=Forum.objects.visible_to(actor).values("pk"))

    def public(self) -> Self:
        return self.filter(state=MinutesState.PUBLISHED)

    def needing_action(self, now: datetime) -> Self:
        """What the sweep has to look at, oldest first."""
        return self.filter(next_action_at__lte=now).order_by("next_action_at", "id")


class Minutes(models.Model):
    """`due_at`: when the step that is next should be done; `level`: the highest level that was told that it is late.
    `policy`: the times that held on the day of the meeting."""

    forum = models.OneToOneField(Forum, on_delete=models.PROTECT, related_name="minutes")
    state = models.CharField(
        _("state"), max_length=12, choices=MinutesState.choices, default=MinutesState.DRAFT
    )
    policy = models.JSONField(default=dict)
    objections_until = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_action_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)
    sweep_error = models.CharField(max_length=200, blank=True)
    # Whom the forum named to sign for the public: sealed until they do, their name is on the paper then.
    representative = models.BinaryField(null=True)
    representative_for = models.CharField(_("speaks for"), max_length=120, blank=True)
    representative_contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    nonce = models.CharField(max_length=32, blank=True)
    code_digest = models.CharField(max_length=64, null=True, unique=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | ~Q(state="published") & Q(published_at=None),
                name="minutes_published_with_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="objections") | Q(objections_until__isnull=False),
                name="minutes_objections_have_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_action_at", "id"],
                condition=Q(next_action_at__isnull=False),
                name="minutes_sweep",
            )
        ]

    @property
    def agency(self) -> Agency:
        """Whose obligation they are."""
        agency: Agency = self.forum.agency
        return agency

    @property
    def latest(self) -> "MinutesVersion | None":
        return self.versions.order_by("-number").first()

    @property
    def may_be_objected_to(self) -> bool:
        """In words on pages: the text is out, and not signed by both sides."""
        return self.state == MinutesState.OBJECTIONS

    @property
    def is_signed(self) -> bool:
        return self.state == MinutesState.SIGNED

    @property
    def is_published(self) -> bool:
        return self.state == MinutesState.PUBLISHED

    @property
    def is_open_to_objections(self) -> bool:
        """By its state; until when, `objections_until` says."""
        return self.state == MinutesState.OBJECTIONS and not self.signatures.exists()


class MinutesVersion(models.Model):
    """The text as it stood. Rows are only added; which is the last counts."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    summary = models.TextField(_("what was said"))
    changes = models.TextField(_("what is different"), blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="minutes_version_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("versions are never changed")
        super().save(*args, **kwargs)


class Agreement(models.Model):
    """One thing that was agreed, as the text of a version has it. At publication it becomes a finding, which can
    become a promise."""

    version = models.ForeignKey(
        MinutesVersion, on_delete=models.PROTECT, related_name="agreements", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("agreement"), max_length=150)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="agreements")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="agreement_place_once")]


class Objection(models.Model):
    """What somebody who was there says against the text. It stands in the minutes with its answer."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="objections")
    attendance = models.ForeignKey(
        Attendance, on_delete=models.SET_NULL, null=True, related_name="objections"
    )
    pseudonym = models.CharField(_("shown as"), max_length=60, blank=True)
    # The text of the minutes holds a salted digest of the words, so that erasing them (words and salt) leaves it whole.
    text = models.TextField(_("objection"))
    salt = models.CharField(max_length=32, blank=True, default="")
    digest = models.CharField(max_length=64, default="")
    at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="objection_answered_with_words",
            )
        ]


class Signature(models.Model):
    """How one side signed which text: `digest` is the SHA-256 of what it read. Rows are only added."""

    class Side(models.TextChoices):
        PROVIDER = "provider", _("for the provider")
        PUBLIC = "public", _("for the public")

    class How(models.TextChoices):
        ACCOUNT = "account", _("signed in with their account")
        LINK = "link", _("by a link that was mailed to them")
        PAPER = "paper", _("on paper; the office keeps the sheet")

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="signatures", db_index=False)
    version = models.ForeignKey(MinutesVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    side = models.CharField(max_length=10, choices=Side.choices)
    how = models.CharField(max_length=10, choices=How.choices)
    name = models.CharField(_("name"), max_length=120)
    capacity = models.CharField(_("speaks for"), max_length=120, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    scan = models.OneToOneField(Attachment, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["side"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "side"], name="signature_once_a_side"),
            models.CheckConstraint(
                condition=~Q(how="paper") | Q(scan__isnull=False), name="signature_on_paper_has_a_scan"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("signatures are never changed")
        super().save(*args, **kwargs)
