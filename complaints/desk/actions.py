"""What staff can do to a case: for each verb its right, its form and the service that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from accounts.models import User
from complaints.desk.forms import actions as forms
from complaints.desk.forms.correcting import CorrectForm
from complaints.desk.forms.parties import ClearPartyForm, NamePartyForm
from complaints.desk.forms.resolving import AddProofFilesForm, ProofForm, ResolveForm
from complaints.models import Complaint, StandardReply
from complaints.permissions import Act, Right, may
from complaints.recusal import active_parties
from complaints.services import citizen, colleagues, correction, handling, parties, referral, verification
from complaints.states import PAUSED, State, Verb

Use = StandardReply.Use


def _always(case: Complaint) -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """`slug` is the last part of the path; `service` is given what the form says;
    `applies_to` says what the state alone does not."""

    slug: str
    right: Right
    label: str | Promise
    submit: str | Promise
    icon: str
    key: str  # the letter that opens it
    form: type[forms.CaseForm]
    service: Callable[..., object]
    use: str = ""  # which standard replies fit
    danger: bool = False
    applies_to: Callable[[Complaint], bool] = _always
    done: str | Promise = ""
    waits_for_parts: bool = False  # not possible while another agency works on a part
    proof: type[forms.CaseForm] | None = None  # its form where the category asks for evidence

    def form_for(self, case: Complaint) -> type[forms.CaseForm]:
        asks = case.category is not None and case.category.needs_evidence
        return self.proof if asks and self.proof is not None else self.form

    def is_open_to(self, actor: User, case: Complaint) -> bool:
        """Whether this person may do it to this case now."""
        if not may(actor, self.right, case) or not self.applies_to(case):
            return False
        return not isinstance(self.right, Verb) or bool(can_proceed(getattr(case, self.right.value)))


def _is_open(case: Complaint) -> bool:
    return case.is_open


def _is_not_asked(case: Complaint) -> bool:
    """Of a part of a shared case: its citizen answers one question at a time."""
    return case.parent is None or case.parent.state not in PAUSED


def _can_tell(case: Complaint) -> bool:
    """Of a shared case whoever leads tells its citizen."""
    return case.state == State.IN_PROGRESS and case.parent_id is None


def _has_files(case: Complaint) -> bool:
    return bool(case.attachments.all())  # with_everything has read them


def _is_unsettled(case: Complaint) -> bool:
    return case.state == State.REFERRED and not case.outside_answer


def _is_whole_and_live(case: Complaint) -> bool:
    return case.is_live and case.parent_id is None


def _names_somebody(case: Complaint) -> bool:
    return bool(active_parties(case))


ACTIONS: tuple[Action, ...] = (
    Action("merge", Verb.MERGE, _("Reported already? Merge with another case"), _("Merge"), "merge", "g",
           forms.MergeForm, verification.merge, done=_("The case was merged.")),
    Action("assign", Verb.ASSIGN, _("Assign to an agency"), _("Assign"), "arrow-right", "a", forms.AssignForm,
           verification.assign, done=_("The case was assigned.")),
    Action("accept", Verb.ACCEPT, _("Accept the case"), _("Accept"), "check", "c", forms.AcceptForm,
           handling.accept, done=_("The case was accepted.")),
    Action("resolve", Verb.RESOLVE, _("Answer and resolve"), _("Send the answer"), "check-circle", "r",
           ResolveForm, handling.resolve, use=Use.RESOLVE, done=_("The answer was given."),
           waits_for_parts=True, proof=ProofForm),
    Action("progress", Act.TELL_PROGRESS, _("Tell the citizen how far it is"), _("Send"), "chat", "i",
           forms.ProgressForm, colleagues.tell_progress, applies_to=_can_tell,
           done=_("The citizen was told how far it is.")),
    Action("hand-on", Act.HAND_ON, _("Hand to a colleague"), _("Hand on"), "person", "h", forms.HandOnForm,
           colleagues.hand_on, applies_to=colleagues.is_handled, done=_("The case was handed on.")),
    Action("ask", Verb.ASK_CITIZEN, _("Ask the citizen"), _("Send the question"), "chat", "q", forms.AskForm,
           verification.ask_citizen, use=Use.ASK, applies_to=_is_not_asked, done=_("The question was sent.")),
    Action("answer", Verb.ANSWER, _("Enter the citizen's answer"), _("Save the answer"), "chat", "w",
           forms.AnswerForm, citizen.answer, done=_("The answer was saved.")),
    Action("note", Act.NOTE, _("Internal note"), _("Save the note"), "edit", "o", forms.NoteForm,
           handling.add_note, done=_("The note was saved.")),
    Action("audit-note", Act.AUDIT_NOTE, _("Audit note"), _("Save the note"), "edit", "u", forms.AuditNoteForm,
           partial(handling.add_note, audit=True), done=_("The note was saved.")),
    Action("files", Act.ADD_FILE, _("Add files"), _("Add"), "file", "f", forms.AddFilesForm,
           handling.add_files, applies_to=_is_open, done=_("The files were added."), proof=AddProofFilesForm),
    Action("mark-files", Act.MARK_FILE, _("Files that show a person or papers"), _("Save"), "eye-off", "m",
           forms.MarkFilesForm, handling.mark_files, applies_to=_has_files, done=_("The files are marked.")),
    Action("correct", Act.CORRECT, _("Put right what it was filed as"), _("Save the correction"), "edit", "y",
           CorrectForm, correction.correct, applies_to=_is_whole_and_live, done=_("It was put right.")),
    Action("hand-back", Verb.HAND_BACK, _("Hand back: not ours"), _("Hand back"), "undo", "b",
           forms.HandBackForm, handling.hand_back, use=Use.HAND_BACK, danger=True,
           done=_("The case went back to the verifiers."), waits_for_parts=True),
    Action("party", Act.NAME_PARTY, _("Name whom it is about"), _("Name them"), "person", "p", NamePartyForm,
           parties.name_party, danger=True, done=_("They are named and no longer have anything to do with the case.")),
    Action("clear-party", Act.CLEAR_PARTY, _("No longer a reported party"), _("Take the name back"), "undo", "l",
           ClearPartyForm, parties.clear_party, danger=True, applies_to=_names_somebody,
           done=_("They are not named any more.")),
    Action("refer", Verb.REFER, _("Refer to an outside body"), _("Refer"), "link-out", "e", forms.ReferForm,
           verification.refer, danger=True, done=_("The case was referred.")),
    Action("bring-back", Verb.BRING_BACK, _("Take it up again"), _("Take it up again"), "undo", "t",
           forms.BringBackForm, referral.bring_back,
           done=_("The city has the case again. It was raised to the supervisors.")),
    Action("settle-referral", Act.SETTLE_REFERRAL, _("The other body has answered"), _("Save"), "check", "s",
           forms.SettleReferralForm, referral.settle_referral, applies_to=_is_unsettled,
           done=_("Noted: the other body has answered.")),
    Action("reject", Verb.REJECT, _("Reject"), _("Reject the case"), "x-circle", "d", forms.RejectForm,
           verification.reject, use=Use.REJECT, danger=True, done=_("The case was rejected.")),
)  # fmt: skip
BY_SLUG = {action.slug: action for action in ACTIONS}


def open_actions(actor: User, case: Complaint) -> list[Action]:
    """What this person may do to this case now, in the order to show."""
    return [action for action in ACTIONS if action.is_open_to(actor, case)]
