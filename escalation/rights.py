"""The rows that this app adds to the rights table."""

from enum import StrEnum

from accounts.roles import Role
from complaints.permissions import Right


class EscalationAct(StrEnum):
    """What can be done with escalations and on the supervisors' desk."""

    ACKNOWLEDGE = "acknowledge"  # an escalation
    DECIDE = "decide"  # on an escalation
    OVERSEE = "oversee"  # the supervisors' desk
    RECOMMEND = "recommend"  # issue, and judge compliance
    ANSWER_RECOMMENDATION = "answer_recommendation"
    ANSWER_SIGN = "answer_sign"  # say for the agency what is behind a sign
    SEE_OBLIGATIONS = "see_obligations"  # what an agency owes: recommendations and commitments
    COMMIT = "commit"  # promise something for the agency, report on it
    JUDGE_COMMITMENT = "judge_commitment"
    AUDIT = "audit"  # draw samples and review cases
    CALL_BACK = "call_back"  # ask citizens by telephone whether it was done
    SEE_OWN_MONTH = "see_own_month"  # an officer's figures of a month
    SEE_PEOPLES_MONTHS = "see_peoples_months"
    WHAT_IF = "what_if"  # replay a period under another policy


RIGHTS: dict[Right, frozenset[Role]] = {
    EscalationAct.ACKNOWLEDGE: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    EscalationAct.DECIDE: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    EscalationAct.OVERSEE: frozenset({Role.SUPERVISOR}),
    EscalationAct.RECOMMEND: frozenset({Role.SUPERVISOR}),
    EscalationAct.ANSWER_RECOMMENDATION: frozenset({Role.AGENCY_HEAD}),
    EscalationAct.ANSWER_SIGN: frozenset({Role.AGENCY_HEAD}),
    EscalationAct.SEE_OBLIGATIONS: frozenset({Role.OFFICER, Role.AGENCY_HEAD}),
    EscalationAct.COMMIT: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    EscalationAct.JUDGE_COMMITMENT: frozenset({Role.SUPERVISOR}),
    EscalationAct.AUDIT: frozenset({Role.SUPERVISOR}),
    EscalationAct.CALL_BACK: frozenset({Role.SUPERVISOR}),
    # Whoever became head keeps the months they had as an officer.
    EscalationAct.SEE_OWN_MONTH: frozenset({Role.OFFICER, Role.AGENCY_HEAD}),
    EscalationAct.SEE_PEOPLES_MONTHS: frozenset({Role.AGENCY_HEAD}),
    # Figures only, no case: whoever sets the policy may try it out first.
    EscalationAct.WHAT_IF: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
}
