"""Who is asked after a report, and whether they answered; what they answered is a response of a round, without a way
back from it (docs/decisions/0050-after-a-case.md)."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.models import Complaint
from surveys.rounds.models import Round

ASK_DAYS, REMIND_DAYS, ANSWER_DAYS = 3, 5, 30  # while no row of AfterCaseTerm is in force


class Ending(models.TextChoices):
    """How the case had ended when somebody answered; of a merged one, the case that it follows."""

    ANSWERED = "answered", _("answered, the citizen has not spoken yet")
    CONFIRMED = "confirmed", _("confirmed by the citizen")
    AUTO_CLOSED = "auto_closed", _("closed without a word of the citizen")
    REJECTED = "rejected", _("not taken up")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REFERRED = "referred", _("referred to another body")


class AfterCaseTerm(models.Model):
    """When people are asked, from a day on. Reports that ended before the first such day are not asked about."""

    valid_from = models.DateField(_("valid from"), unique=True)
    ask_days = models.PositiveSmallIntegerField(_("working days after the end, invitation"), default=ASK_DAYS)
    remind_days = models.PositiveSmallIntegerField(
        _("working days after the invitation, reminder"),
        default=REMIND_DAYS,
        help_text=_("0: no reminder."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("calendar days after the end, last day to answer"), default=ANSWER_DAYS
    )
    unit = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit of reports that no agency had"),
        help_text=_("Whoever runs the complaints desk. Without one, the inspectorate."),
    )

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("time to ask after a report")
        verbose_name_plural = _("times to ask after a report")
        constraints = [
            models.CheckConstraint(
                condition=Q(ask_days__gte=1, answer_days__gte=7, answer_days__lte=60),
                name="after_case_term_bounds",
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.ask_days}"


class AfterCaseQuerySet(models.QuerySet["AfterCase"]):
    def needing_action(self, now: datetime) -> "AfterCaseQuerySet":
        """Where an invitation or a reminder has fallen due, the oldest first."""
        return self.filter(next_action_at__lte=now).order_by("next_action_at", "pk")


class AfterCase(models.Model):
    """One citizen asked about one end of one case: `about` is their own, or the one it was merged into, in its
    `cycle`. That it was answered has no date, so that no answer of a day is found by it."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="after_case")
    about = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="+", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_on = models.DateField()
    mails = models.PositiveSmallIntegerField(default=0)  # 1: invited, 2: reminded
    is_answered = models.BooleanField(default=False)
    next_action_at = models.DateTimeField(null=True)
    sweep_error = models.CharField(max_length=200, blank=True)

    objects: ClassVar[AfterCaseQuerySet] = AfterCaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("question after a report")
        verbose_name_plural = _("questions after a report")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "about", "cycle"], name="after_case_once_a_cycle")
        ]
        indexes = [
            models.Index(
                fields=["next_action_at", "id"],
                condition=Q(next_action_at__isnull=False),
                name="after_case_due",
            ),
            models.Index(fields=["agency", "ended_on"], name="after_case_by_unit"),
        ]


class AfterCaseRoundQuerySet(models.QuerySet["AfterCaseRound"]):
    def visible_to(self, actor: Actor) -> "AfterCaseRoundQuerySet":
        """Whose words somebody may read: supervisors all, an agency's people those of their own line."""
        if not isinstance(actor, User):
            return self.none()
        if role_of(actor) == Role.SUPERVISOR:
            return self.all()
        return self.filter(agency_id__in=actor.agency_scope) if actor.agency_id else self.none()


class AfterCaseRound(models.Model):
    """The round of a unit and quarter, which makes itself."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    quarter = models.DateField()  # its first day
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="after_case")

    objects: ClassVar[AfterCaseRoundQuerySet] = AfterCaseRoundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "quarter"], name="after_case_round_once")]
