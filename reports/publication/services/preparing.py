"""A report is begun, counted anew, and gets its words: sentences, foreword, who receives it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from complaints.clock.city_time import day_of, start_of
from complaints.ledger.recording import Recorder, recording
from complaints.permissions import role_may
from complaints.services.change import REASON_NEEDED, NotAllowed, NotPossible
from reports.figures.periods import Period
from reports.opendata.services import give_up
from reports.publication.models import Report, ReportPolicy, SentenceEdit
from reports.publication.models.report import LANGUAGES, ReportStepKind
from reports.publication.periods import PeriodKind, code_of, kind_of, stem_of
from reports.publication.recipients import choose_recipients, recipients_of
from reports.publication.services.frame import (
    NOT_COUNTED,
    QUICKER,
    Change,
    add_step,
    changing_report,
    working_days_later,
)
from reports.publication.states import State, Verb
from reports.rights import ReportAct

REMIND_BEFORE = 2  # working days before a step is due
LOCKED = _("It was reviewed. Give it back first, so that it is read again.")


def prepare(period: Period | None, agency: Agency | None, *, actor: Actor, now: datetime) -> Report:
    """A draft that a person asks for; a worker counts it. NotAllowed outside their line; NotPossible for a period that
    has not ended, is no month, quarter, half-year or year, or has its report already."""
    if not isinstance(actor, User) or not role_may(role_of(actor), ReportAct.PREPARE_REPORT):
        raise NotAllowed(ReportAct.PREPARE_REPORT)
    if actor.agency_id is not None and (agency is None or agency.pk not in actor.agency_scope):
        raise NotAllowed(ReportAct.PREPARE_REPORT)
    kind = kind_of(period) if period else None
    if period is None or kind is None:
        raise NotPossible(_("A report is about a month, a quarter, half a year or a year."))
    if period.last >= day_of(now):
        raise NotPossible(_("This period has not ended yet."))
    try:
        with recording(actor=actor, now=now) as record:
            return begin(kind, period, agency, actor=actor, now=now, record=record)
    except IntegrityError:
        raise NotPossible(_("There is a report of this period already.")) from None


def begin(
    kind: PeriodKind, period: Period, agency: Agency | None, *, actor: Actor, now: datetime, record: Recorder
) -> Report:
    """The next version of a report, to be counted. IntegrityError where one is under way or stands."""
    same = Report.objects.filter(kind=kind.value, period_from=period.first, agency=agency)
    # Whoever withdraws the last version right now begins the next: this waits, instead of each waiting for the other.
    latest = same.select_for_update().order_by("-version").first()
    stem = latest.stem if latest else _free_stem(kind, period.first, agency)
    version = latest.version + 1 if latest else 1
    # Nobody has read what was dropped, so nothing replaces it.
    before = latest if latest is not None and latest.state != State.DROPPED else None
    review, publishing, first_look = due_moments(period.last, agency, now, is_new=before is None)
    with transaction.atomic():
        report: Report = Report.objects.create(
            code=code_of(stem, version),
            stem=stem,
            version=version,
            kind=kind.value,
            period_from=period.first,
            period_to=period.last,
            agency=agency,
            replaces=before,
            made_at=now,
            made_by=actor if isinstance(actor, User) else None,
            review_due_at=review,
            publish_due_at=publishing,
            next_action_at=first_look,
            count_due_at=now,
        )
    record.new(report)
    last = before or _latest_like(report)
    if last is not None:
        choose_recipients(report, recipients_of(last)[0])
        report.save(update_fields=["recipients_as"])
    add_step(report, ReportStepKind.MADE, actor=actor, now=now)
    return report


def _free_stem(kind: PeriodKind, first: date, agency: Agency | None) -> str:
    """Of two agencies whose codes differ in nothing but capitals the second is called by a digest as well."""
    if agency is None:
        return stem_of(kind, first)
    stem = stem_of(kind, first, agency.code)
    is_taken = Report.objects.filter(stem=stem).exclude(agency=agency).exists()
    return stem_of(kind, first, agency.code, is_taken=True) if is_taken else stem


def _latest_like(report: Report) -> Report | None:
    same = Report.objects.filter(kind=report.kind, agency=report.agency).exclude(pk=report.pk)
    found: Report | None = same.order_by("-period_to").first()
    return found


def due_moments(
    last: date, agency: Agency | None, now: datetime, *, is_new: bool
) -> tuple[datetime, datetime, datetime]:
    """By when it is reviewed and published, and when the sweep first looks. Counted from the end of the period; from
    now where that would be over already, as for a period long past or the next version of one that was withdrawn."""
    policy, pk = ReportPolicy.on(day_of(now)), agency.pk if agency else None
    # The day on which a count starts is not counted, and the first working day after the period is.
    start, given = start_of(last + timedelta(days=1)), 1
    if not is_new or working_days_later(pk, start, policy.review_days) <= now:
        start, given = now, 0
    review = working_days_later(pk, start, policy.review_days - given)
    publishing = working_days_later(pk, start, policy.publishing_days - given)
    return (
        review,
        publishing,
        working_days_later(pk, start, max(1, policy.review_days - REMIND_BEFORE - given)),
    )


def count_again(pk: int, *, actor: Actor, now: datetime) -> Report:
    """Has a worker count it once more: a draft gets the new figures, of any other it is told what would differ."""
    with changing_report(pk, actor, ReportAct.REMARK_REPORT, now=now) as change:
        report = change.report
        if report.state == State.DROPPED:
            raise NotPossible(QUICKER)
        if report.count_due_at is not None:
            raise NotPossible(NOT_COUNTED)
        report.count_due_at, report.count_attempts, report.count_error = now, 0, ""
    return report


def drop(pk: int, *, actor: Actor, now: datetime, why: str) -> Report:
    """A draft that somebody began by hand is not made after all; row, snapshots and steps stay, with the reason."""
    with changing_report(pk, actor, ReportAct.PREPARE_REPORT, now=now) as change:
        report = change.report
        if (reason := why_not_drop(report, now)) is not None:
            raise NotPossible(reason)
        if not why.strip():
            raise NotPossible(REASON_NEEDED)
        change.move(Verb.DROP)
        report.next_action_at = report.count_due_at = report.count_lease = None
        give_up(report.code)
        change.step(ReportStepKind.DROPPED, words=why.strip())
    return report


def why_not_drop(report: Report, now: datetime) -> Any:
    """Why a draft is made in any case; None where it is one person's idea. What the city owes, nobody drops."""
    if report.made_by_id is None or report.replaces_id is not None:
        return _("It was not begun by hand: the city owes this report.")
    if report.agency_id is None and PeriodKind(report.kind) in ReportPolicy.on(day_of(now)).kinds:
        return _("The city makes this report for every such period, so it owes it.")
    return None


