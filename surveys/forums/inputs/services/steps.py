"""The next line of a history: one row, and one entry of the ledger that proves it, with the rows that it changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from accounts.actors import Actor, role_of
from accounts.models import User
from complaints.ledger.recording import Written, recording
from complaints.permissions import Right, role_may
from complaints.services.change import NotAllowed
from surveys.forums.inputs.entries import InputEntry
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.models import Finding, Forum, ForumInput


def check_right(actor: Actor, right: Right) -> User:
    """The person who acts; NotAllowed without the right."""
    if not isinstance(actor, User) or not role_may(role_of(actor), right):
        raise NotAllowed(right)
    return actor


def add_step(
    kind: StepKind,
    *,
    actor: Actor,
    now: datetime,
    row: ForumInput | None = None,
    finding: Finding | None = None,
    forum: Forum | None = None,
    words: str = "",
    new: Iterable[models.Model] = (),
    changed: Iterable[Written] = (),
    **data: Any,
) -> InputStep:
    """`data` is public: codes and numbers, nothing of a person. `words` are not in the ledger.

    `new`, `changed`: rows that were written before in the same transaction; each with the columns that were.
    """
    step = InputStep.objects.create(
        kind=kind,
        at=now,
        actor=actor if isinstance(actor, User) else None,
        role=role_of(actor),
        input=row,
        finding=finding,
        forum=forum,
        words=words,
        data=data,
    )
    about = {
        "input": row.number if row else None,
        "finding": finding.number if finding else None,
        "forum": forum.code if forum else None,
    }
    told = {"kind": kind.value} | {name: value for name, value in about.items() if value} | data
    with recording(InputEntry.STEP, actor=actor, now=now, data=told) as record:
        record.new(step, *new)
        for written, *columns in changed:
            record.changed(written, *columns)
    return step
