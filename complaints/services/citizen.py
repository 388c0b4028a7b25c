"""What the citizen does with their own case, by receipt code: answer, confirm, dispute, withdraw, rate."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Citizen
from complaints.clock.deadlines import Clockwork
from complaints.clock.following import is_heard
from complaints.history.rows import COMPLAINANT
from complaints.identity import Identity, seal
from complaints.models import Attachment, Complainant, Complaint, EventKind, Message, Stopped
from complaints.models.policy import Stage
from complaints.peppers import receipt_digests
from complaints.permissions import Act
from complaints.services.change import NOT_NOW, Change, NotPossible, changing, locked, part_that_asks
from complaints.services.ending import end_case, go_on_after_dissent, last_word, may_leave
from complaints.services.handling import attach, personal_data
from complaints.services.intake import RECEIPT
from complaints.services.parties import stand_aside
from complaints.services.parts import reopen_parts
from complaints.services.system import contact
from complaints.services.telling import tell_agency, tell_part
from complaints.services.unconfirmed import mark_of, may_write
from complaints.states import State, Verb


def find(symbols: str) -> Citizen | None:
    """Who holds the receipt code of a case (its 20 symbols), as the citizen of that case; None: nobody."""
    # As the system: nobody is known yet, and the digest fits one case or none.
    found = (
        Complaint.objects.visible_to(None)
        .filter(receipt_digest__in=receipt_digests(symbols))
        .values_list("pk", flat=True)
    )
    return next((Citizen(pk) for pk in found), None)


@transaction.atomic  # the files are tied to the event that names them, or neither is there
def answer(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    text: str,
    files: Iterable[Attachment] = (),
    is_personal: bool = False,
    version: int | None = None,
) -> Complaint:
    """Answers the city's question; its clocks go on where they stood. NotPossible without text or files."""
    files = list(files)
    if not text and not files:
        raise NotPossible(_("Write something or attach a file."))
    with changing(pk, actor, Verb.ANSWER, now=now, version=version) as change:
        case = change.case
        asked_by = part_that_asks(case)
        change.move(Verb.ANSWER)
        case.returns_to = ""
        change.clockwork.resume(now, Stopped.DONE)
        data = {"files": [f.sha256 for f in files]} | personal_data(files, is_personal)
        change.event(EventKind.ANSWERED, data=data, words={"text": text})
        if case.agency_id:
            tell_agency(change, Message.Template.ANSWERED)
        tell_part(change, asked_by, Message.Template.ANSWERED)
    attach(change, files, is_personal=is_personal)
    return case


@transaction.atomic  # as above
def add(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    text: str,
    files: Iterable[Attachment] = (),
    is_personal: bool = False,
    identity: Identity | None = None,
) -> Complaint:
    """Adds words and files to a report that is not over, and puts right how its citizen is reached (`identity`, where
    they gave it). What they filed stays as it is. NotPossible without any of it, or once it is over."""
    files = list(files)
    if not text and not files and identity is None:
        raise NotPossible(_("Write something or attach a file."))
    with changing(pk, actor, Act.ADD_FILE, now=now) as change:
        case = change.case
        if not case.is_open:
            raise NotPossible(_("The case is over."))
        data: dict[str, Any] = {"files": [f.sha256 for f in files], "public": True}
        data |= personal_data(files, is_personal)
        told = identity is not None and not case.is_anonymous  # who sent it without a name keeps none
        if told:
            data["contact"] = True
        change.event(EventKind.FILES_ADDED, data=data, words={"text": text})
        if identity is not None and told:
            _put_identity(change, identity)
        if case.agency_id:
            tell_agency(change, Message.Template.ANSWERED)
    attach(change, files, is_personal=is_personal)
    return case


def _put_identity(change: Change, identity: Identity) -> None:
    """Who complained, as they say it now. A new address gets the receipt, which has no code in it."""
    before = contact(change.case)
    row, made = Complainant.objects.update_or_create(
        complaint=change.case, defaults={"sealed": seal(identity)}
    )
    whole = COMPLAINANT.whole(row)
    change.rows["+complainant" if made else "complainant"] = [whole]
    is_new = identity.email and identity.email != before.email
    if is_new and may_write(RECEIPT, identity.email, change.now):
        change.tell_citizen(Message.Template.RECEIPT, {"to": mark_of(change.case, identity.email)})


def choose_mail(pk: int, *, actor: Actor, now: datetime, few: bool) -> Complaint:
    """How much mail the citizen gets from now on (Identity). NotPossible without an address, or once nothing more
    comes."""
    with changing(pk, actor, Act.CHOOSE_MAIL, now=now) as change:
        known = contact(change.case)
        if not gets_mail(change.case):
            raise NotPossible(_("No mail goes out about this report."))
        if known.few_mails != few:
            row = Complainant.objects.get(complaint=change.case)
            row.sealed = seal(replace(known, few_mails=few))
            row.save()
            change.rows["complainant"] = [COMPLAINANT.whole(row)]
    return change.case


def gets_mail(case: Complaint) -> bool:
    """Whether mail about the case may still go to its citizen; of a merged one, about the case that it follows."""
    goes_on = (case.merged_into or case).is_open and case.state not in (State.LAPSED, State.WITHDRAWN)
    return goes_on and not case.is_anonymous and bool(contact(case).email)