def edit_sentence(pk: int, language: str, key: str, text: str, *, actor: Actor, now: datetime) -> Report:
    """A sentence of the summary in other words; without any, its own again. NotPossible once it was reviewed."""
    with changing_report(pk, actor, ReportAct.PREPARE_REPORT, now=now) as change:
        _check_writable(change)
        snapshot = change.report.latest_snapshot
        if snapshot is None or language not in LANGUAGES:
            raise NotPossible(NOT_COUNTED)
        own = {each["key"]: each["text"] for each in snapshot.face[language]["sentences"]}
        if key not in own:
            raise NotPossible(QUICKER)
        rows = SentenceEdit.objects.filter(report=change.report, language=language, key=key)
        if not text.strip() or text.strip() == own[key]:
            rows.delete()
        else:
            said = {"text": text.strip(), "made_from": own[key], "at": now, "by": actor}
            SentenceEdit.objects.update_or_create(
                report=change.report, language=language, key=key, defaults=said
            )
        change.step(ReportStepKind.EDITED, what="sentence", key=key, language=language)
    return change.report


def write_foreword(
    pk: int, *, actor: Actor, now: datetime, foreword_id: str, foreword_en: str, foreword_by: str
) -> Report:
    """The answer of the mayor, or of the agency's head, that is bound into the document."""
    with changing_report(pk, actor, ReportAct.PREPARE_REPORT, now=now) as change:
        _check_writable(change)
        if (foreword_id.strip() or foreword_en.strip()) and not foreword_by.strip():
            raise NotPossible(_("Say whose words these are."))
        report = change.report
        report.foreword_id, report.foreword_en = foreword_id.strip(), foreword_en.strip()
        report.foreword_by = foreword_by.strip()
        change.step(ReportStepKind.EDITED, what="foreword")
    return change.report


def set_recipients(pk: int, *, actor: Actor, now: datetime, recipients: Iterable[User]) -> Report:
    """Who of the staff is told when it is published; the next report of the same kind begins with them."""
    with changing_report(pk, actor, ReportAct.REMARK_REPORT, now=now) as change:
        choose_recipients(change.report, recipients)
    return change.report


def _check_writable(change: Change) -> None:
    if change.report.state != State.DRAFT:
        raise NotPossible(LOCKED)
