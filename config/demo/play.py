"""Plays a city's life: every case has a plan, and all plans happen in the order of time, with the daily sweep.

Everything goes through the services, so a demo city is a possible city: same rules, same events, same mails
(which are marked as sent: nobody reads them).
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, start_of
from complaints.clock.working_calendar import WorkingCalendar
from complaints.ledger.checkpoints import make_checkpoint
from complaints.mail.readers import hand_on
from complaints.models import Area, Category, Complaint, EventKind, Message, RejectReason, Service
from complaints.models.complaint import Channel
from complaints.services import citizen, handling, intake, reassignment, verification
from complaints.services.change import NotPossible
from complaints.services.referral import speak_of_referral
from complaints.states import State
from config.demo.after_case import plan_after_cases
from config.demo.forums import Meetings
from config.demo.oversight import Overseers
from config.demo.reports import plan_reports
from config.demo.rounds import Askers
from config.demo.set_pieces import SetPieces
from config.demo.standards import Standards
from config.demo.voices import Voices
from config.demo.words import Words
from config.fixtures import read
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.extending import allowance
from escalation.ladder.models import Decision, Escalation, Level
from escalation.sweep import run_sweep

Step = Callable[[datetime], object]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY, HEADS_FOR = 0, 70 * DAY
WHOLE = 60  # cases from which on surveys and forums are played in full
VOICES_SEED = 22  # of their own, so that they shift nothing else in the play


@dataclass
class Stage:
    """What the play needs to know, read once."""

    rng: Random
    words: Words
    calendar: WorkingCalendar
    categories: list[Category]
    wards: list[Area]
    services: dict[int, list[Service]]
    reasons: list[RejectReason]
    outside: list[Agency]
    verifiers: list[User]
    supervisors: list[User]
    oversight: dict[str, Any]
    clerks: list[User]
    officers: dict[int, list[User]]
    # How quickly an agency works: 1 is usual, 3 is slow.
    pace: dict[int, float] = field(default_factory=dict)
    shy_agencies: set[int] = field(default_factory=set)


def play(stage: Stage, cases: int, now: datetime) -> int:
    """Plays `cases` complaints up to `now`; returns how many there are then."""
    play_, share = _Play(stage, now), min(1.0, cases / WHOLE)
    Askers(Random(str(stage.rng.getstate()[1][:4])), now, share).plan(play_.at)  # noqa: S311 - a play, by the seed
    for _ in range(cases):
        play_.at(_arrival(stage, now), play_.arrive)
    day = start_of(day_of(min((moment for moment, _, _ in play_.steps), default=now)))
    while day < now:
        play_.at(day, play_.sweep)
        day += DAY
    overseers = Overseers(Random(stage.rng.getrandbits(64)), stage.oversight, now)  # noqa: S311 - a play
    overseers.plan(play_.at)
    boss = next((user for user in stage.supervisors if user.seat in (Seat.INSPECTORATE, "")), None)
    Standards(read("demo/standards.json"), boss, now).plan(play_.at)
    if overseers.heads:
        meetings = Random(stage.rng.getrandbits(64))  # noqa: S311 - a play
        Meetings(meetings, stage.words.forums, overseers.head_of, now).plan(play_.at)
    plan_after_cases(play_.at, now)
    plan_reports(play_.at, now)
    Voices(Random(VOICES_SEED), stage.words.voices, now, share).plan(play_.at)  # noqa: S311 - a play
    SetPieces(Random(f"{cases} set pieces"), stage, now).plan(play_.at)  # noqa: S311 - a play
    with transaction.atomic():
        play_.run()
        hand_on(now + 7 * DAY)
        Message.objects.filter(sent_at=None).update(sent_at=F("due_at"), attempts=1)
    return Complaint.objects.count()


def _arrival(stage: Stage, now: datetime) -> datetime:
    """More of it lately, mostly by day: a service that becomes known."""
    rng = stage.rng
    days = rng.uniform(0.3, 40) if rng.random() < 0.45 else rng.triangular(30, 730, 60)
    moment = now - timedelta(days=days)
    weights = [1] * 6 + [4, 8, 10, 10, 9, 8, 7, 7, 7, 6, 5, 5, 6, 7, 7, 5, 3, 2]
    hour = rng.choices(range(24), weights=weights)[0]
    local = moment.astimezone(stage.calendar.tz).replace(hour=hour, minute=rng.randrange(60), second=0)
    return min(local.astimezone(now.tzinfo), now - HOUR)


class _Play:
    def __init__(self, stage: Stage, now: datetime) -> None:
        self.stage, self.now, self.rng = stage, now, stage.rng
        self.steps: list[tuple[datetime, int, Step]] = []
        self._order = count()

    def at(self, moment: datetime, step: Step) -> None:
        if moment <= self.now:
            heapq.heappush(self.steps, (moment, next(self._order), step))

    def run(self) -> None:
        while self.steps:
            moment, _, step = heapq.heappop(self.steps)
            try:
                step(moment)
            except (NotPossible, Complaint.DoesNotExist):
                continue  # the case has gone another way meanwhile

    def sweep(self, moment: datetime) -> None:
        """The nightly sweep; those to whom it raised something look at it over the next days, if they do."""
        weekday = day_of(moment).weekday()
        if weekday != MONDAY and not Complaint.objects.needing_action(moment).exists():
            return  # a quiet day: what else the sweep sees to can wait for the next
        run_sweep(moment)
        if weekday == MONDAY and moment > self.now - HEADS_FOR:
            make_checkpoint(moment, outside=False)
        heirs = Complaint.objects.filter(events__kind=EventKind.WENT_ON, events__at__gt=moment - DAY)
        for pk in heirs.order_by("pk").values_list("pk", flat=True):
            self.at(self.later(moment, 6), partial(self.push, pk))
        raised = Escalation.objects.filter(raised_at=moment).select_related("complaint")
        for escalation in raised.order_by("pk"):
            agency = escalation.complaint.agency_id or 0
            heeds = 0.85 if agency not in self.stage.shy_agencies else 0.3
            if self.rng.random() < heeds:
                when = self.later(moment, self.rng.expovariate(1 / 10))
                self.at(when, partial(self.decide, escalation.pk))

    def decide(self, pk: int, moment: datetime) -> None:
        rng, escalation = self.rng, Escalation.objects.select_related("complaint").get(pk=pk)
        head = User.objects.filter(role=Role.AGENCY_HEAD, agency=escalation.complaint.agency_id).first()
        judge = head if escalation.level == Level.AGENCY_HEAD and head else self._supervisor(escalation.level)
        if judge is None or not escalation.is_open:
            return
        ruling = self._ruling(escalation, judge)
        acknowledge(pk, actor=judge, now=moment)
        decide(pk, actor=judge, now=min(moment + HOUR, self.now), ruling=ruling)
        pk_ = escalation.complaint_id
        self.at(self.later(moment, 12 + rng.expovariate(1 / 16)), lambda at: self.push(pk_, at))

    def _supervisor(self, level: int) -> User | None:
        """Who sits on this level, else somebody who sits on none."""
        seat = Seat.OMBUDSMAN if level == Level.OMBUDSMAN else Seat.INSPECTORATE
        able = [user for user in self.stage.supervisors if user.seat in (seat, "")]
        return self.rng.choice(able) if able else None

    def _ruling(self, escalation: Escalation, judge: User) -> Ruling:
        """Mostly an instruction; now and then a supervisor gives the case to another agency."""
        rng, words = self.rng, self.stage.words.instruction(self.rng)
        draw, days = rng.random(), rng.choice([3, 5, 5, 10])
        if draw < 0.12 and judge.role == Role.SUPERVISOR:
            eligible_agencies = [
                a
                for a in reassignment.eligible_agencies(escalation.complaint, judge)
                if a.pk in self.stage.officers
            ]
            if eligible_agencies:
                return Ruling(
                    Decision.REASSIGN,
                    self.stage.words.reassignment(rng),
                    agency=rng.choice(eligible_agencies),
                )
        if draw > 0.95:
            return Ruling(Decision.UNFOUNDED, self.stage.words.unfounded(rng))
        extends = draw > 0.65 and days <= allowance(escalation.complaint, judge).days
        decision = Decision.EXTEND if extends else Decision.INSTRUCT
        return Ruling(decision, words, days=days)

    def push(self, pk: int, moment: datetime) -> None:
        """What was instructed is mostly done."""
        case = Complaint.objects.get(pk=pk)
        if case.state == State.ASSIGNED:
            self.accept(pk, moment)
        elif case.state == State.SUBMITTED:
            self.verify(pk, moment)
        elif case.state == State.IN_PROGRESS and case.handler and self.rng.random() < 0.8:
            self.resolve(pk, case.handler, moment)

    def later(self, moment: datetime, hours: float) -> datetime:
        """`moment` plus about so many opening hours: staff act when the office is open."""
        there, left = moment, hours
        while left > 0:
            there = self.stage.calendar.next_opening(there)
            slice_ = min(left, 1.0)
            there += timedelta(hours=slice_)
            left -= slice_
        opening = self.stage.calendar.next_opening(there)
        return opening + timedelta(minutes=self.rng.randrange(1, 50))

    # The citizen files, or a clerk types it in.

    def arrive(self, moment: datetime) -> None:
        stage, rng = self.stage, self.rng
        category = rng.choices(
            stage.categories, weights=[stage.words.weight(c.code) for c in stage.categories]
        )[0]
        subject, description, place = stage.words.complaint(category.code, rng)
        ward = rng.choice(stage.wards) if rng.random() < 0.9 else None
        services = stage.services.get(category.agency_id or 0, [])
        clerk = rng.choice(stage.clerks) if stage.clerks and rng.random() < 0.22 else None
        anonymous = rng.random() < 0.18
        filing = intake.Filing(
            subject=subject,
            description=description,
            category=category,
            service=rng.choice(services) if services and rng.random() < 0.3 else None,
            area=ward,
            location=place,
            happened_on=day_of(moment - rng.randrange(0, 6) * DAY),
            is_anonymous=anonymous,
            is_confidential=not anonymous and rng.random() < 0.12,
            identity=stage.words.identity(rng),
            channel=rng.choice([Channel.PHONE, Channel.COUNTER, Channel.LETTER, Channel.BOX])
            if clerk
            else "web",
        )
        secret = f"{rng.getrandbits(160):040x}"
        case = intake.submit(filing, actor=clerk, now=moment, secret=secret).case
        if rng.random() < 0.95:
            self.at(self.later(moment, rng.expovariate(1 / 6)), lambda at: self.verify(case.pk, at))

    def verify(self, pk: int, moment: datetime) -> None:
        rng, verifier = self.rng, self.rng.choice(self.stage.verifiers)
        case = Complaint.objects.get(pk=pk)
        if case.state != State.SUBMITTED:
            return
        draw = rng.random()
        if draw < 0.10 and case.version < 3:
            question = self.stage.words.question(rng)
            verification.ask_citizen(pk, actor=verifier, now=moment, question=question)
            self.await_answer(pk, moment, lambda at: self.verify(pk, at))
        elif draw < 0.15:
            reason = rng.choice(self.stage.reasons)
            verification.reject(pk, actor=verifier, now=moment, reason=reason, words=reason.explanation_id)
        elif draw < 0.18 and (main := self._similar(case)) is not None:
            verification.merge(pk, actor=verifier, now=moment, into=main.pk)
        elif draw < 0.21 and self.stage.outside:
            body = rng.choice(self.stage.outside)
            reference = f"{rng.randrange(10**6, 10**7)}"
            words = self.stage.words.referral(rng)
            verification.refer(pk, actor=verifier, now=moment, body=body, reference=reference, words=words)
            self.at(moment + timedelta(days=rng.uniform(34, 44)), partial(self.hear_of_referral, pk))
        else:
            self.assign(case, verifier, moment)

    def hear_of_referral(self, pk: int, moment: datetime) -> None:
        """Asked whether the other body answered, most citizens say so; a few have heard nothing."""
        draw = self.rng.random()
        if draw < 0.8:
            answered = draw < 0.6
            speak_of_referral(pk, actor=Citizen(pk), now=moment, answered=answered)
            if not answered:
                self.at(self.later(moment, 8), partial(self.push, pk))

    def _similar(self, case: Complaint) -> Complaint | None:
        return (
            Complaint.objects.open()
            .filter(category=case.category, kind=case.kind, merged_into=None)
            .exclude(pk=case.pk)
            .order_by("pk")
            .first()
        )

    def assign(self, case: Complaint, verifier: User, moment: datetime) -> None:
        rng = self.rng
        agency = case.category.agency if case.category else None
        oversight = [a for a in self._agencies() if a.is_oversight]
        if case.is_oversight:
            agency = oversight[0]
        elif agency is None or agency.pk not in self.stage.officers or rng.random() < 0.06:
            agency = rng.choice([a for a in self._agencies() if not a.is_oversight])
        routing = verification.Routing([agency])
        verification.assign(case.pk, actor=verifier, now=moment, routing=routing)
        if agency.pk not in self.stage.shy_agencies or rng.random() < 0.5:
            wait = rng.expovariate(1 / 9) * self.stage.pace.get(agency.pk, 1)
            self.at(self.later(moment, wait), lambda at: self.accept(case.pk, at))

    def _agencies(self) -> list[Agency]:
        return list(Agency.objects.filter(pk__in=self.stage.officers).order_by("code"))

    def accept(self, pk: int, moment: datetime) -> None:
        rng = self.rng
        case = Complaint.objects.get(pk=pk)
        if case.state != State.ASSIGNED or case.agency_id is None:
            return
        officer = rng.choice(self.stage.officers[case.agency_id])
        if rng.random() < 0.07:
            handling.hand_back(pk, actor=officer, now=moment, why=self.stage.words.hand_back(rng))
            self.at(self.later(moment, rng.expovariate(1 / 6)), lambda at: self.verify(pk, at))
            return
        handling.accept(pk, actor=officer, now=moment, handler=officer)
        if rng.random() < 0.25:
            self.at(self.later(moment, 1), lambda at: self.note(pk, officer, at))
        if rng.random() < 0.12:
            self.at(self.later(moment, 3), lambda at: self.ask(pk, officer, at))
        else:
            self.at(self.later(moment, self._work(case)), lambda at: self.resolve(pk, officer, at))

    def _work(self, case: Complaint) -> float:
        """Opening hours until an answer: mostly under two weeks, with a long tail; some never."""
        hours = self.rng.lognormvariate(3.6, 0.8) * self.stage.pace.get(case.agency_id or 0, 1)
        return min(hours, 900.0) if self.rng.random() < 0.93 else 4000.0

    def note(self, pk: int, officer: User, moment: datetime) -> None:
        handling.add_note(pk, actor=officer, now=moment, text=self.stage.words.note(self.rng))

    def ask(self, pk: int, officer: User, moment: datetime) -> None:
        verification.ask_citizen(pk, actor=officer, now=moment, question=self.stage.words.question(self.rng))
        self.await_answer(pk, moment, lambda at: self.resolve(pk, officer, at))

    def await_answer(self, pk: int, moment: datetime, then: Step) -> None:
        if self.rng.random() < 0.75:
            when = moment + timedelta(hours=self.rng.expovariate(1 / 60))

            def answer(at: datetime) -> None:
                words = self.stage.words.answer(self.rng)
                citizen.answer(pk, actor=Citizen(pk), now=at, text=words)
                self.at(self.later(at, 8), then)

            self.at(when, answer)

    def resolve(self, pk: int, officer: User, moment: datetime) -> None:
        rng = self.rng
        case = Complaint.objects.get(pk=pk)
        if case.state != State.IN_PROGRESS:
            return
        answer = self.stage.words.resolution(case.category.code if case.category else "", rng)
        files = [self.stage.words.photo(officer, moment, rng)] if needs_file(case) else []
        handling.resolve(pk, actor=officer, now=moment, answer=answer, files=files)
        draw, when = rng.random(), moment + timedelta(hours=rng.expovariate(1 / 50))
        if draw < 0.42:
            self.at(when, lambda at: self.confirm(pk, at))
        elif draw < 0.53:
            self.at(when, lambda at: self.dispute(pk, officer, at))

    def confirm(self, pk: int, moment: datetime) -> None:
        rating = self.rng.choices([4, 3, 2, 1], weights=[40, 38, 15, 7])[0]
        comment = self.stage.words.comment(rating, self.rng) if self.rng.random() < 0.5 else ""
        citizen.confirm(pk, actor=Citizen(pk), now=moment, rating=rating, comment=comment)

    def dispute(self, pk: int, officer: User, moment: datetime) -> None:
        citizen.dispute(pk, actor=Citizen(pk), now=moment, why=self.stage.words.dispute(self.rng))
        self.at(self.later(moment, 30), lambda at: self.resolve(pk, officer, at))


def needs_file(case: Complaint) -> bool:
    return case.category is not None and case.category.needs_evidence


def open_stage(rng: Random, words: Words) -> Stage:
    """Reads the loaded city. Officers of an agency work its cases; an agency without any gets none."""
    officers: dict[int, list[User]] = {}
    for user in User.objects.filter(role=Role.OFFICER, is_active=True).order_by("email"):
        officers.setdefault(user.agency_id or 0, []).append(user)
    services: dict[int, list[Service]] = {}
    for service in Service.objects.filter(is_active=True).order_by("code"):
        services.setdefault(service.agency_id, []).append(service)
    agencies = sorted(officers)
    return Stage(
        rng=rng,
        words=words,
        calendar=calendar_for(None)[1],
        categories=[c for c in Category.objects.order_by("code") if c.parent_id and words.weight(c.code)],
        wards=list(Area.objects.filter(level=Area.Level.WARD).order_by("code")),
        services=services,
        reasons=list(RejectReason.objects.order_by("code")),
        outside=list(Agency.objects.filter(is_external=True).order_by("code")),
        verifiers=list(User.objects.filter(role=Role.VERIFIER, is_active=True).order_by("email")),
        supervisors=list(User.objects.filter(role=Role.SUPERVISOR, is_active=True).order_by("email")),
        oversight=words.oversight,
        clerks=list(User.objects.filter(role=Role.CLERK, is_active=True).order_by("email")),
        officers=officers,
        pace={pk: rng.choice([0.6, 0.8, 1, 1, 1.4, 2.2]) for pk in agencies},
        shy_agencies=set(rng.sample(agencies, k=max(1, len(agencies) // 10))),
    )
