"""A survey asked of the users of a unit in a period: rounds, who has answered, and what was answered.

Token and response share no key, no moment finer than the day and no order, so that nobody finds out who answered what.
"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES, Role
from complaints.models import Service
from surveys.questionnaires.models import Survey, SurveyVersion
from surveys.rounds.keys import DrawnKey, draw_key


class RoundState(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    ANNULLED = "annulled", _("annulled")


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, actor: Actor) -> "RoundQuerySet":
        """Supervisors see all, an agency's people those of their own, a head also of those below. Rounds that ask after
        reports run by themselves: nobody opens, types into or annuls one of those (aftercase/)."""
        role = role_of(actor)
        if role == Role.SYSTEM:
            return self.all()
        if not isinstance(actor, User):
            return self.none()
        by_hand = self.run_by_people()
        if role == Role.SUPERVISOR:
            return by_hand
        return by_hand.filter(agency_id__in=actor.agency_scope) if role in AGENCY_ROLES else self.none()

    def run_by_people(self) -> "RoundQuerySet":
        return self.exclude(version__survey__purpose=Survey.Purpose.AFTER_CASE)

    def public(self) -> "RoundQuerySet":
        """What anybody may know of: all that ever opened, but for those that ask after reports (aftercase/)."""
        return self.run_by_people().exclude(state=RoundState.DRAFT)

    def asking(self, day: date) -> "RoundQuerySet":
        """In which anybody may answer on this day."""
        return self.filter(state=RoundState.OPEN, opens_on__lte=day, closes_on__gte=day)

    def taking(self, day: date) -> "RoundQuerySet":
        """In which slips of paper and what a tablet kept are still taken on this day."""
        late = Q(enter_until__gte=day) | Q(closes_on__gte=day)
        return self.filter(late, state=RoundState.OPEN, opens_on__lte=day)


class Round(models.Model):
    """One version asked by one unit, of one service or of all, from one day to another (both included).

    `population`: users of the service in the period before; `target`: the sample asked for, by Krejcie and Morgan
    unless it was set. An annulled round stays visible for ever, with the reason. It is never deleted, by trigger too.
    """

    code = models.CharField(_("code"), max_length=8, unique=True)  # of the short link and the poster
    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="rounds")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="survey_rounds")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="survey_rounds"
    )
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    population = models.PositiveIntegerField(_("users of the service"), null=True, blank=True)
    target = models.PositiveIntegerField(_("sample asked for"), null=True, blank=True)
    target_is_own = models.BooleanField(default=False)  # set by a person, not by the formula
    # Slips of paper are typed, and tablets hand in, until this day. None: the last day.
    enter_until = models.DateField(_("typed in until"), null=True, blank=True)
    opens_itself = models.BooleanField(_("opens by itself on the first day"), default=True)
    needs_token = models.BooleanField(_("only with a personal code"), default=False)
    in_steps = models.BooleanField(_("asks section by section"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=RoundState.choices, default=RoundState.DRAFT)
    annulled_because = models.TextField(_("why it was annulled"), blank=True)
    # Of all responses as they were when it closed, in the order of their keys.
    digest = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[RoundQuerySet] = RoundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-opens_on", "-id"]
        verbose_name = _("survey round")
        verbose_name_plural = _("survey rounds")
        indexes = [models.Index(fields=["state", "closes_on"], name="round_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="round_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state="annulled") | ~Q(annulled_because=""), name="round_annulled_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short_name} {self.opens_on:%Y-%m}"

    @property
    def last_day(self) -> date:
        """After which nothing is taken any more and it closes."""
        return max(self.closes_on, self.enter_until or self.closes_on)

    @property
    def what(self) -> str:
        """What is asked about, in the reader's language: the service, else all of the unit's."""
        return self.service.name if self.service else ""


class Channel(models.TextChoices):
    """How an answer came in. Who chose to answer by link or poster is no random sample."""

    LINK = "link", _("link")
    QR = "qr", _("poster")
    TABLET = "tablet", _("tablet at the counter")
    MAIL = "mail", _("mail")
    PAPER = "paper", _("paper, typed in")
    IMPORT = "import", _("file")


TYPED_BY_STAFF = frozenset({Channel.PAPER, Channel.IMPORT})


class Token(models.Model):
    """What may be used for one answer in one round, known by its digest: of a form that was sent, or of a personal
    code that was handed out. Of a used one the day is known. Nothing leads from it to the answer."""

    id = DrawnKey(primary_key=True, default=draw_key)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64)
    used_on = models.DateField(null=True)
    is_personal = models.BooleanField(default=False)  # handed out before it was used

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "digest"], name="survey_token_once")]


class Flag(models.TextChoices):
    """Why somebody should look at an answer. It counts all the same."""

    STRAIGHT = "straight", _("the same step for every question")
    FAST = "fast", _("sent more quickly than one can read")
    ALIKE = "alike", _("the same answers many times in a row from one network")
    BURST = "burst", _("many answers from one network within minutes")


class ResponseQuerySet(models.QuerySet["Response"]):
    def counting(self) -> "ResponseQuerySet":
        """Without those in whose place another was typed."""
        return self.filter(replaced_by=None)


class Response(models.Model):
    """What somebody answered, by the keys of the questions; what was left open is not among them. Never changed and
    never deleted, by trigger too; texts stand apart. The key is drawn, so that rows lie in no order of time.

    `replaces`: the answer of a slip that was mistyped and counts no more; it stays (correcting.py).
    """

    id = DrawnKey(primary_key=True, default=draw_key)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="responses")
    day = models.DateField()  # on which it came in: no day is added to afterwards
    channel = models.CharField(max_length=10, choices=Channel.choices)
    answers = models.JSONField(default=dict)
    slip = models.CharField(_("number of the slip"), max_length=40, blank=True)
    flags = models.JSONField(default=list)  # values of Flag
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", editable=False
    )

    objects: ClassVar[ResponseQuerySet] = ResponseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")
        indexes = [
            models.Index(fields=["round", "day"], name="response_by_day"),
            models.Index(fields=["day"], name="response_of_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "slip"], condition=~Q(slip="") & Q(replaces=None), name="response_slip_once"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(slip=""), name="response_replaces_with_slip"
            ),
        ]


class ResponseWords(models.Model):
    """The texts of a response, by the keys of the questions: they may name somebody, and can be erased. Of an erased
    one nothing is left but that it was there: "" under its key (erasing.py)."""

    response = models.OneToOneField(
        Response, on_delete=models.PROTECT, primary_key=True, related_name="words"
    )
    words = models.JSONField(default=dict)


class CounterDevice(models.Model):
    """A tablet at a counter, let in once by a code that an officer read to it; known by digests only."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(_("where it stands"), max_length=80)
    code_digest = models.CharField(max_length=64, blank=True)  # until it was typed
    code_until = models.DateTimeField(null=True)
    secret_digest = models.CharField(max_length=64, blank=True)
    let_in_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("tablet at a counter")
        verbose_name_plural = _("tablets at counters")
        constraints = [
            models.UniqueConstraint(
                fields=["secret_digest"], condition=~Q(secret_digest=""), name="device_secret_once"
            )
        ]
