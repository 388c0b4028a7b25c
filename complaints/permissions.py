"""The one rights table: which role may do what to a case it can see.

Scope (which cases a role sees at all) is `visible_to`; the state decides what is possible now
(states.TRANSITIONS). This table decides the rest. Out of scope is 404, in scope without the right 403.
"""

from enum import StrEnum
from typing import Protocol

from accounts.roles import Actor, Role, role_of
from complaints.states import State, Verb


class Act(StrEnum):
    """What can be done to a case besides its transitions."""

    READ_WORDS = "read_words"  # what the citizen wrote and the public timeline
    READ_STAFF = "read_staff"  # internal notes, assignment remarks
    READ_CONTACT = "read_contact"  # who complained, where this is not protected
    OPEN_IDENTITY = "open_identity"  # a protected identity, with a motive, recorded
    NOTE = "note"
    ADD_FILE = "add_file"
    ENTER = "enter"  # intake on someone's behalf
    BULK = "bulk"
    DECIDE = "decide"  # decide on an escalation
    ACKNOWLEDGE = "acknowledge"  # an escalation
    AUDIT_NOTE = "audit_note"
    MOVE_DEADLINES = "move_deadlines"  # after a change of policy or calendar
    ERASE = "erase"  # the citizen and their words, after the case
    READ_REPORTS = "read_reports"
    OVERSEE = "oversee"  # the supervisors' desk
    NAME_PARTY = "name_party"  # whom the complaint is about
    CLEAR_PARTY = "clear_party"
    SEAL_FILE = "seal_file"  # the case as a bundle for the ombudsman or an appeal
    RECOMMEND = "recommend"  # issue, and judge compliance
    ANSWER_RECOMMENDATION = "answer_recommendation"
    SEE_OWED = "see_owed"  # what an agency owes: recommendations and commitments
    COMMIT = "commit"  # promise something for the agency, report on it
    JUDGE_COMMITMENT = "judge_commitment"
    AUDIT = "audit"  # draw samples and review cases
    WHAT_IF = "what_if"  # replay a period under another policy


Right = Verb | Act

R = Role
RIGHTS: dict[Right, frozenset[Role]] = {
    Verb.SUBMIT: frozenset({R.CITIZEN, R.CLERK, R.SYSTEM}),
    Verb.ASK_CITIZEN: frozenset({R.VERIFIER, R.OFFICER}),
    Verb.ANSWER: frozenset({R.CITIZEN, R.CLERK}),
    Verb.LAPSE: frozenset({R.SYSTEM}),
    Verb.REJECT: frozenset({R.VERIFIER}),
    Verb.MERGE: frozenset({R.VERIFIER}),
    Verb.ASSIGN: frozenset({R.VERIFIER}),
    Verb.HAND_BACK: frozenset({R.OFFICER}),
    Verb.REASSIGN: frozenset({R.AGENCY_HEAD, R.SUPERVISOR}),
    Verb.ACCEPT: frozenset({R.OFFICER}),
    Verb.RESOLVE: frozenset({R.OFFICER}),
    Verb.CONFIRM: frozenset({R.CITIZEN}),
    # The system passes on the dissent of a merged case's citizen to the main case.
    Verb.DISPUTE: frozenset({R.CITIZEN, R.SYSTEM}),
    Verb.AUTO_CLOSE: frozenset({R.SYSTEM}),
    Verb.REFER: frozenset({R.VERIFIER, R.SUPERVISOR}),
    Verb.WITHDRAW: frozenset({R.CITIZEN}),
    Act.READ_WORDS: frozenset(
        {R.CITIZEN, R.CLERK, R.VERIFIER, R.OFFICER, R.AGENCY_HEAD, R.SUPERVISOR, R.SYSTEM}
    ),
    Act.READ_STAFF: frozenset({R.VERIFIER, R.OFFICER, R.AGENCY_HEAD, R.SUPERVISOR, R.SYSTEM}),
    Act.READ_CONTACT: frozenset({R.VERIFIER, R.OFFICER, R.AGENCY_HEAD, R.SUPERVISOR}),
    Act.OPEN_IDENTITY: frozenset({R.SUPERVISOR}),
    Act.NOTE: frozenset({R.VERIFIER, R.OFFICER, R.AGENCY_HEAD}),
    Act.ADD_FILE: frozenset({R.CITIZEN, R.CLERK, R.OFFICER}),
    Act.ENTER: frozenset({R.CLERK}),
    Act.BULK: frozenset({R.VERIFIER, R.OFFICER}),
    Act.DECIDE: frozenset({R.AGENCY_HEAD, R.SUPERVISOR}),
    Act.ACKNOWLEDGE: frozenset({R.AGENCY_HEAD, R.SUPERVISOR}),
    Act.AUDIT_NOTE: frozenset({R.SUPERVISOR}),
    # The administrator asks for it and is named in the event, but sees no case.
    Act.MOVE_DEADLINES: frozenset({R.SYSTEM}),
    Act.ERASE: frozenset({R.SYSTEM}),
    Act.READ_REPORTS: frozenset({R.VERIFIER, R.AGENCY_HEAD, R.SUPERVISOR}),
    Act.OVERSEE: frozenset({R.SUPERVISOR}),
    Act.NAME_PARTY: frozenset({R.VERIFIER, R.SUPERVISOR}),
    Act.CLEAR_PARTY: frozenset({R.SUPERVISOR}),
    Act.SEAL_FILE: frozenset({R.SUPERVISOR}),
    Act.RECOMMEND: frozenset({R.SUPERVISOR}),
    Act.ANSWER_RECOMMENDATION: frozenset({R.AGENCY_HEAD}),
    Act.SEE_OWED: frozenset({R.OFFICER, R.AGENCY_HEAD}),
    Act.COMMIT: frozenset({R.AGENCY_HEAD, R.SUPERVISOR}),
    Act.JUDGE_COMMITMENT: frozenset({R.SUPERVISOR}),
    Act.AUDIT: frozenset({R.SUPERVISOR}),
    # Figures only, no case: whoever sets the policy may try it out first.
    Act.WHAT_IF: frozenset({R.SUPERVISOR, R.ADMINISTRATOR}),
}


def role_may(role: Role, right: Right) -> bool:
    """Whether `role` has `right` over the cases in its scope."""
    return role in RIGHTS[right]


class Case(Protocol):
    """What the table has to know of a case."""

    state: str
    returns_to: str
    is_anonymous: bool
    is_confidential: bool


def waits_for_verification(case: Case) -> bool:
    """Whether the case lies with the verifiers: unassigned, or asked back before it was assigned."""
    return case.state == State.SUBMITTED or (
        case.state == State.AWAITING_CITIZEN and case.returns_to == State.SUBMITTED
    )


# A verifier has every case while it waits for verification and afterwards its heading only;
# referring is the exception, since "not ours" may come out late.
VERIFIER_ALWAYS = frozenset({Verb.REFER, Act.BULK, Act.READ_REPORTS})


def may(actor: Actor, right: Right, case: Case) -> bool:
    """Whether `actor`, who has `case` in scope, has `right` over it as it stands. The state is not asked."""
    role = role_of(actor)
    if not role_may(role, right):
        return False
    if role == Role.VERIFIER and right not in VERIFIER_ALWAYS:
        return waits_for_verification(case) and not (right == Act.READ_CONTACT and is_protected(case))
    if right == Act.READ_CONTACT:
        return not is_protected(case)
    return True


def is_protected(case: Case) -> bool:
    """Whether the identity is hidden from everyone but a supervisor who gives a motive."""
    return case.is_confidential or case.is_anonymous
