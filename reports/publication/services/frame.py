"""The frame of every verb on a report: scope, right, who may not since it is their own, the step, the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import Role, Seat
from complaints.clock.arithmetic import Target, Unit, due_at
from complaints.clock.calendars import calendar_for
from complaints.ledger.recording import Recorder, RowsEntry, recording
from complaints.permissions import Right, role_may
from complaints.services.change import NotAllowed, NotPossible
from reports.publication.models import Report, ReportStep
from reports.publication.models.report import ReportStepKind
from reports.publication.states import Verb

QUICKER = _("Somebody else was quicker: this is done already, or not possible any more.")
NOT_COUNTED = _("It is still being counted. Please wait a minute.")
OWN_WORDS = _("You wrote in this report. Somebody else has to read it.")
NOT_THE_OMBUDSMAN = _(
    "The ombudsman judges what the city says of itself, and so neither reviews nor publishes it."
)
NOBODY_ELSE = _("You have reviewed it, and nobody else has had it in hand. A second person publishes it.")
WRITING = (ReportStepKind.MADE, ReportStepKind.EDITED, ReportStepKind.ANSWERED)


@dataclass
class Change:
    """One change in the making; leaving the frame stores the report."""

    report: Report
    record: Recorder
    actor: Actor
    now: datetime

    def move(self, verb: Verb) -> None:
        """Runs the transition; NotPossible when the state does not allow it."""
        transition = getattr(self.report, verb.value)
        if not can_proceed(transition):
            raise NotPossible(QUICKER)
        transition()

    def step(self, kind: ReportStepKind, words: str = "", **data: Any) -> None:
        add_step(self.report, kind, actor=self.actor, now=self.now, words=words, **data)


@contextmanager
def changing_report(
    pk: int, actor: Actor, right: Right, *, now: datetime, kind: str = RowsEntry.RECORDED
) -> Iterator[Change]:
    """A report in the actor's scope, locked. Report.DoesNotExist out of scope; NotAllowed without the right, which the
    system (actor None) has."""
    with recording(kind, actor=actor, now=now) as record:
        report = Report.objects.visible_to(actor).select_for_update().get(pk=pk)
        if actor is not None and not may_on(report, actor, right):
            raise NotAllowed(right)
        record.watch(report)
        before = dict(report.__dict__)
        yield Change(report, record, actor, now)
        changed = [
            field.attname
            for field in report._meta.concrete_fields
            if before.get(field.attname) != getattr(report, field.attname)
        ]
        if changed:
            report.save(update_fields=changed)


def may_on(report: Report, actor: Actor, right: Right) -> bool:
    """Whether somebody who sees the report has this right over it. A head prepares for their own line only."""
    if not isinstance(actor, User) or not role_may(role_of(actor), right):
        return False
    if actor.agency_id is None:
        return True
    return report.agency_id is not None and report.agency_id in actor.agency_scope


def authors_of(report: Report) -> set[int]:
    """Who began it, or wrote in it: their words are read by somebody else."""
    found = report.steps.filter(kind__in=WRITING, actor__isnull=False).values_list("actor", flat=True)
    return set(found)


def why_not_review(report: Report, user: User) -> Any:
    """Why this person, who has the right, may not be the second reader; None when they may."""
    if user.pk in authors_of(report):
        return OWN_WORDS
    return NOT_THE_OMBUDSMAN if _is_ombudsman(user) else None


def why_not_publish(report: Report, user: User) -> Any:
    """Why this person, who has the right, may not publish; None when they may. At least two people have had it in their
    hands."""
    if _is_ombudsman(user):
        return NOT_THE_OMBUDSMAN
    others = (authors_of(report) | {report.reviewed_by_id}) - {user.pk, None}
    return None if others else NOBODY_ELSE


def _is_ombudsman(user: User) -> bool:
    return user.role == Role.SUPERVISOR and user.seat == Seat.OMBUDSMAN


def add_step(
    report: Report, kind: ReportStepKind, *, actor: Actor, now: datetime, words: str = "", **data: Any
) -> None:
    who = actor if isinstance(actor, User) else None
    ReportStep.objects.create(report=report, kind=kind, at=now, actor=who, words=words, data=data)


def working_days_later(agency_id: int | None, start: datetime, days: int) -> datetime:
    """The end of so many working days after a moment, in the agency's calendar or the city's."""
    _row, calendar = calendar_for(agency_id)
    return due_at(start, Target(days, Unit.WORKING_DAYS), calendar) or start + timedelta(days=days)
