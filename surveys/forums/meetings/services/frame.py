"""The frame of every verb on a forum: scope, right, the row as somebody else may have left it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import User
from complaints.clock.arithmetic import Target, Unit, due_at
from complaints.clock.calendars import calendar_for
from complaints.ledger.recording import Written, recording
from complaints.permissions import Right, role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.meetings.models.record import ForumStep, ForumStepKind
from surveys.forums.models import Forum
from surveys.rights import SurveyAct

QUICKER = _("Somebody else was quicker: this is done already, or not possible any more.")


def allowed(pk: int, actor: Actor, right: Right = SurveyAct.RUN_FORUMS) -> tuple[Forum, User]:
    """The forum in the actor's scope and the person who acts. Forum.DoesNotExist out of scope, NotAllowed without the
    right: a supervisor reads all and runs none."""
    forum: Forum = Forum.objects.visible_to(actor).select_related("agency").get(pk=pk)
    if not isinstance(actor, User) or not role_may(role_of(actor), right):
        raise NotAllowed(right)
    return forum, actor


def move(row: Any, from_states: Iterable[str], **values: Any) -> None:
    """The conditional update by which one of two people wins; NotPossible for the other."""
    rows = type(row)._default_manager.filter(pk=row.pk, state__in=[str(state) for state in from_states])
    if not rows.update(**values):
        raise NotPossible(QUICKER)
    row.refresh_from_db()


def add_step(
    forum: Forum,
    kind: ForumStepKind,
    *,
    actor: Actor,
    now: datetime,
    words: str = "",
    new: Iterable[models.Model] = (),
    changed: Iterable[Written] = (),
    **data: Any,
) -> ForumStep:
    """The next line of its history. `new`, `changed`: rows that were written before in the same transaction, each with
    the columns that were; of an announced forum the ledger records them, and the step."""
    who = actor if isinstance(actor, User) else None
    step = ForumStep.objects.create(forum=forum, kind=kind, at=now, actor=who, words=words, data=data)
    with recording(actor=actor, now=now) as record:
        record.new(step, *new)
        for row, *columns in changed:
            record.changed(row, *columns)
    return step


def working_days_later(agency_id: int, start: datetime, days: int) -> datetime:
    """The end of so many working days of the agency after a moment."""
    _row, calendar = calendar_for(agency_id)
    return due_at(start, Target(days, Unit.WORKING_DAYS), calendar) or start + timedelta(days=days)
