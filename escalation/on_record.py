"""What of this app's tables the history does not hold fast (complaints/history/untold.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.history.untold import Untold
from escalation.models import (
    AuditItem,
    AuditReview,
    AuditSample,
    Commitment,
    CommitmentEvidence,
    CommitmentSource,
    CommitmentStep,
    Hold,
    LadderState,
    Recommendation,
    RecommendationCase,
    RecommendationEvidence,
    RecommendationStep,
    WhatIf,
)

UNTOLD = (
    Untold(
        "promises",
        _("The tables of recommendations and promises: their days, states and steps"),
        _("What was recommended, promised, kept or broken stands in the history of the reports behind it."),
        dict.fromkeys(
            (
                Recommendation,
                RecommendationCase,
                RecommendationStep,
                RecommendationEvidence,
                Commitment,
                CommitmentSource,
                CommitmentStep,
                CommitmentEvidence,
            ),
            (),
        ),
    ),
    Untold(
        "audits",
        _("The tables of audits: samples drawn and reviews made"),
        _("Whoever has the draw can repeat it, and what was found stands in the history of each report."),
        dict.fromkeys((AuditSample, AuditItem, AuditReview), ()),
    ),
    Untold(
        "sweep",
        _("When the daily sweep ran last, and what holds it up"),
        _("Each run writes it anew. What the sweep did to a report stands in its history."),
        {LadderState: (), Hold: ()},
    ),
    Untold(
        "trials",
        _("Trials of another policy"),
        _("They are computed from the history and can be computed again."),
        {WhatIf: ()},
    ),
)
