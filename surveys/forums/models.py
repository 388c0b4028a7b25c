"""Public meetings and online threads, and what people said there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints.models import Complaint, Service
from surveys.forums.input_querysets import FindingQuerySet, InputQuerySet
from surveys.forums.querysets import ForumQuerySet
from surveys.salts import salt_field


class ForumState(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    ANNOUNCED = "announced", _("announced")
    OPEN = "open", _("under way")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class Forum(models.Model):
    """A public meeting (Permenpan-RB 16/2017), an online thread, or both: then the thread is for who could not come."""

    class Moderation(models.TextChoices):
        BEFORE = "before", _("before it is shown")
        AFTER = "after", _("after it is shown")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=150)
    topic = models.TextField(_("topic"))
    agenda = models.TextField(_("agenda"), blank=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="forums", verbose_name=_("held by")
    )
    agencies = models.ManyToManyField(
        Agency, related_name="+", blank=True, verbose_name=_("agencies concerned")
    )
    services = models.ManyToManyField(
        Service, related_name="forums", blank=True, verbose_name=_("services concerned")
    )
    has_meeting = models.BooleanField(_("people meet"), default=True)
    # Whoever stands aside from one of these has nothing to do with the forum.
    cases = models.ManyToManyField(
        Complaint, related_name="forums", blank=True, verbose_name=_("reports that it is about")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(_("number of places"), null=True, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    has_thread = models.BooleanField(_("can be discussed online"), default=True)
    thread_until = models.DateField(_("online until"), null=True, blank=True)
    moderation = models.CharField(
        _("moderated"), max_length=10, choices=Moderation.choices, default=Moderation.AFTER
    )
    # Six characters on the wall of the room: whoever types them was there.
    attendance_code = models.CharField(max_length=6, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ForumState.choices, default=ForumState.DRAFT)
    cancelled_because = models.TextField(_("why it was cancelled"), blank=True)
    # Of the calendar file (RFC 5545): raised by each change after it was announced.
    sequence = models.PositiveSmallIntegerField(default=0)
    salt = salt_field()
    announced_at = models.DateTimeField(null=True, blank=True)
    # The agency that held it, where it was closed since and `agency` has it now.
    handed_over_from = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = ForumQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = _("forum")
        verbose_name_plural = _("forums")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="forum_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_because=""), name="forum_cancelled_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="forum_by_day"),
            models.Index(fields=["agency", "starts_at", "id"], name="forum_agency"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def host(self) -> Agency:
        """Who held it, also where somebody else answers for it since."""
        return self.handed_over_from or self.agency

    @property
    def is_draft(self) -> bool:
        return self.state == ForumState.DRAFT

    @property
    def is_announced(self) -> bool:
        """Announced, and its doors are not open yet."""
        return self.state == ForumState.ANNOUNCED

    @property
    def is_coming(self) -> bool:
        """Announced or under way: it can still be closed as held."""
        return self.state in (ForumState.ANNOUNCED, ForumState.OPEN)

    @property
    def is_cancelled(self) -> bool:
        return self.state == ForumState.CANCELLED

    @property
    def moderates_before(self) -> bool:
        return self.moderation == Forum.Moderation.BEFORE


class Contact(models.Model):
    """Who takes part and wants to hear more: sealed like a complainant's identity, found by a digest of the address, so
    that one person has one row. `stopped_at`: wants no more mails."""

    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    language = models.CharField(max_length=2, default="id")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # When a mail last asked whether the address is theirs; None once they said so.
    asked_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)


class Finding(models.Model):
    """What several inputs say together. What is decided on it is decided on each of them."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, null=True, related_name="findings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="findings")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="findings")
    title = models.CharField(_("finding"), max_length=150)
    words = models.TextField(_("in more words"), blank=True)
    made_at = models.DateTimeField()
    # Once it is, nothing joins or leaves it any more.
    decided_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=64, unique=True, null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class InputState(models.TextChoices):
    """What became of it. A reply in a thread (`parent`) asks for no answer and stays `shown`."""

    WAITING = "waiting", _("waits for an answer")
    CASE = "case", _("became a report")
    COMMITMENT = "commitment", _("became a promise")
    ANSWERED = "answered", _("answered")
    DECLINED = "declined", _("declined with a reason")
    SHOWN = "shown", _("reply")


