"""A referral is not a solution: it is looked at again, and its citizen is asked whether they were answered.

`begin_check` puts the day down, the sweep asks (twice, then the supervisors have it), the citizen or a supervisor
says what became of it (docs/decisions/0040).
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Citizen
from accounts.models import User
from complaints.clock.deadlines import Clockwork
from complaints.models import Complaint, EventKind, Message, Reader
from complaints.models.complaint import OutsideAnswer
from complaints.models.policy import LONGEST_CHECK, REFERRAL_CHECK_DAYS, SHORTEST_CHECK, Stage
from complaints.permissions import Act
from complaints.services.change import NOT_NOW, REASON_NEEDED, Change, NotPossible, changing
from complaints.services.ending import go_on_after_dissent, last_word
from complaints.states import ACTIVE, State, Verb

ASK_AGAIN_AFTER = 14  # calendar days
ASKED_ENOUGH = 2


def begin_check(change: Change, days: int | None) -> None:
    """Of a case that was just referred: when it is looked at again."""
    days = days or change.case.policy.get("referral_check_days", REFERRAL_CHECK_DAYS)
    if not SHORTEST_CHECK <= days <= LONGEST_CHECK:
        raise NotPossible(_("A referral is looked at again after 7 to 90 days."))
    change.case.outside_asked, change.case.outside_answer = 0, ""
    change.clockwork.look_at_referral(days, change.now)


def check_referral_in(change: Change) -> None:
    """What the sweep does on the day: the citizens are asked, twice; after that, or where nobody can be asked, the
    supervisors have it in a list and are reminded at the pace of the first look, until somebody says what became of it.
    """
    case = change.case
    followers = change.followers()
    is_askable = any(each.receipt_digest is not None for each in [case, *followers])
    case.outside_asked = min(case.outside_asked + 1, ASKED_ENOUGH + 1) if is_askable else ASKED_ENOUGH + 1
    is_asked = case.outside_asked <= ASKED_ENOUGH
    days = case.policy.get("referral_check_days", REFERRAL_CHECK_DAYS)
    change.clockwork.look_at_referral(ASK_AGAIN_AFTER if is_asked else days, change.now)
    change.event(
        EventKind.REFERRAL_CHECKED, {"asked": case.outside_asked, "of": "citizen" if is_asked else "city"}
    )
    if is_asked:
        change.tell_citizen(Message.Template.REFERRAL_CHECK)
        change.tell_merged(Message.Template.REFERRAL_CHECK)
    else:
        change.tell(Reader.LEVEL_2, Message.Template.REFERRAL_OPEN)


def is_asked(case: Complaint) -> bool:
    """Whether its citizen is to say if the other body answered: from the first question on, until somebody has."""
    return case.state == State.REFERRED and case.outside_asked > 0 and not case.outside_answer


def may_speak(case: Complaint) -> bool:
    """The same for whoever holds this case: of their own referral, or of that of the case theirs was merged into, as
    long as they have not spoken, whatever its own citizen said."""
    main = case.merged_into
    if case.state != State.MERGED or main is None:
        return is_asked(case)
    was_asked = main.state == State.REFERRED and main.outside_asked > 0
    return was_asked and case.receipt_digest is not None and last_word(case, main.cycle) is None


def settle_referral(
    pk: int, *, actor: Actor, now: datetime, words: str = "", version: int | None = None
) -> Complaint:
    """The body outside has answered. The case stays referred: what others solved the city does not count as solved."""
    with changing(pk, actor, Act.SETTLE_REFERRAL, now=now, version=version) as change:
        if change.case.state != State.REFERRED or change.case.outside_answer:
            raise NotPossible(NOT_NOW)
        change.case.outside_answer = OutsideAnswer.YES
        change.clockwork.look_at_referral(None, change.now)
        change.event(EventKind.OUTSIDE_ANSWERED, words={"text": words})
    return change.case


def bring_back(
    pk: int, *, actor: Actor, now: datetime, words: str = "", version: int | None = None
) -> Complaint:
    """The body outside did not answer: the case is the city's again, before the supervisors; in a new round, a part
    in that of its lead.

    Staff say why. NotPossible for a part whose whole is over.
    """
    if not words and isinstance(actor, User):
        raise NotPossible(REASON_NEEDED)
    with changing(pk, actor, Verb.BRING_BACK, now=now, version=version) as change:
        bring_back_in(change, words)
        if not isinstance(actor, Citizen):
            change.tell_citizen(Message.Template.BROUGHT_BACK)
    return change.case


def bring_back_in(change: Change, words: str) -> None:
    case, now = change.case, change.now
    if case.parent is not None and case.parent.state not in ACTIVE:
        raise NotPossible(_("The report that this is a part of is over."))
    change.move(Verb.BRING_BACK)
    case.agency = case.handler = case.assigned_at = case.ended_at = None
    case.outside_answer = OutsideAnswer.NO
    change.clockwork.look_at_referral(None, now)
    change.clockwork.start(Stage.VERIFICATION, now)
    if case.parent is not None:  # there is one promise to one citizen
        case.cycle = case.parent.cycle
        change.clockwork.follow(Clockwork.load(case.parent), now, begin=True)
    else:
        case.cycle += 1
        change.clockwork.start(Stage.RESOLUTION, now)
    body = case.referred_to.code if case.referred_to else ""
    change.event(EventKind.BROUGHT_BACK, {"cycle": case.cycle, "body": body}, words={"text": words})
    change.tell_merged(Message.Template.BROUGHT_BACK)


def speak_of_referral(
    pk: int, *, actor: Actor, now: datetime, answered: bool, words: str = "", cycle: int | None = None
) -> Complaint:
    """What a citizen says when asked: of their own case, or of the one that theirs was merged into.

    `cycle`: of the case they follow, as the page showed it; NotPossible when it has moved on since.
    """
    case = Complaint.objects.visible_to(actor).select_related("merged_into").get(pk=pk)
    followed = case.merged_into or case
    if not may_speak(case) or cycle not in (None, followed.cycle):
        raise NotPossible(NOT_NOW)
    if followed is not case:
        return _speak_as_merged(pk, actor=actor, now=now, answered=answered, words=words)
    if answered:
        return settle_referral(pk, actor=actor, now=now, words=words)
    return bring_back(pk, actor=actor, now=now, words=words)


def _speak_as_merged(pk: int, *, actor: Actor, now: datetime, answered: bool, words: str) -> Complaint:
    """Kept with their own case. A "no" brings the main case back while nobody said that it was answered; after that
    their own case goes on."""
    with changing(pk, actor, Verb.CONFIRM if answered else Verb.DISPUTE, now=now) as change:
        main = change.case.merged_into
        if main is None or not may_speak(change.case):
            raise NotPossible(NOT_NOW)
        said = {"agrees": answered, "cycle": main.cycle, "outside": True}
        change.event(EventKind.RATED, data=said, words={"text": words})
        is_settled = bool(main.outside_answer)
        if not answered and is_settled:
            go_on_after_dissent(change, main)
    if not answered and not is_settled:
        bring_back(main.pk, actor=None, now=now, words=words)
    return change.case
