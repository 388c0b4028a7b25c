"""An officer's mark that an input speaks of somebody who works here: they neither moderate nor answer it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import User
from complaints.services.change import NotPossible
from surveys.forums.inputs.models import InputMark, StepKind
from surveys.forums.inputs.services.moderating import DONE_ALREADY
from surveys.forums.inputs.services.steps import add_step, check_right
from surveys.forums.models import ForumInput
from surveys.rights import SurveyAct


@transaction.atomic
def name_person(pk: int, *, actor: Actor, now: datetime, user: User) -> ForumInput:
    """ForumInput.DoesNotExist out of scope. The entry in the ledger says that somebody was marked, not who."""
    person = check_right(actor, SurveyAct.NAME_SPOKEN_OF)
    row: ForumInput = ForumInput.objects.visible_to(actor).get(pk=pk)
    try:
        with transaction.atomic():
            InputMark.objects.create(input=row, user=user, named_at=now, named_by=person)
    except IntegrityError:
        raise NotPossible(DONE_ALREADY) from None
    add_step(StepKind.NAMED, row=row, actor=actor, now=now)
    return row


@transaction.atomic
def clear_person(pk: int, *, actor: Actor, now: datetime, user: User) -> ForumInput:
    """A supervisor takes the mark back; it stays in the history."""
    check_right(actor, SurveyAct.CLEAR_SPOKEN_OF)
    row: ForumInput = ForumInput.objects.visible_to(actor).get(pk=pk)
    if not InputMark.objects.filter(input=row, user=user, cleared_at=None).update(cleared_at=now):
        raise NotPossible(DONE_ALREADY)
    add_step(StepKind.CLEARED, row=row, actor=actor, now=now)
    return row
