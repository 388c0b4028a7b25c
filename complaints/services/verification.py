"""What a verifier does with a case: ask, reject, merge, assign, refer."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from accounts.actors import Actor
from accounts.models import Agency
from complaints.accused import SentAnyway, data_of, in_words, named_in
from complaints.clock.deadlines import Clockwork
from complaints.models import Category, Complaint, EventKind, Message, RejectReason, Stopped
from complaints.models.policy import Stage
from complaints.recusal import TAKES_NO_CASES, Recusal
from complaints.services.change import NOT_NOW, Change, NotPossible, changing, finish, hold_whole
from complaints.services.correction import reclassify
from complaints.services.ending import end_case
from complaints.services.parties import share_parties
from complaints.services.parts import make_part
from complaints.services.referral import begin_check
from complaints.services.telling import tell_agency
from complaints.states import OPEN, PAUSED, State, Verb

WORKS_ON_IT = _("This agency works on a part of it already.")
NOBODY_TO_ASK = _("Nobody can be asked: the citizen left no way to reach them.")
ASKED_ALREADY = _("The citizen has a question to answer already. Their answer is shown here when it comes.")


@transaction.atomic
def ask_citizen(
    pk: int, *, actor: Actor, now: datetime, question: str, version: int | None = None
) -> Complaint:
    """Asks the citizen; the city's clocks stand still until the answer or until their time is up, unless they were
    asked often enough in this round (`pausing_questions` of the policy): then the promise runs on.

    Whoever works on a part of a shared case asks through the whole: there is one citizen and one promise.
    """
    hold_whole(pk)
    with changing(pk, actor, Verb.ASK_CITIZEN, now=now, version=version) as change:
        if change.case.state == State.IN_PROGRESS:
            # The agency has spoken to the citizen: that is its first response.
            change.clockwork.stop(Stage.FIRST_RESPONSE, at=now, why=Stopped.DONE)
        if change.case.parent is None:
            _ask(change, Verb.ASK_CITIZEN, question)
        else:
            _pass_on(change, change.case.parent, question)
    return change.case


def _ask(change: Change, verb: Verb, question: str, through: dict[str, str] | None = None) -> None:
    case = change.case
    if case.receipt_digest is None:  # taken over, or erased: nobody has a receipt to answer with
        raise NotPossible(NOBODY_TO_ASK)
    came_from = case.state
    change.move(verb)
    case.returns_to = came_from
    change.clockwork.pause(change.now)
    asked = {"question": change.clockwork.asked(), "stops_clock": change.clockwork.stands_still}
    change.event(EventKind.QUESTION_ASKED, data=asked | (through or {}), words={"text": question})
    change.tell_citizen(Message.Template.QUESTION)


def _pass_on(change: Change, whole: Complaint, question: str) -> None:
    """The question is put on the whole once the part is stored, and the part then stands still with it."""
    if not can_proceed(change.case.ask_citizen):
        raise NotPossible(NOT_NOW)
    if whole.state in PAUSED:
        raise NotPossible(ASKED_ALREADY)
    change.event(EventKind.QUESTION_PASSED_ON, data={"whole": whole.number})
    part, asker, now = change.case, change.actor, change.now
    asking = partial(ask_for_part, whole.pk, actor=None, now=now, question=question, part=part, asker=asker)
    change.afterwards.append(asking)


def ask_for_part(
    pk: int, *, actor: Actor, now: datetime, question: str, part: Complaint, asker: Actor
) -> Complaint:
    """Puts the question of `asker`, who works on `part`, to the citizen of the whole. It counts as any question does,
    and falls when the part is answered or taken from them."""
    with changing(pk, actor, Verb.ASK_FOR_PART, now=now) as change:
        change.actor = asker
        through = {"part": part.number, "agency": part.agency.code if part.agency else ""}
        _ask(change, Verb.ASK_FOR_PART, question, through)
    return change.case


def reject(
    pk: int, *, actor: Actor, now: datetime, reason: RejectReason, words: str, version: int | None = None
) -> Complaint:
    """Rejects with a reason from the list and words for the citizen."""
    with changing(pk, actor, Verb.REJECT, now=now, version=version) as change:
        change.move(Verb.REJECT)
        change.case.end_reason = reason.code
        beside = end_case(change, unanswered=reason.is_senders_own)
        change.event(EventKind.REJECTED, data={"reason": reason.code} | beside, words={"text": words})
        change.tell_citizen(Message.Template.REJECTION)
        # What lies with the sender alone is not for the others to read.
        change.tell_merged(Message.Template.FOLLOWED if reason.is_senders_own else Message.Template.REJECTION)
    return change.case


def merge(pk: int, *, actor: Actor, now: datetime, into: int, version: int | None = None) -> Complaint:
    """Ends the case as a repetition of case `into` (of the whole that it is a part of), which its citizen follows.

    Raises Complaint.DoesNotExist when `into` is out of scope, NotPossible when it is over or itself merged.
    """
    with changing(pk, actor, Verb.MERGE, now=now, version=version) as change:
        main = _whole(Complaint.objects.visible_to(actor).get(pk=into))
        if main.pk == pk or main.state not in OPEN or main.kind != change.case.kind:
            raise NotPossible(
                _("The other case cannot take this one up: it is over, of another kind, or this very case.")
            )
        if not main.is_live:
            raise NotPossible(
                _("The other case is history taken over from another system. Nobody works on it.")
            )
        if change.case.parent_id is not None:
            raise NotPossible(_("A part of a shared case repeats nothing by itself. Merge the whole."))
        if change.case.merged.exists():
            raise NotPossible(_("Other cases were merged into this one. It stays the main case."))
        change.move(Verb.MERGE)
        change.case.merged_into = main
        end_case(change)
        change.event(EventKind.MERGED, data={"into": main.number})
        change.tell_citizen(Message.Template.MERGER)
        _take_up(main, change)
    return change.case


def _whole(case: Complaint) -> Complaint:
    """Of a shared case: its citizen's; a part of it answers nobody by itself."""
    return case.parent or case


