"""What is done with a round: made, opened, prolonged, closed, annulled. Nothing deletes one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from complaints.clock.city_time import day_of
from complaints.ledger.entries import write_entry
from complaints.models import Service
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.questionnaires.models import SurveyVersion
from surveys.rights import SurveyAct
from surveys.rounds.entries import RoundEntry
from surveys.rounds.models import Round, RoundState
from surveys.rounds.sealing import count_round
from surveys.rounds.tokens import ROUND_LENGTH, draw_code
from surveys.sample import krejcie_morgan

LONGEST = timedelta(days=366)
LATEST_ENTRY = timedelta(days=31)  # slips after the last day
NOT_NOW = _("This cannot be done in the state that the round is in now.")
TRIES = 10  # at a code that nobody has


@dataclass(frozen=True)
class NewRound:
    """What is asked by whom, from when to when. `target` None: by the formula."""

    version: SurveyVersion
    agency: Agency
    opens_on: date
    closes_on: date
    service: Service | None = None
    enter_until: date | None = None
    population: int | None = None
    target: int | None = None
    opens_itself: bool = True
    needs_token: bool = False
    in_steps: bool = False


def check_right(actor: Actor, agency: Agency | None = None) -> User | None:
    """Whoever runs rounds, for an agency of their own line; the system for all."""
    if actor is None:
        return None
    if not isinstance(actor, User) or not role_may(role_of(actor), SurveyAct.RUN_ROUNDS):
        raise NotAllowed(SurveyAct.RUN_ROUNDS)
    if agency is not None and agency.pk not in actor.agency_scope:
        raise NotAllowed(SurveyAct.RUN_ROUNDS)
    return actor


def held(pk: int, actor: Actor) -> Round:
    """The round for a change, in the caller's transaction. Round.DoesNotExist out of scope, NotAllowed without the
    right. Whoever stores an answer meanwhile is waited for."""
    rounds = Round.objects.visible_to(actor).select_related("agency", "service", "version__survey")
    if connection.vendor == "postgresql":
        rounds = rounds.select_for_update(of=("self",))
    row: Round = rounds.get(pk=pk)
    check_right(actor, row.agency)
    return row


def make_round(new: NewRound, *, actor: Actor, now: datetime) -> Round:
    """In preparation, until it is opened."""
    person = check_right(actor, new.agency)
    _check(new, day_of(now))
    formula = krejcie_morgan(new.population) if new.population else None
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                return Round.objects.create(
                    code=draw_code(ROUND_LENGTH),
                    version=new.version,
                    agency=new.agency,
                    service=new.service,
                    opens_on=new.opens_on,
                    closes_on=new.closes_on,
                    enter_until=new.enter_until,
                    population=new.population,
                    target=new.target or formula,
                    target_is_own=bool(new.target and new.target != formula),
                    opens_itself=new.opens_itself,
                    needs_token=new.needs_token,
                    in_steps=new.in_steps,
                    made_by=person,
                )
        except IntegrityError:
            continue
    raise RuntimeError("no code was free")


def _check(new: NewRound, today: date) -> None:
    if new.version.published_at is None or not new.version.survey.is_active:
        raise NotPossible(_("This questionnaire has not been published."))
    if not new.agency.is_active or new.agency.is_external:
        raise NotPossible(_("This agency is closed."))
    if new.service is not None and not new.service.is_active:
        raise NotPossible(_("This service is no longer offered."))
    _check_days(new.opens_on, new.closes_on, new.enter_until, today)


def _check_days(opens: date, closes: date, enter: date | None, today: date) -> None:
    why: Promise | None = None
    if closes < opens:
        why = _("The last day comes before the first.")
    elif closes < today:
        why = _("The last day has passed already.")
    elif closes - opens > LONGEST:
        why = _("A round lasts a year at most.")
    elif enter is not None and not closes <= enter <= closes + LATEST_ENTRY:
        why = _("Slips can be typed in from the last day until a month later.")
    if why is not None:
        raise NotPossible(why)


@transaction.atomic
def open_round(pk: int, *, actor: Actor, now: datetime) -> Round:
    """By hand also before its first day, which then is today."""
    row, today = held(pk, actor), day_of(now)
    if not row.agency.is_active:
        raise NotPossible(_("This agency is closed."))
    if row.closes_on < today:
        raise NotPossible(_("The last day has passed already."))
    opens_on = min(row.opens_on, today)
    changed = Round.objects.filter(pk=pk, state=RoundState.DRAFT).update(
        state=RoundState.OPEN, opens_on=opens_on
    )
    if not changed:
        raise NotPossible(NOT_NOW)
    row.refresh_from_db()
    data = {
        "round": row.code,
        "agency": row.agency.code,
        "agency_id": row.agency_id,  # codes may be given another name
        "service_id": row.service_id,
        "version": row.version_id,
        "from": row.opens_on.isoformat(),
        "to": row.closes_on.isoformat(),
        "until": _iso(row.enter_until),
        "population": row.population,
        "target": row.target,
    }
    if row.service is not None:
        data["service"] = row.service.code
    write_entry(RoundEntry.OPENED, actor=actor, now=now, data=data)
    return row


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@transaction.atomic
def prolong_round(pk: int, *, actor: Actor, now: datetime, closes_on: date) -> Round:
    """A later last day of an open round, as where too few have answered. Slips may be typed as long after it."""
    row = held(pk, actor)
    if closes_on <= row.closes_on:
        raise NotPossible(_("Choose a day after the last one."))
    enter_until = row.enter_until and row.enter_until + (closes_on - row.closes_on)
    _check_days(row.opens_on, closes_on, enter_until, day_of(now))
    changed = Round.objects.filter(pk=pk, state=RoundState.OPEN, closes_on=row.closes_on).update(
        closes_on=closes_on, enter_until=enter_until
    )
    if not changed:
        raise NotPossible(NOT_NOW)
    row.refresh_from_db()
    data = {"round": row.code, "to": closes_on.isoformat(), "until": _iso(row.enter_until)}
    write_entry(RoundEntry.PROLONGED, actor=actor, now=now, data=data)
    return row


@transaction.atomic
def close_round(pk: int, *, actor: Actor, now: datetime) -> Round:
    """Nothing is taken any more; the digest of all its answers goes into the ledger."""
    row = held(pk, actor)
    if not Round.objects.filter(pk=pk, state=RoundState.OPEN).update(state=RoundState.CLOSED):
        raise NotPossible(NOT_NOW)
    answers, digest = count_round(row)
    Round.objects.filter(pk=pk).update(digest=digest)
    row.refresh_from_db()
    data = {"round": row.code, "answers": answers, "digest": digest}
    write_entry(RoundEntry.CLOSED, actor=actor, now=now, data=data)
    return row


@transaction.atomic
def annul_round(pk: int, *, actor: Actor, now: datetime, reason: str) -> Round:
    """It counts no more, and stays, with the reason, before everybody's eyes. Of the reason the ledger keeps a digest:
    a person wrote it."""
    row = held(pk, actor)
    if not reason.strip():
        raise NotPossible(_("Give a reason."))
    states = [RoundState.OPEN, RoundState.CLOSED]
    changed = Round.objects.filter(pk=pk, state__in=states).update(
        state=RoundState.ANNULLED, annulled_because=reason.strip()
    )
    if not changed:
        raise NotPossible(NOT_NOW)
    answers, digest = count_round(row)
    Round.objects.filter(pk=pk).update(digest=digest)
    row.refresh_from_db()
    data = {
        "round": row.code,
        "answers": answers,
        "digest": digest,
        "reason": reason_digest(row.annulled_because),
    }
    write_entry(RoundEntry.ANNULLED, actor=actor, now=now, data=data)
    return row


def reason_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def go_by_day(now: datetime) -> int:
    """Opens what opens by itself, and closes what is over; how many. For the worker."""
    today, done = day_of(now), 0
    due = Round.objects.filter(
        state=RoundState.DRAFT, opens_itself=True, opens_on__lte=today, closes_on__gte=today
    )
    over = Round.objects.filter(state=RoundState.OPEN, closes_on__lt=today).exclude(enter_until__gte=today)
    for rows, act in ((due.filter(agency__is_active=True), open_round), (over, close_round)):
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            try:
                act(pk, actor=None, now=now)
                done += 1
            except NotPossible:  # somebody was quicker
                continue
    return done
