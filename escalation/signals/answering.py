"""What agencies say to the signs that stand at them: asked once, answered by the head (decision 70)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from complaints.clock.arithmetic import Target, Unit, due_at
from complaints.clock.calendars import calendars
from complaints.clock.city_time import day_of
from complaints.clock.periods import quarter_words
from complaints.ledger.recording import recording
from complaints.models import Complaint
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from escalation.rights import EscalationAct
from escalation.signals.models import SignalLook, SignAnswer, Standing, StandingSign

WORKING_DAYS = 10
MOST_ANSWERS = 20
Key = tuple[date, str, int | None]
CHANGED = _("Somebody else has answered meanwhile. Read it first.")
ENOUGH = _("This has been answered often enough.")


def ask_agencies(quarter: date, now: datetime) -> list[StandingSign]:
    """Asks each agency at which a sign stands for the first time; the rows made. Who is closed without anybody to take
    over cannot answer, and bodies outside the city government are not asked."""
    found = SignalLook.objects.filter(quarter=quarter, is_sign=True, agency__is_external=False).order_by()
    standing = set(found.values_list("signal", "agency").distinct())
    asked = set(StandingSign.objects.filter(quarter=quarter).values_list("signal", "agency"))
    missing = sorted(standing - asked)
    agencies = Agency.objects.select_related("successor").in_bulk({agency for _signal, agency in missing})
    known, made = calendars(), list[StandingSign]()
    with recording(actor=None, now=now) as record:
        for signal, pk in missing:
            answers = agencies[pk] if agencies[pk].is_active else agencies[pk].who_took_over()
            if answers is None:
                continue
            due = due_at(now, Target(WORKING_DAYS, Unit.WORKING_DAYS), known.of(answers.pk))
            row = StandingSign(quarter=quarter, signal=signal, agency=agencies[pk], asked_at=now)
            row.due_on = day_of(due or now + timedelta(days=2 * WORKING_DAYS))
            row.save(force_insert=True)
            record.new(row)
            made.append(row)
    return made


@dataclass
class Asked:
    """A sign as somebody reads it: of how many of how many, without cases that are kept from them."""

    row: StandingSign
    signs: int
    base: int
    today: date
    answers: list[SignAnswer] = field(default_factory=list)

    @cached_property
    def standing(self) -> Standing:
        first = day_of(self.answers[0].at) if self.answers else None
        return self.row.standing(first, self.today)

    @property
    def quarter(self) -> str:
        return str(capfirst(quarter_words(self.row.quarter)))

    @property
    def is_open(self) -> bool:
        return self.standing in (Standing.WAITING, Standing.NOT_ANSWERED)


def asked_of(user: User, now: datetime) -> list[Asked]:
    """The signs that this head answers for, those that wait first, then the newest. A sign that rests on cases alone
    that are kept from them is in no list."""
    mine = StandingSign.objects.filter(agency__in=_answers_for(user)).select_related("agency")
    found = _with_counts(user, mine, now)
    return sorted(found, key=lambda each: (not each.is_open, -each.row.quarter.toordinal(), each.row.pk))


def asked_between(actor: Actor, start: datetime, end: datetime, now: datetime) -> list[Asked]:
    """What agencies were asked in these moments, as `actor` may read it; None, the system, all of it."""
    rows = StandingSign.objects.filter(asked_at__gte=start, asked_at__lt=end).select_related("agency")
    return _with_counts(actor, rows, now)


def answers_to(user: User, quarter: date, signal: str, now: datetime) -> dict[int, Asked]:
    """What agencies say to one sign, by agency, as a supervisor reads it."""
    rows = StandingSign.objects.filter(quarter=quarter, signal=signal).select_related("agency")
    return {each.row.agency_id: each for each in _with_counts(user, rows, now)}


def looks_of(user: User, row: StandingSign) -> QuerySet[SignalLook]:
    """The signs behind it whose cases this person may open."""
    looks = SignalLook.objects.visible_to(user).filter(is_sign=True, **_place(row))
    return looks.select_related("complaint").order_by("-at", "-pk")


def answer_sign(pk: int, *, actor: Actor, now: datetime, words: str, seen: int) -> SignAnswer:
    """Answers for the agency. `seen`: how many answers the head had read. NotAllowed for others than heads,
    StandingSign.DoesNotExist outside the scope, NotPossible when somebody answered meanwhile."""
    if not isinstance(actor, User) or not role_may(role_of(actor), EscalationAct.ANSWER_SIGN):
        raise NotAllowed(EscalationAct.ANSWER_SIGN)
    asked = next((each for each in asked_of(actor, now) if each.row.pk == pk), None)
    if asked is None:
        raise StandingSign.DoesNotExist
    if len(asked.answers) != seen:
        raise NotPossible(CHANGED)
    if seen >= MOST_ANSWERS:
        raise NotPossible(ENOUGH)
    said = SignAnswer(sign=asked.row, number=seen + 1, words=words, by=actor, at=now)
    said.signs, said.base = asked.signs, asked.base
    with recording(actor=actor, now=now) as record:
        try:
            with transaction.atomic():
                said.save(force_insert=True)
        except IntegrityError:
            raise NotPossible(CHANGED) from None
        record.new(said)
    return said


def _answers_for(user: User) -> list[int]:
    """Their agencies, and closed ones whose matters these took over."""
    own = set(user.agency_scope)
    taken = [
        row.pk for row in Agency.objects.handed_over() if getattr(row.who_took_over(), "pk", None) in own
    ]
    return [*own, *taken]


def _with_counts(user: Actor, rows: QuerySet[StandingSign], now: datetime) -> list[Asked]:
    found = list(rows.prefetch_related("answers__by"))
    counts = _counts(user, {row.quarter for row in found})
    read = []
    for row in found:
        signs, base = counts.get((row.quarter, row.signal, row.agency_id), (0, 0))
        if signs:
            read.append(Asked(row, signs, base, day_of(now), list(row.answers.all())))
    return read


def _counts(user: Actor, quarters: Iterable[date]) -> dict[Key, tuple[int, int]]:
    """One query. What was handed on stands at the agency that had it, and is out of its scope by now: so not by
    `visible_to`, but without what does not exist for this person."""
    looks = SignalLook.objects.filter(quarter__in=list(quarters))
    if isinstance(user, User):
        looks = looks.exclude(complaint__in=Complaint.objects.kept_from(user).values("pk"))
    rows = (
        looks.order_by()
        .values("quarter", "signal", "agency")
        .annotate(signs=Count("pk", filter=Q(is_sign=True)), base=Count("pk"))
    )
    return {(row["quarter"], row["signal"], row["agency"]): (row["signs"], row["base"]) for row in rows}


def _place(row: StandingSign) -> dict[str, object]:
    return {"quarter": row.quarter, "signal": row.signal, "agency": row.agency_id}
