"""What an agency has promised to change, and whether it did."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Service
from escalation.promises.models.obligation import Evidence, Obligation, ObligationQuerySet, Step
from escalation.promises.models.recommendation import Recommendation
from surveys.forums.models import Finding
from surveys.questionnaires.models import Element
from surveys.rounds.models import Round


class CommitmentKind(models.TextChoices):
    """What changes."""

    HOURS = "hours", _("opening hours")
    PROCEDURE = "procedure", _("procedure")
    TRAINING = "training", _("staff training")
    FACILITY = "facility", _("facility")
    INFORMATION = "information", _("information")
    OTHER = "other", _("other")


class CommitmentState(models.TextChoices):
    OPEN = "open", _("promised")
    REPORTED = "reported", _("reported as done, to be judged")
    KEPT = "kept", _("kept")
    BROKEN = "broken", _("broken")


class Commitment(Obligation):
    """A promise with owner and day. Title, description and what became of it are public.

    An open one past its day counts as overdue in public and may still be kept late; `done_on` is the day on
    which the agency last reported it as done, and decides whether a kept one was kept in time.
    """

    RESTS_ON = (
        "sources__complaint",
        "sources__recommendation__links__complaint",
        "sources__finding__inputs__complaint",
    )
    OWED: ClassVar[str] = CommitmentState.OPEN
    TO_JUDGE: ClassVar[str] = CommitmentState.REPORTED

    state = models.CharField(
        _("state"), max_length=20, choices=CommitmentState.choices, default=CommitmentState.OPEN
    )
    kind = models.CharField(_("what changes"), max_length=20, choices=CommitmentKind.choices)
    service = models.ForeignKey(
        Service,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("about the service"),
    )
    title = models.CharField(_("promise"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    done_on = models.DateField(null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta(Obligation.Meta):
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        indexes = [*Obligation.Meta.indexes, models.Index(fields=["made_at", "id"], name="commitment_made")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "reported"], ended_at__isnull=True)
                | Q(state__in=["kept", "broken"], ended_at__isnull=False),
                name="commitment_ended_fits_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reported", "kept"]) | Q(done_on__isnull=False),
                name="commitment_done_when_reported",
            ),
        ]


class SourceKind(models.TextChoices):
    CASE = "case", _("report")
    RECOMMENDATION = "recommendation", _("recommendation")
    SURVEY_ELEMENT = "survey_element", _("result of a survey")
    FINDING = "finding", _("finding of a forum")


_ONE_EACH = {
    SourceKind.CASE: "complaint",
    SourceKind.RECOMMENDATION: "recommendation",
    SourceKind.SURVEY_ELEMENT: "survey_round",
    SourceKind.FINDING: "finding",
}


def _is_one_thing() -> Q:
    """Each kind has its own key and no other; an element is of a round."""
    found = Q()
    for kind, key in _ONE_EACH.items():
        keys = {f"{other}__isnull": other != key for other in _ONE_EACH.values()}
        element = ~Q(element="") if kind == SourceKind.SURVEY_ELEMENT else Q(element="")
        found |= Q(kind=kind.value, **keys) & element
    return found


class CommitmentSource(models.Model):
    """Where a promise came from: one row for each source, whose people are told when it is kept or broken.

    Of a survey's element nobody is told: who answered is not known. Whom to tell says `services.sources`.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=20, choices=SourceKind.choices)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, related_name="+")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, null=True, related_name="commitment_sources"
    )
    survey_round = models.ForeignKey(
        Round, on_delete=models.PROTECT, null=True, related_name="commitment_sources"
    )
    element = models.CharField(max_length=20, choices=Element.choices, blank=True, default="")
    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, null=True, related_name="commitment_sources"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_is_one_thing(), name="commitment_source_is_one_thing"),
            models.UniqueConstraint(fields=["commitment", "complaint"], name="commitment_case_once"),
            models.UniqueConstraint(
                fields=["commitment", "recommendation"], name="commitment_recommendation_once"
            ),
            models.UniqueConstraint(
                fields=["commitment", "survey_round", "element"], name="commitment_element_once"
            ),
            models.UniqueConstraint(fields=["commitment", "finding"], name="commitment_finding_once"),
        ]


class CommitmentStep(Step):
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="steps")


class CommitmentEvidence(Evidence):
    step = models.ForeignKey(CommitmentStep, on_delete=models.PROTECT, related_name="evidence")
