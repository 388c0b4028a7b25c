"""Recommendations and commitments: the supervisors' pages, the agency's own, and the public one."""

from django.urls import path

from escalation.promises.views import board, commitments, obligations, proposals, recommendations

_REC = "staff/recommendations/<str:number>/"
_COM = "staff/commitments/<str:number>/"

urlpatterns = [
    path("commitments/", board.commitment_board, name="commitment-board"),
    path("commitments/<str:number>/", board.commitment_public, name="commitment-public"),
    path("oversight/recommendations/", recommendations.recommendation_list, name="recommendation-list"),
    path("oversight/recommendations/new/", recommendations.recommendation_new, name="recommendation-new"),
    path("oversight/commitments/", commitments.commitment_list, name="commitment-list"),
    path("staff/owed/", obligations.obligation_list, name="obligations"),
    path("staff/owed/pattern/", obligations.case_pattern, name="case-pattern"),
    path("staff/owed/evidence/<slug:key>/", obligations.evidence, name="evidence"),
    path("staff/commitments/new/", commitments.commitment_new, name="commitment-new"),
    path("staff/proposals/", proposals.proposal_list, name="proposals"),
    path("staff/proposals/<str:number>/", proposals.proposal_detail, name="proposal-detail"),
    path("staff/proposals/<str:number>/decline/", proposals.proposal_decline, name="proposal-decline"),
    # Both sides read and write on these: the scope decides.
    path(_REC, recommendations.recommendation_detail, name="recommendation-detail"),
    path(f"{_REC}answer/", recommendations.recommendation_answer, name="recommendation-answer"),
    path(f"{_REC}judge/", recommendations.recommendation_judge, name="recommendation-judge"),
    path(f"{_REC}withdraw/", recommendations.recommendation_withdraw, name="recommendation-withdraw"),
    path(_COM, commitments.commitment_detail, name="commitment-detail"),
    path(f"{_COM}report/", commitments.commitment_report, name="commitment-report"),
    path(f"{_COM}judge/", commitments.commitment_judge, name="commitment-judge"),
]
