"""Hiding what must not be read, and the traces that it leaves: where it stood, in the public log, at its author."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import Role
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.inputs.choices import HideReason
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.inputs.services.steps import add_step, check_right
from surveys.forums.inputs.services.telling import tell_step
from surveys.forums.models import Forum, ForumInput
from surveys.rights import SurveyAct

Visibility = ForumInput.Visibility
DONE_ALREADY = _("Somebody else was quicker: this is done already.")


def moderates(person: User, row: ForumInput | Forum) -> bool:
    """Of the line of the agency that holds the forum, or a supervisor. Whom a contribution is about does not see it
    on the desk at all."""
    if not role_may(Role(person.role), SurveyAct.MODERATE):
        return False
    if person.role == Role.SUPERVISOR:
        return True
    if isinstance(row, Forum):
        return row.agency_id in person.agency_scope
    agency = row.forum.agency_id if row.forum is not None else row.agency_id
    return agency in person.agency_scope


@transaction.atomic
def hide(pk: int, *, actor: Actor, now: datetime, reason: HideReason, words: str = "") -> ForumInput:
    """No longer shown: in its place stand the reason and the moderator's words. Its author is told, and it still
    gets an answer."""
    row = _found(pk, actor)
    values = {"visibility": Visibility.HIDDEN, "hidden_because": reason, "hidden_words": words}
    rows = ForumInput.objects.filter(pk=row.pk).exclude(visibility=Visibility.HIDDEN)
    if not rows.update(**values):
        raise NotPossible(DONE_ALREADY)
    _leave_trace(StepKind.HIDDEN, row, actor, now, words, reason=str(reason))
    row.refresh_from_db()
    return row


@transaction.atomic
def unhide(pk: int, *, actor: Actor, now: datetime) -> ForumInput:
    """Shown again. That it was hidden stays in the log."""
    row = _found(pk, actor)
    rows = ForumInput.objects.filter(pk=row.pk, visibility=Visibility.HIDDEN)
    if not rows.update(visibility=Visibility.SHOWN, hidden_because="", hidden_words=""):
        raise NotPossible(DONE_ALREADY)
    _leave_trace(StepKind.UNHIDDEN, row, actor, now)
    row.refresh_from_db()
    return row


@transaction.atomic
def let_through(pk: int, *, actor: Actor, now: datetime) -> ForumInput:
    """What waited for the moderator is shown."""
    row = _found(pk, actor)
    if not _show_pending(row):
        raise NotPossible(DONE_ALREADY)
    _leave_trace(StepKind.SHOWN, row, actor, now)
    row.refresh_from_db()
    return row


@transaction.atomic
def switch(forum: Forum, *, to: str, actor: Actor, now: datetime) -> Forum:
    """Moderation before or after, from this moment on, which the log tells. What waits when it goes to afterwards is
    shown: nobody would look for it any more."""
    person = check_right(actor, SurveyAct.MODERATE)
    if not moderates(person, forum):
        raise NotAllowed(SurveyAct.MODERATE)
    if not Forum.objects.filter(pk=forum.pk).exclude(moderation=to).update(moderation=to):
        raise NotPossible(DONE_ALREADY)
    waiting = []
    if to == Forum.Moderation.AFTER:
        pending = ForumInput.objects.filter(forum=forum, visibility=Visibility.PENDING)
        waiting = [row for row in pending.order_by("pk") if _show_pending(row)]
    add_step(
        StepKind.SWITCHED,
        forum=forum,
        actor=actor,
        now=now,
        changed=[(forum, "moderation")],
        to=to,
        shown=len(waiting),
    )
    for row in waiting:
        _leave_trace(StepKind.SHOWN, row, actor, now)
    forum.refresh_from_db()
    return forum


def _found(pk: int, actor: Actor) -> ForumInput:
    """ForumInput.DoesNotExist out of scope, and for whom it is about; NotAllowed for who may not moderate it."""
    person = check_right(actor, SurveyAct.MODERATE)
    row: ForumInput = ForumInput.objects.visible_to(actor).select_related("forum").get(pk=pk)
    if not moderates(person, row):
        raise NotAllowed(SurveyAct.MODERATE)
    return row


def _show_pending(row: ForumInput) -> bool:
    rows = ForumInput.objects.filter(pk=row.pk, visibility=Visibility.PENDING)
    return bool(rows.update(visibility=Visibility.SHOWN))


def _leave_trace(
    kind: StepKind, row: ForumInput, actor: Actor, now: datetime, words: str = "", **data: Any
) -> InputStep:
    shown = [(row, "visibility", "hidden_because", "hidden_words")]
    step = add_step(kind, row=row, forum=row.forum, actor=actor, now=now, words=words, changed=shown, **data)
    tell_step(step, [row.pk], now, only_authors=True)
    return step
