"""The way of a document, from top to bottom: somebody asks, the row waits, a worker claims it, it is made by its
kind, it is kept, fetched and cleared. Found, not queued: a row carries its own due time, lease and attempts."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Citizen, role_of
from accounts.models import Agency, User
from complaints import leases
from complaints.files import keeping
from complaints.files.object_store import StoreAway
from complaints.models import Complaint, Event, EventKind
from complaints.permissions import Act, may, role_may
from complaints.services.change import NotAllowed, NotPossible, changing
from reports.documents.asking import find_or_ask
from reports.documents.models import Document, DocumentState, Purpose
from reports.documents.posters import counter_in_reach, counter_poster
from reports.events import ReportEvent
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.pages.case_file import case_file_pdf
from reports.pages.poster import poster_pdf
from reports.pages.report import report_pdf
from reports.rights import ReportAct
from reports.sealed.bundle import make_bundle
from reports.surveys.frozen import freeze_round
from reports.surveys.poster import survey_poster_pdf
from reports.surveys.report import survey_report_pdf
from surveys.index.models import RoundResult
from surveys.rights import SurveyAct
from surveys.rounds.models import Round, RoundState

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # well above the child's own limit of time
MAX_ATTEMPTS = 3
BACKOFF = timedelta(minutes=2)  # doubled at each attempt
AT_ONCE = 1  # mail and sweep wait for no more than one document
KEPT = timedelta(days=30)


# Who may have it: looked at when it is asked for, made and fetched


class OutOfReach(Exception):
    """Its requester may not see this any more."""


def may_report_on(user: User, agency: Agency | None) -> bool:
    """Whether this person may have a report on `agency` (None: the whole city)."""
    if not role_may(role_of(user), ReportAct.READ_REPORTS):
        return False
    return user.agency_id is None or (agency is not None and agency.pk in user.agency_scope)


def requester_of(document: Document) -> User | Citizen:
    """Who asked for it: a user, or the citizen of its case."""
    if document.requested_by is not None:
        return document.requested_by
    assert document.complaint_id is not None
    return Citizen(document.complaint_id)


def is_readable_by(document: Document, user: User) -> bool:
    """By who asked for it and is still who they were, a sealed file also by every other who may seal that case: it is
    the office's, not the person's. And only as long as they could ask for it anew. A citizen's own is theirs alone."""
    if document.requested_by_id is None or not user.is_active:
        return False
    if not document.is_sealed and (
        user.pk != document.requested_by_id or document.made_as not in ("", _seen_as(user))
    ):
        return False
    if document.complaint_id is not None:
        return _case_in_reach(document, user) is not None
    if document.kind == Document.Kind.COUNTER_POSTER:
        return counter_in_reach(document, user)
    if document.kind == Document.Kind.ROUND_POSTER:
        return _run_round(document, user) is not None
    if document.round_id is not None:
        return round_in_reach(document.round_id, user) is not None
    return may_report_on(user, document.agency)


def _seen_as(user: User) -> str:
    return f"{role_of(user)} {user.agency_id or ''} {user.sees_oversight}"


def _case_in_reach(document: Document, actor: Actor) -> Complaint | None:
    """Its case as this person reaches it now; None when they may not have this document of it."""
    assert document.complaint_id is not None
    right = ReportAct.SEAL_FILE if document.is_sealed else Act.READ_WORDS
    cases = Complaint.objects.visible_to(actor).with_everything()
    if isinstance(actor, Citizen):
        right, cases = ReportAct.SEAL_OWN_FILE, cases.filter(receipt_digest__isnull=False)  # not erased
    case: Complaint | None = cases.filter(pk=document.complaint_id).first()
    return case if case is not None and may(actor, right, case) else None


def round_in_reach(pk: int, user: User, right: SurveyAct = SurveyAct.SEE_RESULTS) -> Round | None:
    """The survey round as this person reaches it now; None out of scope or without the right."""
    if not role_may(role_of(user), right):
        return None
    rounds = Round.objects.visible_to(user).public().select_related("agency", "service", "version__survey")
    return rounds.filter(pk=pk).first()


def _run_round(document: Document, user: User) -> Round | None:
    """The round of a poster as this person runs it now, also while it is in preparation."""
    if not role_may(role_of(user), SurveyAct.RUN_ROUNDS):
        return None
    return Round.objects.visible_to(user).filter(pk=document.round_id or 0).first()


# Somebody asks, and the row waits


def ask_report(
    period: Period, agency: Agency | None, *, actor: User, now: datetime, language: str
) -> Document:
    """A report of the period on `agency` and those below it, or on the city. NotAllowed out of scope."""
    if not may_report_on(actor, agency):
        raise NotAllowed(ReportAct.READ_REPORTS)
    about: dict[str, object] = {"period_from": period.first, "period_to": period.last, "agency": agency}
    return find_or_ask(Document.Kind.REPORT, about, actor, now, language)[0]


