"""What the lowest elements of a survey ask of a unit: a promise, or a reason why not."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Service
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.obligation import Obligation, ObligationQuerySet, Step
from surveys.questionnaires.models import Element
from surveys.rounds.models import Round


class ProposalRule(models.Model):
    """Which elements open a proposal when a round closes, and by when it is to be answered. A dated row: the one in
    force on the day the round closed counts.

    Of the elements whose mean lies below `band_below` the lowest `most`; with `always_lowest` the lowest in any case.
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    most = models.PositiveSmallIntegerField(_("how many elements at most"), default=2)
    band_below = models.FloatField(_("below this mean"), default=3.0644)
    always_lowest = models.BooleanField(_("the lowest always"), default=True)
    fewest_answers = models.PositiveSmallIntegerField(_("fewest answers"), default=10)
    answer_days = models.PositiveSmallIntegerField(_("days to answer"), default=30)

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("rule for proposals from surveys")
        verbose_name_plural = _("rules for proposals from surveys")
        constraints = [
            models.CheckConstraint(
                condition=Q(most__gte=1, answer_days__gte=8, fewest_answers__gte=5),
                name="proposal_rule_is_possible",
            )
        ]

    def __str__(self) -> str:
        return str(self.valid_from)


class RoundLooked(models.Model):
    """A closed round was looked at for proposals. UNIQUE, so that it is done once, whoever sweeps."""

    survey_round = models.OneToOneField(
        Round, on_delete=models.PROTECT, primary_key=True, related_name="looked"
    )
    at = models.DateTimeField()


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("waiting for the head of the unit")
    ACCEPTED = "accepted", _("became a promise")
    DECLINED = "declined", _("declined with a reason")
    VOID = "void", _("void: the round was annulled")


class Proposal(Obligation):
    """The head of the unit owes an answer: a promise, or a reason that everybody can read.

    `mean`, `low`, `high` and `answered` are of the element as the round closed.
    """

    RESTS_ON = ()
    OWED: ClassVar[str] = ProposalState.PROPOSED
    TO_JUDGE: ClassVar[str] = ""

    state = models.CharField(
        _("state"), max_length=20, choices=ProposalState.choices, default=ProposalState.PROPOSED
    )
    survey_round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="proposals")
    element = models.CharField(_("element"), max_length=20, choices=Element.choices)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    mean = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    answered = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    reason = models.TextField(_("why not"), blank=True)
    commitment = models.OneToOneField(
        Commitment, on_delete=models.PROTECT, null=True, related_name="proposal"
    )

    objects = ObligationQuerySet.as_manager()

    class Meta(Obligation.Meta):
        verbose_name = _("proposal from a survey")
        verbose_name_plural = _("proposals from surveys")
        constraints = [
            models.UniqueConstraint(fields=["survey_round", "element"], name="proposal_once"),
            models.CheckConstraint(
                condition=Q(state="proposed", commitment__isnull=True, reason="", ended_at__isnull=True)
                | Q(state="accepted", commitment__isnull=False, ended_at__isnull=False)
                | Q(state="declined", commitment__isnull=True, ended_at__isnull=False) & ~Q(reason="")
                | Q(state="void", commitment__isnull=True, ended_at__isnull=False),
                name="proposal_ended_fits_state",
            ),
        ]


class ProposalStep(Step):
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")
