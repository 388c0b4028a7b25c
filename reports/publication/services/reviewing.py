"""A second person reads: remarks beside figures, their answers, and the review that freezes the words."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from complaints.files import keeping
from complaints.services.change import NotAllowed, NotPossible
from reports.publication.models import Remark, Report, ReportPaper, ReportText
from reports.publication.models.report import LANGUAGES, ReportStepKind
from reports.publication.services.frame import (
    NOT_COUNTED,
    QUICKER,
    Change,
    changing_report,
    may_on,
    why_not_review,
    working_days_later,
)
from reports.publication.services.preparing import LOCKED, REMIND_BEFORE
from reports.publication.states import State, Verb
from reports.publication.text import has_stale_sentences, text_of
from reports.rights import ReportAct

OPEN_REMARKS = _("Remarks wait for their answer first.")
STALE = _(
    "A sentence was written when the figures said something else. Look at it again: change it, or take it back."
)


def remark(pk: int, figure: str, text: str, *, actor: Actor, now: datetime, secret: str) -> Remark:
    """A remark beside a figure of a draft; sent twice it is one."""
    same = Remark.objects.filter(idempotency_key=secret)
    with changing_report(pk, actor, ReportAct.REMARK_REPORT, now=now) as change:
        if (found := same.first()) is not None:
            return found
        _check_draft(change)
        assert isinstance(actor, User)
        row = Remark.objects.create(
            report=change.report, figure=figure, text=text, at=now, by=actor, idempotency_key=secret
        )
        change.step(ReportStepKind.REMARKED, remark=row.pk, figure=figure)
    return row


def answer(pk: int, remark: int, text: str, *, actor: Actor, now: datetime) -> Remark:
    """By who prepares the report; whoever made the remark settles it then, or lets it stand. Remark.DoesNotExist for
    one of another report."""
    with changing_report(pk, actor, ReportAct.PREPARE_REPORT, now=now) as change:
        _check_draft(change)
        row = Remark.objects.get(pk=remark, report=change.report)
        open_ones = Remark.objects.filter(pk=row.pk, state=Remark.State.OPEN)
        if not open_ones.update(state=Remark.State.ANSWERED, answer=text, answered_at=now, answered_by=actor):
            raise NotPossible(QUICKER)
        change.step(ReportStepKind.ANSWERED, remark=row.pk, figure=row.figure)
    row.refresh_from_db()
    return row


def settle(pk: int, remark: int, *, actor: Actor, now: datetime, is_public: bool = False) -> Remark:
    """By who made it, or by any second reader: it is done with. `is_public`: printed beside the figure with its answer.
    NotPossible to print one without an answer."""
    with changing_report(pk, actor, ReportAct.REMARK_REPORT, now=now) as change:
        _check_draft(change)
        row = Remark.objects.get(pk=remark, report=change.report)
        if not isinstance(actor, User) or (row.by_id != actor.pk and not _is_second_reader(change, actor)):
            raise NotAllowed(ReportAct.REVIEW_REPORT)
        if is_public and not row.answer:
            raise NotPossible(_("Only a remark with an answer can be printed."))
        Remark.objects.filter(pk=row.pk).update(state=Remark.State.SETTLED, is_public=is_public)
        change.step(ReportStepKind.SETTLED, remark=row.pk, figure=row.figure, is_public=is_public)
    row.refresh_from_db()
    return row


def _is_second_reader(change: Change, user: User) -> bool:
    return may_on(change.report, user, ReportAct.REVIEW_REPORT) and not why_not_review(change.report, user)


def review(pk: int, *, actor: Actor, now: datetime, seen: int) -> Report:
    """The second reader stands for it: figures and words are frozen, and a worker prints them. `seen`: the number of
    the snapshot that they read. NotPossible for who wrote in it, with open remarks, or counted anew since."""
    with changing_report(pk, actor, ReportAct.REVIEW_REPORT, now=now) as change:
        report, snapshot = change.report, change.report.latest_snapshot
        if snapshot is None or report.count_due_at is not None:
            raise NotPossible(NOT_COUNTED)
        if snapshot.number != seen:
            raise NotPossible(_("It was counted anew meanwhile. Read the new figures first."))
        if isinstance(actor, User) and (reason := why_not_review(report, actor)) is not None:
            raise NotPossible(reason)
        if report.remarks.filter(state=Remark.State.OPEN).exists():
            raise NotPossible(OPEN_REMARKS)
        if has_stale_sentences(report, snapshot.face):
            raise NotPossible(STALE)
        change.move(Verb.REVIEW)
        report.reviewed_at, report.reviewed_by = now, actor if isinstance(actor, User) else None
        report.level = 0
        report.next_action_at = _remind_of_publishing(report, now)
        _freeze_words(change)
        change.step(ReportStepKind.REVIEWED, snapshot=snapshot.number)
    return change.report


def _remind_of_publishing(report: Report, now: datetime) -> datetime:
    """Some days from now, and when it is due at the latest."""
    return min(working_days_later(report.agency_id, now, REMIND_BEFORE), max(now, report.publish_due_at))


def _freeze_words(change: Change) -> ReportText:
    report, snapshot = change.report, change.report.latest_snapshot
    content, last = text_of(report, snapshot), report.latest_text
    text = ReportText.objects.create(
        report=report,
        number=last.number + 1 if last else 1,
        snapshot=snapshot,
        content=content,
        digest=sha256(content.encode()).hexdigest(),
        at=change.now,
    )
    change.record.new(text)
    ReportPaper.objects.bulk_create(
        ReportPaper(text=text, language=language, due_at=change.now) for language in LANGUAGES
    )
    return text


def give_back(pk: int, *, actor: Actor, now: datetime, why: str) -> Report:
    """A reviewed report is a draft again: what was printed of it goes, and it is read once more."""
    with changing_report(pk, actor, ReportAct.REVIEW_REPORT, now=now) as change:
        if not why.strip():
            raise NotPossible(_("Say what has to be done."))
        change.move(Verb.GIVE_BACK)
        report = change.report
        report.reviewed_at = report.reviewed_by = None
        report.level, report.next_action_at = 0, max(now, report.review_due_at)
        papers = list(ReportPaper.objects.filter(text__report=report))
        ReportPaper.objects.filter(pk__in=[paper.pk for paper in papers]).delete()
        transaction.on_commit(lambda: keeping.remove(*(paper.stored for paper in papers)))
        change.step(ReportStepKind.GIVEN_BACK, words=why.strip())
    return change.report


def _check_draft(change: Change) -> None:
    if change.report.state != State.DRAFT:
        raise NotPossible(LOCKED)