def ask_case_file(case: Complaint, *, actor: User, now: datetime, language: str) -> Document:
    """The file of a case the actor has in scope. NotAllowed when they see its heading only."""
    if not may(actor, Act.READ_WORDS, case):
        raise NotAllowed(Act.READ_WORDS)
    return find_or_ask(Document.Kind.CASE_FILE, {"complaint": case}, actor, now, language)[0]


def ask_survey_paper(
    row: Round, kind: Document.Kind, *, actor: User, now: datetime, language: str
) -> Document:
    """Report or poster of a round. NotAllowed out of reach, NotPossible where there is no result to print."""
    if round_in_reach(row.pk, actor) is None:
        raise NotAllowed(SurveyAct.SEE_RESULTS)
    if row.state == RoundState.ANNULLED or not RoundResult.objects.filter(round=row).exists():
        raise NotPossible(_("There is no result of this round that could be printed."))
    return find_or_ask(kind, {"round": row}, actor, now, language)[0]


def ask_poster(row: Round, *, actor: User, now: datetime, language: str) -> Document:
    """The poster that asks people to answer. NotAllowed without the right; NotPossible where nobody comes by one."""
    if not role_may(role_of(actor), SurveyAct.RUN_ROUNDS):
        raise NotAllowed(SurveyAct.RUN_ROUNDS)
    if row.needs_token or row.state not in (RoundState.DRAFT, RoundState.OPEN):
        raise NotPossible(_("This round has no poster (any more)."))
    return find_or_ask(Document.Kind.ROUND_POSTER, {"round": row}, actor, now, language)[0]


@transaction.atomic  # no file without its event, no event without its file
def ask_sealed_file(
    case: Complaint,
    purpose: Purpose,
    *,
    words: str,
    is_for_citizen: bool,
    actor: User,
    now: datetime,
    language: str,
) -> Document:
    """A sealed file of a case. That it was asked for, by whom and what for, becomes part of the history, and so
    of the file itself. NotAllowed without the right; NotPossible without words on the purpose."""
    if not words.strip():
        raise NotPossible(_("Say what the file is for."))
    # What goes to the citizen never holds what staff keep among themselves, whatever was ticked.
    is_for_citizen = is_for_citizen or purpose == Purpose.APPEAL
    about: dict[str, object] = {"complaint": case, "purpose": purpose, "is_for_citizen": is_for_citizen}
    document, is_new = find_or_ask(Document.Kind.SEALED_FILE, about, actor, now, language)
    if is_new:
        with changing(case.pk, actor, ReportAct.SEAL_FILE, now=now) as change:
            data = {"purpose": str(purpose), "for_citizen": is_for_citizen}
            change.event(ReportEvent.FILE_SEALED, data=data, words={"text": words})
    return document


# A worker claims it


