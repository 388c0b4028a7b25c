"""What staff can do to a case: for each verb its right, its form and the service that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from accounts.models import User
from complaints.desk.forms import actions as forms
from complaints.desk.forms.parties import ClearPartyForm, NamePartyForm
from complaints.files import storage
from complaints.models import Attachment, Complaint, StandardReply
from complaints.permissions import Act, Right, may
from complaints.recusal import active_parties
from complaints.services import citizen, handling, parties, verification
from complaints.services.change import NotPossible
from complaints.states import Verb

Use = StandardReply.Use
Do = Callable[[Complaint, User, datetime, Any], object]


def _always(case: Complaint) -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """`slug` is the last part of the path; `fits` says what the state alone does not."""

    slug: str
    right: Right
    label: str | Promise
    submit: str | Promise
    icon: str
    form: type[forms.CaseForm]
    do: Do
    use: str = ""  # which standard replies fit
    danger: bool = False
    fits: Callable[[Complaint], bool] = _always
    done: str | Promise = ""

    def is_open_to(self, actor: User, case: Complaint) -> bool:
        """Whether this person may do it to this case now."""
        if not may(actor, self.right, case) or not self.fits(case):
            return False
        return not isinstance(self.right, Verb) or bool(can_proceed(getattr(case, self.right.value)))


def _ask(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    data = form.cleaned_data
    return verification.ask_citizen(
        case.pk, actor=actor, now=now, question=data["question"], version=data["version"]
    )


def _reject(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    return verification.reject(case.pk, actor=actor, now=now, **form.cleaned_data)


def _merge(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    data = form.cleaned_data
    return verification.merge(case.pk, actor=actor, now=now, into=data["into"].pk, version=data["version"])


def _assign(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    data = form.cleaned_data
    routing = verification.Routing(
        form.agencies, kind=data["kind"], category=data["category"], remark=data["remark"]
    )
    return verification.assign(case.pk, actor=actor, now=now, routing=routing, version=data["version"])


def _accept(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    return handling.accept(case.pk, actor=actor, now=now, **form.cleaned_data)


def _hand_back(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    return handling.hand_back(case.pk, actor=actor, now=now, **form.cleaned_data)


def _resolve(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    data = form.cleaned_data
    kept = take_files(data["attachments"], actor, now)
    return handling.resolve(
        case.pk, actor=actor, now=now, answer=data["answer"], files=kept, version=data["version"]
    )


def _refer(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    return verification.refer(case.pk, actor=actor, now=now, **form.cleaned_data)


def _answer(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    data = form.cleaned_data
    kept = take_files(data["attachments"], actor, now)
    return citizen.answer(
        case.pk, actor=actor, now=now, text=data["answer"], files=kept, version=data["version"]
    )


def _note(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    return handling.add_note(case.pk, actor=actor, now=now, text=form.cleaned_data["note"])


def _audit_note(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    return handling.add_note(case.pk, actor=actor, now=now, text=form.cleaned_data["note"], audit=True)


def _add_files(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    data = form.cleaned_data
    kept = take_files(data["attachments"], actor, now)
    return handling.add_files(case.pk, actor=actor, now=now, files=kept, is_public=data["is_public"])


def _name_party(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    return parties.name_party(case.pk, actor=actor, now=now, **form.cleaned_data)


def _clear_party(case: Complaint, actor: User, now: datetime, form: Any) -> object:
    return parties.clear_party(case.pk, actor=actor, now=now, **form.cleaned_data)


def take_files(uploads: list[Any], actor: User, now: datetime) -> list[Attachment]:
    """Makes uploads harmless before the case is locked: that is slow. NotPossible when one is refused."""
    if not uploads:
        return []
    digest = token_hex(32)
    try:
        received = storage.receive_all(uploads, digest=digest, now=now, added_by=actor)
    except storage.StorageFull:
        raise NotPossible(_("There is no room for files at the moment. Try again later.")) from None
    if received.problems:
        for draft in received.kept:
            storage.discard(draft)
        again = _("Nothing was saved. Attach the files again.")
        raise NotPossible(lazystr(" ".join([*received.problems, str(again)])))
    return received.kept


def _is_whole(case: Complaint) -> bool:
    """A part of a shared case cannot be handed back."""
    return case.parent_id is None


def _is_open(case: Complaint) -> bool:
    return case.is_open


def _names_somebody(case: Complaint) -> bool:
    return bool(active_parties(case))


ACTIONS: tuple[Action, ...] = (
    Action("assign", Verb.ASSIGN, _("Assign to an agency"), _("Assign"), "arrow-right", forms.AssignForm,
           _assign, done=_("The case was assigned.")),
    Action("accept", Verb.ACCEPT, _("Accept the case"), _("Accept"), "check", forms.AcceptForm,
           _accept, done=_("The case was accepted.")),
    Action("resolve", Verb.RESOLVE, _("Answer and resolve"), _("Send the answer"), "check-circle",
           forms.ResolveForm, _resolve, use=Use.RESOLVE, done=_("The answer was given.")),
    Action("ask", Verb.ASK_CITIZEN, _("Ask the citizen"), _("Send the question"), "chat", forms.AskForm,
           _ask, use=Use.ASK, done=_("The question was sent. The clock stands still.")),
    Action("answer", Verb.ANSWER, _("Enter the citizen's answer"), _("Save the answer"), "chat",
           forms.AnswerForm, _answer, done=_("The answer was saved.")),
    Action("note", Act.NOTE, _("Internal note"), _("Save the note"), "edit", forms.NoteForm,
           _note, done=_("The note was saved.")),
    Action("audit-note", Act.AUDIT_NOTE, _("Audit note"), _("Save the note"), "edit", forms.NoteForm,
           _audit_note, done=_("The note was saved.")),
    Action("files", Act.ADD_FILE, _("Add files"), _("Add"), "file", forms.AddFilesForm,
           _add_files, fits=_is_open, done=_("The files were added.")),
    Action("merge", Verb.MERGE, _("Merge with another case"), _("Merge"), "merge", forms.MergeForm,
           _merge, done=_("The case was merged.")),
    Action("hand-back", Verb.HAND_BACK, _("Hand back: not ours"), _("Hand back"), "undo",
           forms.HandBackForm, _hand_back, use=Use.HAND_BACK, danger=True, fits=_is_whole,
           done=_("The case went back to the verifiers.")),
    Action("party", Act.NAME_PARTY, _("Name whom it is about"), _("Name them"), "person", NamePartyForm,
           _name_party, danger=True, done=_("They are named and no longer have anything to do with the case.")),
    Action("clear-party", Act.CLEAR_PARTY, _("No longer a reported party"), _("Take the name back"), "undo",
           ClearPartyForm, _clear_party, danger=True, fits=_names_somebody,
           done=_("They are not named any more.")),
    Action("refer", Verb.REFER, _("Refer to an outside body"), _("Refer"), "link-out", forms.ReferForm,
           _refer, danger=True, done=_("The case was referred.")),
    Action("reject", Verb.REJECT, _("Reject"), _("Reject the case"), "x-circle", forms.RejectForm,
           _reject, use=Use.REJECT, danger=True, done=_("The case was rejected.")),
)  # fmt: skip
BY_SLUG = {action.slug: action for action in ACTIONS}


def open_actions(actor: User, case: Complaint) -> list[Action]:
    """What this person may do to this case now, in the order to show."""
    return [action for action in ACTIONS if action.is_open_to(actor, case)]
