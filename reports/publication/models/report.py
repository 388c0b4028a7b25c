"""A report: one version of what is said of a period and a scope. `draft → reviewed → published (→ withdrawn)`;
a draft that somebody began by hand may be dropped."""

from datetime import date
from secrets import token_hex
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.models.event import AppendOnly
from complaints.permissions import role_may
from reports.figures.periods import Period
from reports.publication.periods import PeriodKind
from reports.publication.states import AHEAD, PUBLIC, TRANSITIONS, State, Verb
from reports.rights import ReportAct

LANGUAGES = ("id", "en")
SHORTEST_DAYS, LONGEST_DAYS = 3, 60


class Kind(models.TextChoices):
    MONTH = PeriodKind.MONTH.value, _("monthly report")
    QUARTER = PeriodKind.QUARTER.value, _("quarterly report")
    HALF = PeriodKind.HALF.value, _("half-yearly report")
    YEAR = PeriodKind.YEAR.value, _("yearly report")


class ReportState(models.TextChoices):
    DRAFT = State.DRAFT.value, _("draft")
    REVIEWED = State.REVIEWED.value, _("reviewed")
    PUBLISHED = State.PUBLISHED.value, _("published")
    WITHDRAWN = State.WITHDRAWN.value, _("withdrawn")
    DROPPED = State.DROPPED.value, _("dropped")


class WithdrawReason(models.TextChoices):
    FIGURES = "figures", _("figures were wrong")
    WORDS = "words", _("words or explanations were wrong")
    PERSON = "person", _("a person could be recognised")
    OTHER = "other", _("another reason")


def _edge(verb: Verb) -> dict[str, Any]:
    edge = TRANSITIONS[verb]
    return {"source": edge.source.value, "target": edge.target.value}


def _days(label: Any, default: int) -> Any:
    limits = [MinValueValidator(SHORTEST_DAYS), MaxValueValidator(LONGEST_DAYS)]
    return models.PositiveSmallIntegerField(label, default=default, validators=limits)


class ReportPolicy(models.Model):
    """Which reports the city makes by itself, and by when each is read and published, from a day on. Working days after
    the end of the period; a report keeps the days that held when it was made."""

    valid_from = models.DateField(_("valid from"), unique=True)
    monthly = models.BooleanField(_("monthly"), default=False)
    quarterly = models.BooleanField(_("quarterly"), default=True)
    half_yearly = models.BooleanField(_("half-yearly"), default=False)
    yearly = models.BooleanField(_("yearly"), default=True)
    review_days = _days(_("working days until it is reviewed"), 10)
    publishing_days = _days(_("working days until it is published"), 20)

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("reports made by themselves")
        verbose_name_plural = _("reports made by themselves")
        constraints = [
            models.CheckConstraint(
                condition=Q(publishing_days__gt=F("review_days")),
                name="report_policy_reviews_before_it_publishes",
            )
        ]

    def __str__(self) -> str:
        return str(self.valid_from)

    @classmethod
    def on(cls, day: date) -> "ReportPolicy":
        """What holds on this day; the defaults where nothing was set."""
        return cls.objects.filter(valid_from__lte=day).order_by("-valid_from").first() or cls(valid_from=day)

    @property
    def kinds(self) -> list[PeriodKind]:
        wanted = (self.monthly, self.quarterly, self.half_yearly, self.yearly)
        return [kind for kind, is_wanted in zip(PeriodKind, wanted, strict=True) if is_wanted]


class ReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Published ones are everybody's. Drafts are seen by those who read reports: of the city by who belongs to no
        agency, of an agency also by the heads of its line."""
        role = role_of(actor)
        if role == Role.SYSTEM:
            return self.all()
        if not isinstance(actor, User) or not role_may(role, ReportAct.READ_REPORTS):
            return self.public()
        if actor.agency_id is None:
            return self.all()
        return self.filter(Q(state__in=sorted(PUBLIC)) | Q(agency__in=actor.agency_scope))

    def public(self) -> Self:
        """Those that everybody reads, the withdrawn included."""
        return self.filter(state__in=sorted(PUBLIC))

    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def needing_action(self, now: Any) -> Self:
        """What the sweep has to look at, oldest first."""
        return self.filter(next_action_at__lte=now).order_by("next_action_at", "id")

    def to_count(self, now: Any) -> Self:
        """What a worker has to count, oldest first."""
        free = Q(count_lease=None) | Q(count_lease__lte=now)
        return self.filter(free, count_due_at__lte=now).order_by("count_due_at", "id")


def _secret() -> str:
    return token_hex(16)


class Report(FSMModelMixin, models.Model):
    """`code` is its address for good; all versions share the `stem`. `review_due_at` and `publish_due_at`: by when each
    step should be done; `level`: the highest level that was told that one is late."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    stem = models.SlugField(max_length=70, db_index=False)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    # What the agency was called when it was counted, as the snapshot has it; empty before, and of the city.
    agency_name = models.CharField(max_length=200, blank=True)
    agency_name_en = models.CharField(max_length=200, blank=True)
    state = FSMField(
        _("state"), max_length=10, default=State.DRAFT.value, choices=ReportState.choices, protected=True
    )
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=10, choices=WithdrawReason.choices, blank=True)
    reason_words = models.TextField(_("reason in words"), blank=True)
    # The answer of the mayor, or of the agency's head, that is bound in; in both languages where somebody wrote both.
    foreword_id = models.TextField(_("answer or foreword, Indonesian"), blank=True)
    foreword_en = models.TextField(_("answer or foreword, English"), blank=True)
    foreword_by = models.CharField(_("signed by"), max_length=150, blank=True)
    review_due_at = models.DateTimeField()
    publish_due_at = models.DateTimeField()
    next_action_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)
    sweep_error = models.CharField(max_length=200, blank=True)
    # When a worker has to count it; None when it has.
    count_due_at = models.DateTimeField(null=True)
    count_lease = models.DateTimeField(null=True)
    count_attempts = models.PositiveSmallIntegerField(default=0)
    count_error = models.CharField(max_length=200, blank=True)
    # The first signed head over everything that the history says of it; None when it is still to be signed.
    head_size = models.BigIntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    told_withdrawn_at = models.DateTimeField(null=True)
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    # As whom each was chosen (people.py), by their key. Without an entry: chosen before this was kept.
    recipients_as = models.JSONField(default=dict)
    secret = models.CharField(max_length=32, default=_secret)  # salts the digests in the ledger

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("published report")
        verbose_name_plural = _("published reports")
        ordering = ["-period_to", "-period_from", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["stem"],
                condition=~Q(state__in=["withdrawn", "dropped"]),
                name="report_one_version_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(period_from__lte=F("period_to")), name="report_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["published", "withdrawn"], published_at__isnull=False)
                | Q(state__in=["draft", "reviewed", "dropped"], published_at=None),
                name="report_published_with_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                & ~Q(reason="")
                & ~Q(reason_words="")
                | ~Q(state="withdrawn") & Q(withdrawn_at=None, reason="", reason_words=""),
                name="report_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"], reviewed_at=None)
                | Q(state__in=["reviewed", "published", "withdrawn"], reviewed_at__isnull=False),
                name="report_reviewed_with_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_action_at", "id"],
                condition=Q(next_action_at__isnull=False),
                name="report_sweep",
            ),
            models.Index(fields=["-period_to", "-id"], name="report_by_period"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def period(self) -> Period:
        return Period(self.period_from, self.period_to)

    @property
    def agency_words(self) -> str:
        """Its agency as its paper calls it, in the reader's language; "" for the city."""
        if not self.agency_name:
            return self.agency.local_name if self.agency else ""
        return self.agency_name_en if get_language() == "en" else self.agency_name

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def is_ahead(self) -> bool:
        return self.state in AHEAD

    @property
    def hides_files(self) -> bool:
        """Withdrawn since somebody could be recognised: what was in it is not handed out any more."""
        return self.state == State.WITHDRAWN and self.reason == WithdrawReason.PERSON

    @property
    def latest_snapshot(self) -> Any:
        return self.snapshots.order_by("-number").first()

    @property
    def latest_text(self) -> Any:
        """What was reviewed last, and so what is published."""
        return self.texts.select_related("snapshot").order_by("-number").first()

    # The transitions: each changes the state and nothing else; the rest is done by the service of this name.

    @transition(field=state, **_edge(Verb.REVIEW))
    def review(self) -> None: ...

    @transition(field=state, **_edge(Verb.GIVE_BACK))
    def give_back(self) -> None: ...

    @transition(field=state, **_edge(Verb.PUBLISH))
    def publish(self) -> None: ...

    @transition(field=state, **_edge(Verb.WITHDRAW))
    def withdraw(self) -> None: ...

    @transition(field=state, **_edge(Verb.DROP))
    def drop(self) -> None: ...


class ReportStepKind(models.TextChoices):
    MADE = "made", _("begun")
    COUNTED = "counted", _("counted")
    COMPARED = "compared", _("counted again, to compare")
    EDITED = "edited", _("words changed")
    REMARKED = "remarked", _("remark made")
    ANSWERED = "answered", _("remark answered")
    SETTLED = "settled", _("remark settled")
    REVIEWED = "reviewed", _("reviewed")
    GIVEN_BACK = "given_back", _("given back")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DROPPED = "dropped", _("dropped")
    REMINDED = "reminded", _("reminder")
    RAISED = "raised", _("raised to the next level")
    PUT_BACK = "put_back", _("file put back")


class ReportStep(models.Model):
    """One thing that happened to a report and who did it. Rows are only added."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=ReportStepKind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("steps are never changed")
        super().save(*args, **kwargs)
