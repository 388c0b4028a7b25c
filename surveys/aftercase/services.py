"""Answering after a report: on the tracking page, or typed by the clerk who took the report in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Citizen, role_of
from accounts.models import Agency
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of
from complaints.models import Complaint
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.aftercase.ends import desk_of, end_of, ending_of, may_be_asked, term_on
from surveys.aftercase.models import AfterCase, AfterCaseRound
from surveys.aftercase.quarters import next_quarter, quarter_of
from surveys.aftercase.sweep import draft_row
from surveys.questionnaires.answering import Reading
from surveys.questionnaires.models import Survey, SurveyVersion
from surveys.rights import SurveyAct
from surveys.rounds.models import Channel, Round, RoundState
from surveys.rounds.services import NewRound, make_round, open_round
from surveys.rounds.storing import Given, Stored, store

NOT_ASKED = _("Nothing is asked about this report at the moment.")
ANSWERED = _("These questions have been answered already. Thank you.")
ENDED_KEY = "ended"  # beside the answers: how the case had ended


@dataclass
class Asking:
    """What somebody may be asked now, or that they answered."""

    row: AfterCase
    version: SurveyVersion


def asking_of(case: Complaint, now: datetime) -> Asking | None:
    """None where nothing is asked: under way, long over, or without a questionnaire. The row may be unsaved."""
    end = end_of(case)
    if end is None:
        return None
    known = AfterCase.objects.select_related("agency").filter(
        complaint=case, about=end.about, cycle=end.cycle
    )
    row = known.first() or draft_row(case, term_on(day_of(now)), calendar_for(None)[0])
    if row is None or not (row.is_answered or may_be_asked(row, end, now)):
        return None
    version = _version(row)
    return Asking(row, version) if version else None


def _version(row: AfterCase) -> SurveyVersion | None:
    """That of the round that is under way, else the newest that was published."""
    here = AfterCaseRound.objects.filter(agency=row.agency_id, quarter=quarter_of(row.ended_on))
    known = here.select_related("round__version__survey").first()
    if known is not None:
        return known.round.version if known.round.state == RoundState.OPEN else None
    return newest_version()


def newest_version() -> SurveyVersion | None:
    published = SurveyVersion.objects.filter(
        survey__purpose=Survey.Purpose.AFTER_CASE, survey__is_active=True, published_at__isnull=False
    )
    return published.select_related("survey").order_by("-published_at", "-pk").first()


def answer(pk: int, *, actor: Actor, now: datetime, reading: Reading) -> Complaint:
    """Once an end. The answer keeps the unit and how the case had ended, and nothing else of it.

    NotPossible when nothing is asked, or it has been answered.
    """
    with transaction.atomic():
        case: Complaint = (
            Complaint.objects.visible_to(actor).select_related("merged_into__agency", "agency").get(pk=pk)
        )
        channel = _channel(actor)
        asking = asking_of(case, now)
        if asking is None:
            raise NotPossible(NOT_ASKED)
        row = _saved(asking.row)
        free = AfterCase.objects.filter(pk=row.pk, is_answered=False)
        if not free.update(is_answered=True, next_action_at=None):
            raise NotPossible(ANSWERED)
        ended = ending_of(case.merged_into or case)
        given = Given(reading.answers | {ENDED_KEY: str(ended)}, reading.words)
        round_ = round_of(row.agency, quarter_of(row.ended_on), asking.version, now)
        # A token that leads nowhere: once is held by the row, which knows nothing of the answer.
        if store(round_, given, channel, now=now, digest=token_hex(32)) is not Stored.NEW:
            raise NotPossible(NOT_ASKED)
        if round_.agency_id != row.agency_id:  # closed meanwhile: who counts the answer has asked for it
            AfterCase.objects.filter(pk=row.pk).update(agency=round_.agency_id)
    return case


def _channel(actor: Actor) -> Channel:
    if isinstance(actor, Citizen):
        return Channel.LINK
    if role_may(role_of(actor), SurveyAct.TYPE_AFTER_CASE):
        return Channel.PAPER
    raise NotAllowed(SurveyAct.TYPE_AFTER_CASE)


def _saved(row: AfterCase) -> AfterCase:
    if row._state.adding:
        AfterCase.objects.bulk_create([row], ignore_conflicts=True)
    return AfterCase.objects.select_related("agency").get(
        complaint=row.complaint_id, about=row.about_id, cycle=row.cycle
    )


def round_of(agency: Agency, quarter: date, version: SurveyVersion, now: datetime) -> Round:
    """The round of this unit and quarter, made where there is none; it takes answers a while longer than it lasts."""
    known = AfterCaseRound.objects.filter(agency=agency, quarter=quarter).select_related("round")
    if (found := known.first()) is not None:
        return found.round
    if not agency.is_active:
        agency = desk_of(term_on(quarter)) or agency
        known = AfterCaseRound.objects.filter(agency=agency, quarter=quarter).select_related("round")
        if (found := known.first()) is not None:
            return found.round
    closes = next_quarter(quarter) + timedelta(days=term_on(quarter).answer_days)
    new = NewRound(version, agency, quarter, closes, needs_token=True)
    try:
        with transaction.atomic():
            row = open_round(make_round(new, actor=None, now=now).pk, actor=None, now=now)
            AfterCaseRound.objects.create(agency=agency, quarter=quarter, round=row)
    except IntegrityError:  # another was quicker, and theirs is it
        return known.get().round
    return row
