"""What an agency does with a case: accept, hand back, resolve, note, add files."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import Role
from complaints.clock.deadlines import office_moment
from complaints.files.storage import name_plainly
from complaints.history.timeline import CITIZENS_ROLES
from complaints.models import Attachment, Complaint, EventKind, Message, Stopped
from complaints.models.policy import Stage
from complaints.permissions import Act, is_protected
from complaints.recusal import PERSON_STANDS_ASIDE, blocked
from complaints.services.change import Change, NotPossible, changing
from complaints.services.telling import tell_lead
from complaints.states import ACTIVE, Verb

MAY_NOT_SEE = _("Somebody whom the note is for may not see the case.")


def accept(pk: int, *, actor: Actor, now: datetime, handler: User, version: int | None = None) -> Complaint:
    """Names who handles the case; NotPossible when that person is not an officer of its agency."""
    with changing(pk, actor, Verb.ACCEPT, now=now, version=version) as change:
        case = change.case
        if handler.agency_id != case.agency_id or handler.role != Role.OFFICER or not handler.is_active:
            raise NotPossible(_("This person is not an officer of the case's agency."))
        if blocked([handler], case):
            raise NotPossible(PERSON_STANDS_ASIDE)
        change.move(Verb.ACCEPT)
        case.handler = handler
        change.event(EventKind.ACCEPTED, data={"handler": handler.pk})
        change.tell_citizen(Message.Template.TAKEN_UP)
        change.tell_merged(Message.Template.TAKEN_UP)
    return case


def hand_back(pk: int, *, actor: Actor, now: datetime, why: str, version: int | None = None) -> Complaint:
    """Gives the case back to the verifiers, whose clock starts; the promised resolution stays as it was.

    The ladder's rules say how often is too often.
    """
    with changing(pk, actor, Verb.HAND_BACK, now=now, version=version) as change:
        case = change.case
        agency = case.agency
        if case.children.filter(state__in=sorted(ACTIVE)).exists():
            raise NotPossible(_("Other agencies still work on a part of it."))
        change.move(Verb.HAND_BACK)
        case.agency = case.handler = case.assigned_at = None
        case.hand_backs += 1
        change.clockwork.stop(Stage.FIRST_RESPONSE, at=now, why=Stopped.HANDED_BACK)
        change.clockwork.start(Stage.VERIFICATION, now)
        data = {"agency": agency.code if agency else "", "times": case.hand_backs}
        change.event(EventKind.HANDED_BACK, data=data, words={"text": why})
    return case


@transaction.atomic  # the files are tied to the event that names them, or neither is there
def resolve(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    answer: str,
    files: Iterable[Attachment] = (),
    version: int | None = None,
) -> Complaint:
    """Answers the citizen in public. NotPossible while a part is open or the evidence asked for is missing."""
    with changing(pk, actor, Verb.RESOLVE, now=now, version=version) as change:
        case = change.case
        files = list(files)
        if case.children.filter(state__in=sorted(ACTIVE)).exists():
            raise NotPossible(_("Another agency still works on a part of it."))
        if case.category and case.category.needs_evidence and all(file.is_waiting for file in files):
            raise NotPossible(_("For this category a photo or document is needed as evidence."))
        change.move(Verb.RESOLVE)
        case.ended_at = change.now
        case.next_level = 1  # answered: the ladder rests until a dispute
        change.clockwork.answer(now)
        data = {"files": [f.sha256 for f in files]} | sides_of(files)
        change.event(EventKind.RESOLVED, data=data, words={"text": answer})
        change.tell_citizen(Message.Template.RESOLUTION)
        change.tell_merged(Message.Template.RESOLUTION)
        if case.parent is not None:
            tell_lead(change, case.parent)
    attach(change, files)
    return case


def add_note(
    pk: int, *, actor: Actor, now: datetime, text: str, audit: bool = False, told: Iterable[User] = ()
) -> Complaint:
    """A remark among staff; a supervisor's is an audit note. The citizen never sees it. `told`: colleagues who hear of
    it, if they may see the case."""
    right = Act.AUDIT_NOTE if audit else Act.NOTE
    with changing(pk, actor, right, now=now) as change:
        people = list(told)
        if not all(Complaint.objects.visible_to(each).filter(pk=pk).exists() for each in people):
            raise NotPossible(MAY_NOT_SEE)
        data = {"audit": audit} | ({"told": [each.pk for each in people]} if people else {})
        change.event(EventKind.NOTE_ADDED, data=data, words={"text": text})
        tell_colleagues(change, people, Message.Template.MENTIONED)
    return change.case


def tell_colleagues(change: Change, people: list[User], template: str) -> None:
    """In the office hours of the agency; nobody of what they did themselves."""
    at = office_moment(change.clockwork.calendar_row(), change.now)
    actor = change.actor
    keys = {actor.pk} if isinstance(actor, User) else set()
    change.tell_staff([each for each in people if each.pk not in keys], template, at=at)


@transaction.atomic
def add_files(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    files: Iterable[Attachment],
    is_public: bool = True,
    is_personal: bool = False,
) -> Complaint:
    """Adds sanitised draft files to the case; `is_personal`: they show a person or papers. NotPossible once it is
    over."""
    files = list(files)
    with changing(pk, actor, Act.ADD_FILE, now=now) as change:
        if not change.case.is_open:
            raise NotPossible(_("The case is over."))
        data = {"files": [f.sha256 for f in files], "public": is_public, **sides_of(files)}
        data |= personal_data(files, is_personal)
        change.event(EventKind.FILES_ADDED, data=data)
    attach(change, files, is_public=is_public, is_personal=is_personal)
    return change.case


@transaction.atomic
def mark_files(pk: int, *, actor: Actor, now: datetime, personal: Iterable[str]) -> Complaint:
    """Says which files of the case show a person or papers: those with these keys, and no others. NotPossible without
    files."""
    with changing(pk, actor, Act.MARK_FILE, now=now) as change:
        files = Attachment.objects.filter(complaint=pk)
        if not files.exists():
            raise NotPossible(_("The case has no files."))
        marked = files.filter(key__in=list(personal))
        digests = sorted(set(marked.values_list("sha256", flat=True)))
        change.event(EventKind.FILES_MARKED, data={"personal": digests})
        files.update(is_personal=False)
        files.filter(sha256__in=digests).update(is_personal=True)
    return change.case


def sides_of(files: Iterable[Attachment]) -> dict[str, list[str]]:
    """For the event that brings them: which pictures show how it was before the work, and after it."""
    sides: dict[str, list[str]] = {}
    for file in files:
        if file.shows:
            sides.setdefault(file.shows, []).append(file.sha256)
    return sides


def personal_data(files: list[Attachment], is_personal: bool) -> dict[str, list[str]]:
    """For the event that brings them."""
    return {"personal": [f.sha256 for f in files]} if files and is_personal else {}


def attach(
    change: Change, files: list[Attachment], *, is_public: bool = True, is_personal: bool = False
) -> None:
    """Ties draft files to the case and to the event that brought them. What a protected citizen sends keeps no name
    of theirs: people call such files "KTP Ani.jpg"."""
    if not files:
        return
    event = change.drafted[-1].event
    drafts = Attachment.objects.filter(pk__in=[f.pk for f in files], complaint=None)
    if is_protected(change.case) and role_of(change.actor) in CITIZENS_ROLES:
        name_plainly(drafts)
    drafts.update(
        complaint=change.case, event=event, draft_digest="", is_public=is_public, is_personal=is_personal
    )
