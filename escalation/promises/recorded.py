"""What the ledger's own entries record of recommendations and promises (complaints/ledger/recording.py).

Words, cases and files are told by digests, salted with the secret of the form that a row came from.
"""

from complaints.history.rows import Table
from escalation.promises.models.commitment import (
    Commitment,
    CommitmentEvidence,
    CommitmentSource,
    CommitmentStep,
)
from escalation.promises.models.planned import EffectTold, PlannedChange
from escalation.promises.models.proposal import Proposal, ProposalStep, RoundLooked
from escalation.promises.models.recommendation import (
    Recommendation,
    RecommendationCase,
    RecommendationEvidence,
    RecommendationStep,
)

FORM = "idempotency_key"
FILE = ("attachment__sha256", "attachment__is_public", "attachment__is_personal")

OWN_ROWS = (
    Table.of_entries(
        "recommendation", Recommendation, plain=["number"], digested=["maladministration"], salt=FORM
    ),
    Table.of_entries(
        "recommendation_case",
        RecommendationCase,
        digested=["complaint_id"],
        salt=f"recommendation__{FORM}",
    ),
    Table.of_entries(
        "recommendation_step", RecommendationStep, plain=["role"], salt=f"recommendation__{FORM}"
    ),
    Table.of_entries(
        "recommendation_evidence",
        RecommendationEvidence,
        also=FILE,
        salt=f"step__recommendation__{FORM}",
    ),
    Table.of_entries("commitment", Commitment, plain=["number"], salt=FORM),
    Table.of_entries(
        "commitment_source", CommitmentSource, digested=["complaint_id"], salt=f"commitment__{FORM}"
    ),
    Table.of_entries("commitment_step", CommitmentStep, plain=["role"], salt=f"commitment__{FORM}"),
    Table.of_entries(
        "commitment_evidence",
        CommitmentEvidence,
        also=FILE,
        salt=f"step__commitment__{FORM}",
    ),
    # What is planned is public, as the standard will be.
    Table.of_entries("planned_change", PlannedChange, plain=["after", "not_made"]),
    Table.of_entries("effect_told", EffectTold),
    Table.of_entries("proposal", Proposal, plain=["number"], salt=FORM),
    Table.of_entries("proposal_step", ProposalStep, plain=["role"], salt=f"proposal__{FORM}"),
    Table.of_entries("round_looked", RoundLooked),
)
