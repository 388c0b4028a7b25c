"""A survey asked of the users of a unit in a period: rounds, who has answered, and what was answered.

Token and response share no key, no moment finer than the day and no order, so that nobody finds out who answered what.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints.models import Service
from surveys.questionnaires.models import SurveyVersion


class RoundState(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    ANNULLED = "annulled", _("annulled")


class Round(models.Model):
    """One version asked by one unit, of one service or of all, from one day to another (both included).

    `population`: users of the service in the period before; `target`: the sample asked for, by Krejcie and Morgan
    unless it was set. An annulled round stays visible for ever, with the reason.
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
    state = models.CharField(_("state"), max_length=10, choices=RoundState.choices, default=RoundState.DRAFT)
    annulled_because = models.TextField(_("why it was annulled"), blank=True)
    # Of all responses as they were when it closed, in the order of their keys.
    digest = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

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
    """What may be used for one answer in one round, known by its digest. Of a used one the day is known."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64)
    used_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "digest"], name="survey_token_once")]


class Response(models.Model):
    """What somebody answered, by the keys of the questions; what was left open is not among them. Never changed and
    never deleted, by trigger too; texts stand apart. The key is drawn, so that rows lie in no order of time."""

    id = models.BigIntegerField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="responses")
    day = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    answers = models.JSONField(default=dict)
    slip = models.CharField(_("number of the slip"), max_length=40, blank=True)
    # Why somebody should look at it: many at once from one place, all alike.
    flags = models.JSONField(default=list)

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")
        indexes = [models.Index(fields=["round", "day"], name="response_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "slip"], condition=~Q(slip=""), name="response_slip_once"
            )
        ]


class ResponseWords(models.Model):
    """The texts of a response, by the keys of the questions: they may name somebody, and can be erased."""

    response = models.OneToOneField(
        Response, on_delete=models.PROTECT, primary_key=True, related_name="words"
    )
    words = models.JSONField(default=dict)
