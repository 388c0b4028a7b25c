"""What an agency has promised to change, and whether it did."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from escalation.promises.models.obligation import Evidence, Obligation, ObligationQuerySet, Step
from escalation.promises.models.recommendation import Recommendation


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

    RESTS_ON = ("sources__complaint", "sources__recommendation__links__complaint")
    OWED: ClassVar[str] = CommitmentState.OPEN
    TO_JUDGE: ClassVar[str] = CommitmentState.REPORTED

    state = models.CharField(
        _("state"), max_length=20, choices=CommitmentState.choices, default=CommitmentState.OPEN
    )
    kind = models.CharField(_("what changes"), max_length=20, choices=CommitmentKind.choices)
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


class CommitmentSource(models.Model):
    """Where a promise came from: one row for each source, whose people are told when it is kept.

    The door for others: the result of a survey's element and the input of a forum join as further kinds,
    each with a nullable key of its own (surveys lies below this app) in the check below, and in
    `services.commitments.led_to`, which says whom to tell.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=20, choices=SourceKind.choices)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, related_name="+")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, null=True, related_name="commitment_sources"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="case", complaint__isnull=False, recommendation__isnull=True)
                | Q(kind="recommendation", complaint__isnull=True, recommendation__isnull=False),
                name="commitment_source_is_one_thing",
            ),
            models.UniqueConstraint(fields=["commitment", "complaint"], name="commitment_case_once"),
            models.UniqueConstraint(
                fields=["commitment", "recommendation"], name="commitment_recommendation_once"
            ),
        ]


class CommitmentStep(Step):
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="steps")


class CommitmentEvidence(Evidence):
    step = models.ForeignKey(CommitmentStep, on_delete=models.PROTECT, related_name="evidence")
