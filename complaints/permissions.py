"""The one rights table: which role may do what to a case it can see.

Scope (which cases a role sees at all) is `visible_to`; the state decides what is possible now
(states.TRANSITIONS). This table decides the rest, with the rows that apps above add to it. Out of scope is
404, in scope without the right 403.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from accounts.actors import Actor, role_of
from accounts.roles import Role
from complaints.states import State, Verb


class Act(StrEnum):
    """What can be done to a case besides its transitions."""

    READ_WORDS = "read_words"  # what the citizen wrote and the public timeline
    READ_STAFF = "read_staff"  # internal notes, assignment remarks
    READ_CONTACT = "read_contact"  # who complained, where this is not protected
    OPEN_IDENTITY = "open_identity"  # a protected identity, with a motive, recorded
    NOTE = "note"
    HAND_ON = "hand_on"  # to a colleague of the same agency
    SEE_WORKLOAD = "see_workload"  # who of the agency has how many cases
    TELL_PROGRESS = "tell_progress"  # to the citizen, while work goes on
    ADD_FILE = "add_file"
    MARK_FILE = "mark_file"  # as showing a person or papers
    ENTER = "enter"  # intake on someone's behalf
    BULK = "bulk"
    AUDIT_NOTE = "audit_note"
    MOVE_DEADLINES = "move_deadlines"  # after a change of policy or calendar
    UPDATE_IMPORTED = "update_imported"  # history only, by the system it came from
    SETTLE_REFERRAL = "settle_referral"  # the body that a case was referred to has answered
    CHECK_FILE = "check_file"  # makes safe what came as it was received
    ERASE = "erase"  # the citizen and their words, after the case
    NAME_PARTY = "name_party"  # whom the complaint is about
    CLEAR_PARTY = "clear_party"
    CHOOSE_MAIL = "choose_mail"  # how much of it its citizen gets
    CORRECT = "correct"  # title, place, ward and category, as the case was filed


# A verb, an act, or an act of an app above, which grants it by `grant`.
Right = StrEnum

R = Role
RIGHTS: dict[Right, frozenset[Role]] = {
    Verb.SUBMIT: frozenset({R.CITIZEN, R.CLERK, R.SYSTEM}),
    Verb.ASK_CITIZEN: frozenset({R.VERIFIER, R.OFFICER}),
    # Whoever works on a part asks through the whole, which only the citizen has a receipt of.
    Verb.ASK_FOR_PART: frozenset({R.SYSTEM}),
    Verb.ANSWER: frozenset({R.CITIZEN, R.CLERK}),
    Verb.LAPSE: frozenset({R.SYSTEM}),
    Verb.REJECT: frozenset({R.VERIFIER}),
    Verb.MERGE: frozenset({R.VERIFIER}),
    Verb.ASSIGN: frozenset({R.VERIFIER}),
    Verb.HAND_BACK: frozenset({R.OFFICER}),
    # The system hands over what a closed agency had.
    Verb.REASSIGN: frozenset({R.AGENCY_HEAD, R.SUPERVISOR, R.SYSTEM}),
    Verb.ACCEPT: frozenset({R.OFFICER}),
    Verb.RESOLVE: frozenset({R.OFFICER}),
    Verb.CONFIRM: frozenset({R.CITIZEN}),
    # The system passes on the dissent of a merged case's citizen to the main case.
    Verb.DISPUTE: frozenset({R.CITIZEN, R.SYSTEM}),
    Verb.AUTO_CLOSE: frozenset({R.SYSTEM}),
    Verb.REFER: frozenset({R.VERIFIER, R.SUPERVISOR}),
    Verb.WITHDRAW: frozenset({R.CITIZEN}),
    # The system passes on what the citizen of a merged case says.
    Verb.BRING_BACK: frozenset({R.CITIZEN, R.SUPERVISOR, R.SYSTEM}),
    Verb.GO_ON: frozenset({R.SYSTEM}),
    Act.READ_WORDS: frozenset(
        {R.CITIZEN, R.CLERK, R.VERIFIER, R.OFFICER, R.AGENCY_HEAD, R.SUPERVISOR, R.SYSTEM}
    ),
    Act.READ_STAFF: frozenset({R.VERIFIER, R.OFFICER, R.AGENCY_HEAD, R.SUPERVISOR, R.SYSTEM}),
    Act.READ_CONTACT: frozenset({R.VERIFIER, R.OFFICER, R.AGENCY_HEAD, R.SUPERVISOR}),
    Act.OPEN_IDENTITY: frozenset({R.SUPERVISOR}),
    Act.NOTE: frozenset({R.VERIFIER, R.OFFICER, R.AGENCY_HEAD}),
    Act.HAND_ON: frozenset({R.OFFICER, R.AGENCY_HEAD}),
    Act.TELL_PROGRESS: frozenset({R.OFFICER}),
    Act.SEE_WORKLOAD: frozenset({R.OFFICER, R.AGENCY_HEAD}),
    Act.ADD_FILE: frozenset({R.CITIZEN, R.CLERK, R.OFFICER}),
    Act.MARK_FILE: frozenset({R.CLERK, R.VERIFIER, R.OFFICER, R.AGENCY_HEAD}),
    Act.ENTER: frozenset({R.CLERK}),
    Act.BULK: frozenset({R.VERIFIER, R.OFFICER}),
    Act.AUDIT_NOTE: frozenset({R.SUPERVISOR}),
    # The administrator asks for it and is named in the event, but sees no case.
    Act.MOVE_DEADLINES: frozenset({R.SYSTEM}),
    Act.UPDATE_IMPORTED: frozenset({R.SYSTEM}),
    Act.SETTLE_REFERRAL: frozenset({R.CITIZEN, R.SUPERVISOR}),
    Act.CHECK_FILE: frozenset({R.SYSTEM}),
    Act.ERASE: frozenset({R.SYSTEM}),
    Act.NAME_PARTY: frozenset({R.VERIFIER, R.SUPERVISOR}),
    Act.CLEAR_PARTY: frozenset({R.SUPERVISOR}),
    Act.CORRECT: frozenset({R.VERIFIER}),
    Act.CHOOSE_MAIL: frozenset({R.CITIZEN}),
}


def grant(rows: Mapping[Right, frozenset[Role]]) -> None:
    """Adds the rows of an app above to the table. A right is granted once."""
    for right, roles in rows.items():
        if RIGHTS.setdefault(right, roles) is not roles:
            raise ImproperlyConfigured(f"the right {right!r} is granted twice")


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
VERIFIER_ALWAYS: frozenset[Right] = frozenset({Verb.REFER, Act.BULK})


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