def _take_up(main: Complaint, change: Change) -> None:
    """The main case's side of it: whoever works on it hears that somebody else reports the same."""
    taking = Change(main, change.actor, change.now, Clockwork.load(main))
    taking.event(EventKind.MERGE_RECEIVED, data={"from": change.case.number})
    share_parties(change, taking)
    if main.agency_id:
        tell_agency(taking, Message.Template.ALSO_TOLD)
    finish(taking)


@dataclass(frozen=True)
class Routing:
    """Where a case goes. Further agencies get a child case each; the first one leads and answers.

    `kind` and `category` correct what the citizen chose. `answer`: a SentAnyway, where the words name who gets it."""

    agencies: list[Agency]
    kind: str = ""
    category: Category | None = None
    remark: str = ""
    answer: str = ""


def assign(
    pk: int, *, actor: Actor, now: datetime, routing: Routing, version: int | None = None
) -> Complaint:
    """Gives the case to an agency. NotPossible when an agency may not take it (outside, closed, oversight), or when
    the words complain about it or its people and nobody said that it shall get the case all the same."""
    with changing(pk, actor, Verb.ASSIGN, now=now, version=version) as change:
        case = change.case
        if case.parent_id is not None:
            _check_part(case, routing)
        change.move(Verb.ASSIGN)
        corrected = reclassify(change, kind=routing.kind, category=routing.category)
        for agency in routing.agencies:
            check_can_take(agency, case)
        asked = ask_first(change, routing.agencies, routing.answer)
        lead, *others = routing.agencies
        case.agency, case.assigned_at, case.handler = lead, now, None
        change.clockwork.stop(Stage.VERIFICATION, at=now, why=Stopped.DONE)
        change.clockwork.start(Stage.FIRST_RESPONSE, now)
        children = [make_part(change, agency) for agency in others]
        data = {
            "agency": lead.code,
            "children": [child.number for child in children],
            "others": [agency.code for agency in others],
            **corrected,
            **asked,
        }
        change.event(EventKind.ASSIGNED, data=data, words={"text": routing.remark})
        tell_agency(change, Message.Template.ASSIGNMENT)
        change.tell_citizen(Message.Template.AT_AGENCY)
        if case.parent_id is None:
            change.tell_merged(Message.Template.AT_AGENCY)
    return change.case


def _check_part(part: Complaint, routing: Routing) -> None:
    """A part that came back goes to one agency, which has no share in the whole yet; its kind is the whole's."""
    if len(routing.agencies) > 1 or routing.kind or routing.category is not None:
        raise NotPossible(_("A part of a shared case goes to one agency, as it is."))
    family = Complaint.objects.filter(Q(pk=part.parent_id) | Q(parent=part.parent_id)).exclude(pk=part.pk)
    if family.active().filter(agency=routing.agencies[0]).exists():
        raise NotPossible(WORKS_ON_IT)


def check_can_take(agency: Agency, case: Complaint) -> None:
    """NotPossible for an agency that is closed, outside, complained about, or not one for its kind."""
    if not agency.is_active:
        raise NotPossible(TAKES_NO_CASES)
    if (refusal := Recusal.of(case.pk).refusal(agency, case)) is not None:
        raise NotPossible(refusal)


def ask_first(change: Change, agencies: list[Agency], answer: str) -> dict[str, Any]:
    """What the event keeps of the question whether the case is about those who get it; NotPossible as long as it
    is not answered."""
    named = named_in(change.case, agencies, change.now)
    if named and answer not in SentAnyway.values:
        raise NotPossible(
            lazystr(
                _(
                    "The words of this report name %(who)s. Say on the page of the case whether it is about them."
                )
                % {"who": in_words(named)}
            )
        )
    return data_of(named, answer)


def refer(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    body: Agency,
    reference: str,
    words: str = "",
    check_days: int | None = None,
    version: int | None = None,
) -> Complaint:
    """Hands the matter to an outside body; `reference` is its number for it, e.g. a LAPOR! tracking id.

    After `check_days` calendar days (else those of the case's policy) its citizen is asked whether that body answered.
    """
    with changing(pk, actor, Verb.REFER, now=now, version=version) as change:
        if not body.is_external:
            raise NotPossible(_("A case is referred to a body outside the city only."))
        change.move(Verb.REFER)
        change.case.referred_to, change.case.external_reference = body, reference
        end_case(change)
        begin_check(change, check_days)
        change.event(
            EventKind.REFERRED, data={"body": body.code, "reference": reference}, words={"text": words}
        )
        change.tell_citizen(Message.Template.REFERRAL)
        change.tell_merged(Message.Template.REFERRAL)
    return change.case
