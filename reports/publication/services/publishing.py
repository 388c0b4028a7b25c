"""A reviewed report is published: signed into the ledger, for everybody and for good. And withdrawn, which shows."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from complaints.services.change import REASON_NEEDED, NotPossible
from reports.opendata.services import open_to_all, take_back
from reports.publication.entries import ReportEntry
from reports.publication.models import Report, ReportPaper
from reports.publication.models.frozen import PaperState
from reports.publication.models.report import ReportStepKind, WithdrawReason
from reports.publication.periods import PeriodKind
from reports.publication.services.frame import QUICKER, changing_report, why_not_publish
from reports.publication.services.preparing import begin
from reports.publication.states import Verb
from reports.rights import ReportAct

ALTERED = _("The words are not what was reviewed. Nothing is published; an administrator has to look at it.")


def publish(pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> Report:
    """Everybody reads it, and the ledger has its digests. `seen`: the number of the text that was read. What is not
    printed yet follows; a worker signs the head and tells who wants to hear."""
    published = ReportEntry.PUBLISHED
    with changing_report(pk, actor, ReportAct.PUBLISH_REPORT, now=now, kind=published) as change:
        report = change.report
        change.move(Verb.PUBLISH)
        if isinstance(actor, User) and (reason := why_not_publish(report, actor)) is not None:
            raise NotPossible(reason)
        text = report.latest_text
        if text is None or (seen is not None and text.number != seen):
            raise NotPossible(QUICKER)
        if not text.is_whole:
            raise NotPossible(ALTERED)
        report.published_at, report.published_by = now, actor if isinstance(actor, User) else None
        report.next_action_at, report.level, report.head_size = None, 0, None
        ready = ReportPaper.objects.filter(text=text, state=PaperState.READY)
        change.record.data |= {
            "report": report.code,
            "snapshot": text.snapshot.digest,
            "text": text.digest,
            "papers": dict(ready.values_list("language", "sha256")),
        }
        change.step(ReportStepKind.PUBLISHED, text=text.number)
        try:
            open_to_all(report.code, digest=text.snapshot.digest, now=now)
        except ValueError as error:
            raise NotPossible(ALTERED) from error
    return change.report


def withdraw(pk: int, *, actor: Actor, now: datetime, reason: str, words: str) -> Report:
    """It stays where it is and says why it does not hold; the next version is begun, and counted by a worker."""
    withdrawn = ReportEntry.WITHDRAWN
    with changing_report(pk, actor, ReportAct.PUBLISH_REPORT, now=now, kind=withdrawn) as change:
        report = change.report
        if not words.strip() or reason not in WithdrawReason.values:
            raise NotPossible(REASON_NEEDED)
        change.move(Verb.WITHDRAW)
        report.withdrawn_at, report.reason, report.reason_words = now, reason, words.strip()
        report.head_size = None
        report.save()  # before its stem is taken again
        if report.hides_files:
            take_back(report.code)
        change.record.data |= {"report": report.code, "reason": reason}
        change.step(ReportStepKind.WITHDRAWN, words=words.strip(), reason=reason)
        # Not by the actor: who withdraws has written nothing in the next version, and may be its second reader.
        kind = PeriodKind(report.kind)
        begin(kind, report.period, report.agency, actor=None, now=now, record=change.record)
    return report


def print_again(pk: int, *, actor: Actor, now: datetime) -> Report:
    """Has a worker try once more what it could not print."""
    with changing_report(pk, actor, ReportAct.REMARK_REPORT, now=now) as change:
        failed = ReportPaper.objects.filter(text=change.report.latest_text, state=PaperState.FAILED)
        if not failed.update(state=PaperState.WAITING, due_at=now, attempts=0):
            raise NotPossible(QUICKER)
    return change.report