def confirm(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    rating: int | None = None,
    comment: str = "",
    cycle: int | None = None,
) -> Complaint:
    """Accepts the answer, with a rating from 1 to 4 where the citizen gives one.

    `cycle`, here and below: which answer they saw; NotPossible when there is another by now.
    """
    if rating is not None and rating not in (1, 2, 3, 4):
        raise NotPossible(_("Choose a rating from 1 to 4."))
    with changing(pk, actor, Verb.CONFIRM, now=now) as change:
        _refuse_other_answer(change.case, cycle)
        change.move(Verb.CONFIRM)
        change.case.rating = rating
        end_case(change)
        change.event(EventKind.CONFIRMED, data={"rating": rating}, words={"text": comment})
        change.tell_merged(Message.Template.FOLLOWED)
    return change.case


def dispute(pk: int, *, actor: Actor, now: datetime, why: str, cycle: int | None = None) -> Complaint:
    """Does not accept the answer: the case goes back to work with a new resolution target, and up the ladder."""
    with changing(pk, actor, Verb.DISPUTE, now=now) as change:
        _refuse_other_answer(change.case, cycle)
        reopen(change, why)
        change.tell_merged(Message.Template.REOPENED)
    return change.case


def _refuse_other_answer(case: Complaint, cycle: int | None) -> None:
    if cycle is not None and cycle != case.cycle:
        raise NotPossible(_("There is another answer by now. Please read it first."))


def reopen(change: Change, why: str) -> None:
    case, now = change.case, change.now
    change.move(Verb.DISPUTE)
    case.cycle += 1
    case.ended_at, case.disputed_at = None, now
    case.outside_answer = ""
    change.clockwork.stop(Stage.CONFIRMATION, at=now, why=Stopped.DONE)
    change.clockwork.start(Stage.RESOLUTION, now)
    change.event(EventKind.DISPUTED, data={"cycle": case.cycle}, words={"text": why})
    reopen_parts(change)
    stand_aside(change)  # whoever was named since the answer does not get the case again
    if case.agency_id:
        tell_agency(change, Message.Template.DISPUTE)


def withdraw(pk: int, *, actor: Actor, now: datetime, why: str = "") -> Complaint:
    """The citizen takes the case back; it stays on record. Of a merged one: their own, and the main case goes on.
    NotPossible once that is over."""
    with changing(pk, actor, Verb.WITHDRAW, now=now) as change:
        left = _leave(change) if change.case.merged_into_id is not None else {}
        change.move(Verb.WITHDRAW)
        beside = end_case(change, unanswered=True)
        change.event(EventKind.WITHDRAWN, data=beside | left, words={"text": why})
        change.tell_merged(Message.Template.FOLLOWED)
    return change.case


def _leave(change: Change) -> dict[str, str]:
    """Its citizen follows the main case no longer, whose staff read that; mails about it that wait do not leave."""
    case = change.case
    main = locked(None, case.merged_into_id or 0)
    if not may_leave(case, main):
        raise NotPossible(NOT_NOW)
    case.merged_into = None
    leaving = Change(main, None, change.now, Clockwork.load(main))
    leaving.event(EventKind.MERGE_LEFT, data={"from": case.number})
    change.endings.append(leaving)
    waiting = Message.objects.filter(complaint=case, user=None, reader="", sent_at=None, dropped_at=None)
    about_main = [message.pk for message in waiting if message.told_of]
    waiting.filter(pk__in=about_main).update(dropped_at=change.now, last_error="withdrawn")
    return {"from": main.number}


@transaction.atomic  # a dissent is said and heard at once, on both cases
def react_as_merged(
    pk: int, *, actor: Actor, now: datetime, agrees: bool, words: str = "", cycle: int | None = None
) -> Complaint:
    """What the citizen of a merged case says of the answer to the case it was merged into.

    Agreement is kept with their own case. Dissent reopens the main case while it waits for confirmation; once it is
    over, their own case goes on instead, within their own time. NotPossible without an answer to speak of.
    """
    with changing(pk, actor, Verb.CONFIRM if agrees else Verb.DISPUTE, now=now) as change:
        main = change.case.merged_into
        if main is None or not is_heard(change.case, change.now):
            raise NotPossible(_("There is no answer yet, or the time to speak of it is over."))
        _refuse_other_answer(main, cycle)
        if last_word(change.case, main.cycle) is not None:
            raise NotPossible(_("You have said so already."))
        change.event(EventKind.RATED, data={"agrees": agrees, "cycle": main.cycle}, words={"text": words})
        is_over = main.state != State.RESOLVED
        if is_over and not agrees:
            go_on_after_dissent(change, main)
    if not is_over and not agrees:
        # As the system: the citizen's own scope is their own case only.
        with changing(main.pk, None, Verb.DISPUTE, now=now) as main_change:
            if main_change.case.state == State.RESOLVED:
                reopen(main_change, words)
                main_change.gone_on.add(pk)  # who said so need not be told
                main_change.tell_citizen(Message.Template.REOPENED)
                main_change.tell_merged(Message.Template.REOPENED)
    return change.case
