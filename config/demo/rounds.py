"""A year of satisfaction surveys in the demo city: each quarter some units ask; one round was annulled, one is too
small, and one is open with an uneven sample."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from surveys.index.services import refresh_results
from surveys.questionnaires.asking import Questionnaire
from surveys.questionnaires.models import Question, SurveyVersion
from surveys.rounds import flags, services
from surveys.rounds.answer_form import asked_in
from surveys.rounds.correcting import correct, slip_number
from surveys.rounds.models import Channel, Response, Round
from surveys.rounds.sealing import seal_days
from surveys.rounds.storing import Given, store_many

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
DAY = timedelta(days=1)
LASTS, BATCHES = 30, 6  # days of a round, and on how many of them answers come in
FEWEST = 40  # answers even in a small city, where the plan has as many
QUARTERS = (330, 240, 150, 60)  # days ago
NOW = 12
SURVEY = "skm"
ANNULLED = (
    "Sebagian lembar diisi oleh petugas loket sendiri, bukan oleh pengguna layanan. Putaran diulang pada triwulan "
    "berikutnya dengan tablet di ruang tunggu."
)
WORDS = (
    "Petugasnya ramah.",
    "Antrean terlalu panjang pada hari Senin.",
    "Mohon loket dibuka sampai sore.",
    "Persyaratan sebaiknya ditempel di depan.",
    "Sudah lebih cepat dari tahun lalu.",
)
MIXED = {Channel.LINK: 20, Channel.QR: 35, Channel.TABLET: 30, Channel.PAPER: 15}
BY_POSTER = {Channel.QR: 95, Channel.LINK: 5}


@dataclass(frozen=True)
class Asking:
    """One round of the plan: the unit by its place, days ago, users, answers."""

    unit: int
    ago: int
    users: int
    answers: int
    annulled: bool = False
    mix: tuple[tuple[Channel, int], ...] = tuple(MIXED.items())


PLAN = (
    *(Asking(0, ago, 900, 275 - place * 4) for place, ago in enumerate(QUARTERS)),
    *(Asking(1, ago, 420, 205 + place * 3) for place, ago in enumerate(QUARTERS)),
    *(Asking(2, ago, 610, 160 + place * 30, annulled=ago == 240) for place, ago in enumerate(QUARTERS)),
    Asking(3, 240, 300, 170),
    Asking(3, 60, 300, 18),  # far too few
    Asking(0, NOW, 900, 96, mix=tuple(BY_POSTER.items())),
    Asking(4, NOW, 1500, 140),
)


class Askers:
    """The units that ask, with what their users think of each element. `share`: how much of the plan's answers come,
    for a small city."""

    def __init__(self, rng: Random, now: datetime, share: float = 1) -> None:
        self.rng, self.now, self.share = rng, now, share
        heads = User.objects.filter(role=Role.AGENCY_HEAD, is_active=True, agency__is_oversight=False)
        # Those of the demo's sign-ins first: kepala1@…, kepala2@….
        self.heads = sorted(
            heads.select_related("agency"), key=lambda head: ("." in head.email.partition("@")[0], head.email)
        )[:5]
        self.version = (
            SurveyVersion.objects.filter(survey__code=SURVEY, published_at__isnull=False)
            .order_by("-number")
            .first()
        )
        self.likes = [{key: rng.uniform(2.6, 3.6) for key in range(9)} for _unit in self.heads]
        self.slip = 0

    def plan(self, at: Schedule) -> None:
        """Puts every round on the schedule."""
        if self.version is None:
            return
        for asking in PLAN:
            if asking.unit < len(self.heads):
                at(self.now - asking.ago * DAY, partial(self.open, asking, at))
        at(self.now, seal_days)
        at(self.now, refresh_results)  # else whoever looks before the worker has been round finds none

    def open(self, asking: Asking, at: Schedule, moment: datetime) -> None:
        head = self.heads[asking.unit]
        assert isinstance(head.agency, Agency)
        assert self.version is not None
        first = day_of(moment)
        new = services.NewRound(
            self.version,
            head.agency,
            first,
            first + LASTS * DAY,
            enter_until=first + (LASTS + 2) * DAY,
            population=asking.users,
        )
        row = services.make_round(new, actor=head, now=moment)
        services.open_round(row.pk, actor=head, now=moment)
        row.refresh_from_db()
        asked = asked_in(row)
        days = min(LASTS, asking.ago)
        batches = max(1, round(BATCHES * self.share))
        answers = min(asking.answers, max(FEWEST, round(asking.answers * self.share)))
        for batch in range(batches):
            when = moment + days * (batch / batches) * DAY
            size = answers // batches + (batch < answers % batches)
            at(when, partial(self.answer, row, asked, asking, size))
        if asking.ago > LASTS + 3:
            at(moment + (LASTS + 1) * DAY, partial(self.correct_one, row))
            at(moment + (LASTS + 3) * DAY, partial(self.close, row, asking))

    def answer(self, row: Round, asked: Questionnaire, asking: Asking, size: int, moment: datetime) -> None:
        """What one day brings, by each channel."""
        channels, weights = zip(*asking.mix, strict=True)
        drawn = self.rng.choices(channels, weights, k=size)
        for channel in channels:
            given = [self.one(asked, asking, channel) for _n in range(drawn.count(channel))]
            store_many(row, given, channel, now=moment)

    def one(self, asked: Questionnaire, asking: Asking, channel: Channel) -> Given:
        """Somebody who is content or not, with all of it a little; who chose to answer is less so."""
        rng = self.rng
        mood = rng.gauss(-0.25 if channel == Channel.QR else 0.1, 0.45)
        later = (max(QUARTERS) - asking.ago) / max(QUARTERS)  # the first units have learned something
        answers: dict[str, Any] = {}
        place = 0
        for each in asked:
            question = each.question
            if question.type == Question.Type.SCALE:
                like = self.likes[asking.unit][place % 9] + mood
                like += 0.4 * later if asking.unit == 0 and question.element == "time" else 0.0
                place += 1
                if rng.random() > 0.03:
                    answers[each.key] = max(1, min(4, round(rng.gauss(like, 0.6))))
            elif question.type == Question.Type.NUMBER and rng.random() < 0.8:
                answers[each.key] = max(
                    question.minimum or 17, min(question.maximum or 90, int(rng.gauss(38, 13)))
                )
            elif each.options and question.type != Question.Type.CHOICES and rng.random() < 0.92:
                answers[each.key] = rng.choice(each.options).value
        texts = [each.key for each in asked if each.question.type == Question.Type.TEXT]
        words = {rng.choice(texts): rng.choice(WORDS)} if texts and rng.random() < 0.08 else {}
        slip = ""
        if channel == Channel.PAPER:
            self.slip += 1
            slip = slip_number(f"{self.slip:04d}")
        return Given(answers, words, slip=slip, flags=tuple(flags.of_answers(asked, answers)))

    def correct_one(self, row: Round, moment: datetime) -> None:
        """The last slip was mistyped in one answer, as happens in every pile."""
        typed = Response.objects.counting().filter(round=row).exclude(slip="").order_by("-slip").first()
        if typed is not None:
            answers = typed.answers | {"time": 3}
            given = Given(answers, slip=typed.slip)
            correct(row, typed, given, actor=row.made_by, now=moment)

    def close(self, row: Round, asking: Asking, moment: datetime) -> None:
        seal_days(moment)
        services.close_round(row.pk, actor=None, now=moment)
        if asking.annulled:
            head = self.heads[asking.unit]
            services.annul_round(row.pk, actor=head, now=moment, reason=ANNULLED)