class ForumInput(models.Model):
    """What somebody said: in a meeting, beforehand, in a thread, on a slip from the suggestion box or on the telephone.

    The text stands apart (`InputWords`), so that it can be erased; hidden is not erased: that it was
    hidden and why is shown.
    `next_action_at` is what the sweep reads, `level` the highest level of the ladder that was told that it is late.
    """

    class Source(models.TextChoices):
        MEETING = "meeting", _("said in the meeting")
        BEFORE = "before", _("sent in beforehand")
        THREAD = "thread", _("online")
        BOX = "box", _("suggestion box")
        CALL = "call", _("telephone")

    class Visibility(models.TextChoices):
        PENDING = "pending", _("waits for the moderator")
        SHOWN = "shown", _("shown")
        HIDDEN = "hidden", _("hidden")

    number = models.CharField(_("number"), max_length=20, unique=True)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, null=True, related_name="inputs")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    # The contribution at the head of the thread, and the keys on the way to it, eight signs each: read in this order,
    # a reply stands below what it replies to.
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    path = models.CharField(max_length=80, blank=True)
    source = models.CharField(_("came by"), max_length=10, choices=Source.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="forum_inputs")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="forum_inputs")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="inputs")
    pseudonym = models.CharField(_("shown as"), max_length=60, blank=True)
    in_own_name = models.BooleanField(_("wishes to be the one who reports"), default=False)
    at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=InputState.choices, default=InputState.WAITING
    )
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.SHOWN)
    hidden_because = models.CharField(max_length=40, blank=True)
    hidden_words = models.CharField(max_length=300, blank=True)  # of the moderator, shown in its place
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="inputs")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, related_name="forum_inputs")
    case_told_at = models.DateTimeField(null=True, blank=True)  # that the report ended
    commitment = models.CharField(max_length=20, blank=True)  # its number; the promise stands in an app above
    declined_because = models.CharField(max_length=40, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    due_at = models.DateTimeField(null=True, blank=True)
    next_action_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    sweep_error = models.CharField(max_length=200, blank=True)
    supports = models.PositiveIntegerField(default=0)
    # Of a discussion taken over from elsewhere: what it counted there, which nobody can check here; and that what
    # this replies to was not in it any more.
    supports_elsewhere = models.PositiveIntegerField(default=0)
    parent_lost = models.BooleanField(default=False)
    idempotency_key = models.CharField(max_length=64, unique=True)

    objects = InputQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("input")
        verbose_name_plural = _("inputs")
        indexes = [
            models.Index(
                fields=["next_action_at", "id"], condition=Q(next_action_at__isnull=False), name="input_sweep"
            ),
            models.Index(fields=["forum", "-at", "-id"], condition=Q(parent=None), name="input_by_time"),
            models.Index(
                fields=["forum", "-supports", "-supports_elsewhere", "-id"],
                condition=Q(parent=None),
                name="input_by_support",
            ),
            models.Index(fields=["root", "path"], name="input_replies"),
            models.Index(
                fields=["id"], condition=Q(state="case", case_told_at__isnull=True), name="input_case_runs"
            ),
            models.Index(fields=["agency", "state", "due_at"], name="input_agency"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", parent__isnull=True, due_at__isnull=False)
                | ~Q(state="waiting") & Q(next_action_at__isnull=True),
                name="input_waits_with_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "shown"], answered_at__isnull=True)
                | ~Q(state__in=["waiting", "shown"]) & Q(answered_at__isnull=False),
                name="input_answered_fits_state",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="hidden") | ~Q(hidden_because=""), name="input_hidden_because"
            ),
            models.CheckConstraint(
                condition=~Q(state="case") | Q(complaint__isnull=False), name="input_case_has_its_report"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_waiting(self) -> bool:
        """It waits for an answer."""
        return self.state == InputState.WAITING

    @property
    def is_reply(self) -> bool:
        """It asks for no answer."""
        return self.state == InputState.SHOWN

    @property
    def has_page(self) -> bool:
        """Whether everybody can read it on a page of its own."""
        if self.forum is None or self.is_pending:
            return False
        return self.forum.has_thread or self.source == ForumInput.Source.BEFORE

    @property
    def is_shown(self) -> bool:
        return self.visibility == ForumInput.Visibility.SHOWN

    @property
    def is_hidden(self) -> bool:
        return self.visibility == ForumInput.Visibility.HIDDEN

    @property
    def is_pending(self) -> bool:
        """It waits for the moderator."""
        return self.visibility == ForumInput.Visibility.PENDING

    @property
    def came_online(self) -> bool:
        return self.source == ForumInput.Source.THREAD

    @property
    def depth(self) -> int:
        """How deep it stands below the head of its thread."""
        return max(len(self.path) // 8 - 1, 0)


class InputWords(models.Model):
    """What was said, with the salt of the digest that the ledger holds. Erasing it is deleting this row."""

    input = models.OneToOneField(ForumInput, on_delete=models.PROTECT, primary_key=True, related_name="words")
    salt = models.CharField(max_length=32)
    text = models.TextField()


class Support(models.Model):
    """Somebody supports an input: once a person, known by a digest alone unless they left an address."""

    input = models.ForeignKey(ForumInput, on_delete=models.PROTECT, related_name="supporters")
    digest = models.CharField(max_length=64)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="supports")
    is_confirmed = models.BooleanField(default=False)  # by the link that was mailed to the address
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["input", "digest"], name="support_once"),
            models.UniqueConstraint(fields=["input", "contact"], name="support_once_an_address"),
        ]
