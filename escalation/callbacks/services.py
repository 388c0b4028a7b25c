"""Answering "was it done?": the citizen on their page, or a supervisor who calls them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Citizen, role_of
from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.ledger.recording import recording
from complaints.models import Complaint
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from escalation.callbacks import figures
from escalation.callbacks.models import CallBack, CallBackAnswer, CallBackItem, Said
from escalation.callbacks.outcomes import calls, own_word
from escalation.callbacks.seen import items_for
from escalation.rights import EscalationAct

OVER = _("This call-back is over. No answer is taken any more.")
NOT_ASKED = _("Nothing is asked about this report at the moment.")
SPOKEN = _("The citizen has answered on their own page meanwhile.")
SAID_ALREADY = _("You have answered this already. Thank you.")
QUICKER = _("Somebody else has just typed what came of a call. Look at it first.")
CHOOSE = _("Choose what the citizen says.")
ENOUGH_CALLS = _("They have been called often enough.")


def item_of(case: Complaint, now: datetime) -> CallBackItem | None:
    """What this case's citizen is asked now; a merged one's is asked about their own."""
    items = CallBackItem.objects.filter(
        complaint=case, call_back__closed_at=None, call_back__closes_on__gte=day_of(now)
    )
    return items.select_related("call_back").prefetch_related("answers").order_by("-call_back").first()


def item_for(quarter_pk: int, number: str, actor: Actor) -> CallBackItem:
    """One that was drawn, in this person's scope. CallBackItem.DoesNotExist."""
    items = items_for(actor).select_related("call_back", "complaint__complainant", "complaint__agency")
    return items.prefetch_related("answers__by").get(call_back=quarter_pk, complaint__number=number)


def say(pk: int, *, actor: Actor, now: datetime, said: str) -> CallBackAnswer:
    """The citizen's own word on case `pk`, once; it counts before what was typed. NotPossible when nothing is asked."""
    if not isinstance(actor, Citizen):
        raise NotAllowed(EscalationAct.CALL_BACK)
    if said not in figures.ANSWERS:
        raise NotPossible(CHOOSE)
    case = Complaint.objects.visible_to(actor).get(pk=pk)
    item = item_of(case, now)
    if item is None:
        raise NotPossible(NOT_ASKED)
    return _store(CallBackAnswer(item=item, place=0, said=said, at=now), actor, now, SAID_ALREADY)


def type_in(quarter_pk: int, number: str, *, actor: Actor, now: datetime, said: str) -> CallBackAnswer:
    """What came of a call. The last call counts, so a slip is put right by typing again.

    CallBackItem.DoesNotExist outside the scope; NotPossible once the citizen has spoken, or it is over.
    """
    if not isinstance(actor, User) or not role_may(role_of(actor), EscalationAct.CALL_BACK):
        raise NotAllowed(EscalationAct.CALL_BACK)
    if said not in Said.values:
        raise NotPossible(CHOOSE)
    item = item_for(quarter_pk, number, actor)
    answers = list(item.answers.all())
    if own_word(answers) is not None:
        raise NotPossible(SPOKEN)
    place = len(calls(answers)) + 1
    if place > CallBackAnswer.MOST_CALLS:
        raise NotPossible(ENOUGH_CALLS)
    return _store(CallBackAnswer(item=item, place=place, said=said, at=now, by=actor), actor, now, QUICKER)


def _store(answer: CallBackAnswer, actor: Actor, now: datetime, taken: Promise) -> CallBackAnswer:
    """In one transaction with the look whether it is still open: closing waits for it, or it for closing."""
    with recording(actor=actor, now=now) as record:
        still = CallBack.objects.filter(
            pk=answer.item.call_back_id, closed_at=None, closes_on__gte=day_of(now), drawn_at__isnull=False
        )
        if not still.select_for_update().exists():
            raise NotPossible(OVER)
        try:
            with transaction.atomic():
                answer.save(force_insert=True)
        except IntegrityError:
            raise NotPossible(taken) from None
        record.new(answer)
    return answer