def build_documents(now: datetime) -> int:
    """Makes the documents that are due, oldest first; returns how many were made."""
    free = leases.free(now, LEASE)
    due = Document.objects.waiting().filter(free, due_at__lte=now).order_by("due_at", "id")
    return sum(_build_one(pk, now) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def _build_one(pk: int, now: datetime) -> bool:
    """Claims the row, counting the attempt first: one that kills its process is given up in the end too."""
    claimed = (
        Document.objects.waiting()
        .filter(leases.free(now, LEASE), pk=pk, due_at__lte=now)
        .update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    document = Document.objects.select_related("requested_by__agency", "agency", "complaint", "round").get(
        pk=pk
    )
    if document.attempts > MAX_ATTEMPTS:
        _fail(document, now, "gave up")
        return False
    try:
        _keep(document, make_document(document, now), now)
    except OutOfReach:
        _fail(document, now, "out of reach", for_good=True)
        return False
    except StoreAway as error:
        logger.error("document %d waits: %s", pk, error)
        leases.give_back(
            Document.objects.filter(pk=pk, leased_until=document.leased_until), due_at=now + BACKOFF
        )
        return False
    except BaseException as error:
        _fail(document, now, type(error).__name__)
        if not isinstance(error, Exception):
            raise
        logger.exception("document %d could not be made", pk)
        return False
    return True


def _fail(document: Document, now: datetime, why: str, *, for_good: bool = False) -> None:
    """Puts it off, or gives it up after the last attempt. The kind of error only: no words of a case."""
    over = for_good or document.attempts >= MAX_ATTEMPTS
    Document.objects.filter(pk=document.pk, leased_until=document.leased_until).update(
        state=DocumentState.FAILED if over else DocumentState.WAITING,
        due_at=now + BACKOFF * 2 ** (document.attempts - 1),
        leased_until=None,
        last_error=why[:200],
    )


# It is made by its kind


@dataclass(frozen=True)
class Made:
    """What came of a row: the file under its name, for a report the snapshot beside it."""

    name: str
    content: bytes
    snapshot: bytes = b""
    digest: str = ""


def make_document(document: Document, now: datetime) -> Made:
    """The document as its requester may see it now. OutOfReach when they may not any more."""
    make = {
        Document.Kind.REPORT: _report,
        Document.Kind.CASE_FILE: _case_file,
        Document.Kind.SEALED_FILE: _sealed_file,
        Document.Kind.SURVEY_REPORT: _survey_paper,
        Document.Kind.SURVEY_POSTER: _survey_paper,
        Document.Kind.ROUND_POSTER: _poster,
        Document.Kind.COUNTER_POSTER: _counter_poster,
    }[Document.Kind(document.kind)]
    return make(document, now)


def _report(document: Document, now: datetime) -> Made:
    user = requester_of(document)
    if isinstance(user, Citizen) or not may_report_on(user, document.agency):
        raise OutOfReach
    assert document.period_from is not None
    assert document.period_to is not None
    period = Period(document.period_from, document.period_to)
    snapshot = freeze(period, document.agency, actor=user, now=now)
    return Made(
        name=f"tuntas-report-{snapshot.slug}-{document.language}.pdf",
        content=report_pdf(snapshot, language=document.language),
        snapshot=snapshot.content,
        digest=snapshot.digest,
    )


def _survey_paper(document: Document, now: datetime) -> Made:
    user = requester_of(document)
    row = None if isinstance(user, Citizen) else round_in_reach(document.round_id or 0, user)
    if row is None or row.state == RoundState.ANNULLED:
        raise OutOfReach
    snapshot = freeze_round(row, now=now)
    is_report = document.kind == Document.Kind.SURVEY_REPORT
    make, what = (survey_report_pdf, "report") if is_report else (survey_poster_pdf, "poster")
    return Made(
        name=f"tuntas-survey-{what}-{snapshot.slug}-{document.language}.pdf",
        content=make(snapshot, language=document.language),
        snapshot=snapshot.content,
        digest=snapshot.digest,
    )


def _case_file(document: Document, now: datetime) -> Made:
    case = _case_of(document)
    return Made(
        name=f"{case.number}.pdf",
        content=case_file_pdf(case, actor=requester_of(document), now=now, language=document.language),
    )


def _sealed_file(document: Document, now: datetime) -> Made:
    case = _case_of(document)
    with translation.override(document.language):
        purpose = document.get_purpose_display()
    content, manifest_digest = make_bundle(
        case,
        purpose=purpose,
        is_for_citizen=document.is_for_citizen,
        actor=requester_of(document),
        now=now,
        language=document.language,
    )
    return Made(name=f"{case.number}-sealed.zip", content=content, digest=manifest_digest)


def _poster(document: Document, now: datetime) -> Made:
    user = requester_of(document)
    if isinstance(user, Citizen) or (row := _run_round(document, user)) is None:
        raise OutOfReach
    return Made(name=f"tuntas-survey-{row.code}.pdf", content=poster_pdf(row))


def _counter_poster(document: Document, now: datetime) -> Made:
    user = requester_of(document)
    if isinstance(user, Citizen) or not counter_in_reach(document, user):
        raise OutOfReach
    return Made(*counter_poster(document))


def _case_of(document: Document) -> Complaint:
    case = _case_in_reach(document, requester_of(document))
    if case is None:
        raise OutOfReach
    return case


# It is kept, fetched, and cleared


def _keep(document: Document, made: Made, now: datetime) -> None:
    """The files first: a kill in between leaves a row that is made again, never one without its file."""
    if made.snapshot:
        keeping.put_bytes(made.snapshot, document.stored_snapshot)
    digest = keeping.put_bytes(made.content, document.stored)
    made_as = _seen_as(document.requested_by) if document.requested_by else ""
    Document.objects.filter(pk=document.pk, leased_until=document.leased_until).update(
        state=DocumentState.READY,
        built_at=now,
        leased_until=None,
        file_name=made.name,
        sha256=digest,
        size=len(made.content),
        snapshot_digest=made.digest,
        made_as=made_as,
        last_error="",
    )


def fetch(document: Document) -> bytes | None:
    """The file, exactly as it was stored; None where it is gone or is another. StoreAway where nobody can say."""
    content = keeping.read_as(document.stored, document.sha256)
    if content is None:
        logger.error("document %s is gone, or is not what was stored", document.pk)
    return content


def clear_documents(now: datetime) -> int:
    """Deletes documents a month after they were asked for, and those of a case whose citizen was erased since;
    whoever needs one again asks again."""
    erased = Event.objects.filter(
        kind=EventKind.WORDS_ERASED, complaint=OuterRef("complaint"), at__gte=OuterRef("requested_at")
    )
    old = Document.objects.filter(Q(requested_at__lt=now - KEPT) | Exists(erased))
    gone = 0
    for document in old:
        if not keeping.remove(document.stored, document.stored_snapshot):
            break  # the rows go with their files
        gone += document.delete()[0]
    return gone
