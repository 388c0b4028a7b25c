"""What a supervisor recommends to an agency, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.roles import Role
from complaints.models import Complaint
from complaints.models.catalogue import Kind
from escalation.promises.models.obligation import Evidence, Obligation, ObligationQuerySet, Step


class Maladministration(models.TextChoices):
    """The types of the ombudsman's law (UU 37/2008 and Peraturan Ombudsman 58/2023)."""

    NONE = "none", _("none found: advice only")
    NO_SERVICE = "no_service", _("service not given")
    PROCEDURE = "procedure", _("procedure not followed")
    DELAY = "delay", _("undue delay")
    NEGLECT = "neglect", _("legal duty neglected")
    UNLAWFUL = "unlawful", _("unlawful act")
    INCOMPETENCE = "incompetence", _("lack of competence")
    REWARD = "reward", _("reward demanded")
    IMPROPER = "improper", _("improper conduct")
    DISCRIMINATION = "discrimination", _("discrimination")
    PARTIALITY = "partiality", _("taking sides")
    INTEREST = "interest", _("conflict of interest")


class RecommendationState(models.TextChoices):
    ISSUED = "issued", _("waiting for the agency")
    ANSWERED = "answered", _("answered, to be judged")
    COMPLIED = "complied", _("complied with")
    PARTLY = "partly", _("partly complied with")
    NOT_COMPLIED = "not_complied", _("not complied with")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Verdict(models.TextChoices):
    """How far the agency has complied; each is also the state of a recommendation that ends with it."""

    COMPLIED = "complied", _("complied with")
    PARTLY = "partly", _("partly complied with")
    NOT_COMPLIED = "not_complied", _("not complied with")


class Recommendation(Obligation):
    """Findings and what is recommended; agency and supervisors read it, the public its number and its end."""

    RESTS_ON = ("links__complaint",)
    OWED: ClassVar[str] = RecommendationState.ISSUED
    TO_JUDGE: ClassVar[str] = RecommendationState.ANSWERED

    state = models.CharField(
        _("state"), max_length=20, choices=RecommendationState.choices, default=RecommendationState.ISSUED
    )
    subject = models.CharField(_("subject"), max_length=150)
    findings = models.TextField(_("findings"))
    recommended = models.TextField(_("what is recommended"))
    maladministration = models.CharField(
        _("maladministration"), max_length=20, choices=Maladministration.choices
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    issued_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # What the agency said last; null before its first answer.
    accepted = models.BooleanField(null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta(Obligation.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[RecommendationState.ISSUED, RecommendationState.ANSWERED],
                    ended_at__isnull=True,
                )
                | models.Q(
                    state__in=[*Verdict.values, RecommendationState.WITHDRAWN], ended_at__isnull=False
                ),
                name="recommendation_ended_fits_state",
            )
        ]

    def shows_findings_to(self, actor: Actor) -> bool:
        """What an oversight complaint brought to light may be about the very officers of the agency: its head
        reads it."""
        if role_of(actor) in (Role.SYSTEM, Role.SUPERVISOR, Role.AGENCY_HEAD):
            return True
        return not self.links.filter(complaint__kind=Kind.OVERSIGHT).exists()


class RecommendationCase(models.Model):
    """A case on which a recommendation rests. Only who may see the case learns that it does."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="links")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "complaint"], name="recommendation_case_once")
        ]


class RecommendationStep(Step):
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="steps")


class RecommendationEvidence(Evidence):
    step = models.ForeignKey(RecommendationStep, on_delete=models.PROTECT, related_name="evidence")
