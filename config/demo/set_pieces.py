"""What a demo city of any size shows: a shared case whose parts stand differently, a question asked through one,
a third question that runs on, and a referral that nobody answered.

Each moment below is days before now, moved to the next opening of the office.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from accounts.actors import Citizen
from accounts.models import Agency, User
from complaints.clock.working_calendar import WorkingCalendar
from complaints.models import Category, Complaint
from complaints.models.catalogue import Kind
from complaints.services import citizen, handling, intake, verification
from complaints.states import ACTIVE
from config.demo.words import Words

if TYPE_CHECKING:
    from config.demo.play import Stage

Step = Callable[[datetime], object]
DAY = timedelta(days=1)
SHARED, ASKED, REFERRED = 16, 19, 62  # when these are filed


class SetPieces:
    """Played beside the rest, by chance of their own, so that the rest stays as it is."""

    def __init__(self, rng: Random, stage: "Stage", now: datetime) -> None:
        self.rng, self.now, self.stage = rng, now, stage
        self.words: Words = stage.words
        self.calendar: WorkingCalendar = stage.calendar
        self.officers: dict[int, list[User]] = stage.officers
        self.keys: dict[str, int] = {}

    def plan(self, at: Callable[[datetime, Step], None]) -> None:
        if len(self._agencies()) >= 3 and self.stage.verifiers:
            steps = [self.file_shared, self.share, self.work_on_parts]
            self._play(at, SHARED, *steps, self.ask_for_a_part, self.reply_to_a_part, self.answer_a_part)
        if self.stage.verifiers:
            steps = [self.file_asked, self.give, self.take]
            self._play(at, ASKED, *steps, *[self.ask, self.reply] * 2, self.ask)
        if self.stage.outside and self.stage.verifiers:
            self._play(at, REFERRED, self.file_referred, self.refer)

    def _play(self, at: Callable[[datetime, Step], None], ago: int, *steps: Step) -> None:
        """One step every second day."""
        for place, step in enumerate(steps):
            at(self.calendar.next_opening(self.now - (ago - 2 * place) * DAY), step)

    def _agencies(self) -> list[Agency]:
        agencies = Agency.objects.filter(pk__in=self.officers, is_oversight=False, is_active=True)
        return list(agencies.order_by("code"))

    def _category(self, place: int) -> Category:
        known = [
            c
            for c in self.stage.categories
            if c.kind in ("", Kind.COMPLAINT) and c.agency_id in self.officers
        ]
        plain = [c for c in known if not c.needs_evidence] or known
        return plain[place % len(plain)]

    def _file(self, name: str, place: int, moment: datetime) -> None:
        category = self._category(place)
        subject, description, location = self.words.complaint(category.code, self.rng)
        filing = intake.Filing(
            subject=subject,
            description=description,
            category=category,
            location=location,
            identity=self.words.identity(self.rng),
        )
        secret = f"{self.rng.getrandbits(160):040x}"
        self.keys[name] = intake.submit(filing, actor=None, now=moment, secret=secret).case.pk

    def _verifier(self) -> User:
        return self.rng.choice(self.stage.verifiers)

    def _accept(self, case: Complaint, moment: datetime) -> User:
        officer = self.rng.choice(self.officers[case.agency_id or 0])
        handling.accept(case.pk, actor=officer, now=moment, handler=officer)
        return officer

    # One case, three agencies

    def file_shared(self, moment: datetime) -> None:
        self._file("shared", 0, moment)

    def share(self, moment: datetime) -> None:
        first = self._category(0).agency
        others = [agency for agency in self._agencies() if agency != first][:2]
        routing = verification.Routing([first, *others] if first else others)
        verification.assign(self.keys["shared"], actor=self._verifier(), now=moment, routing=routing)

    def work_on_parts(self, moment: datetime) -> None:
        """The lead and the first part are taken up, the second is not."""
        lead = Complaint.objects.get(pk=self.keys["shared"])
        self._accept(lead, moment)
        self._accept(lead.children.order_by("pk")[0], moment)

    def _first_part(self) -> Complaint:
        return Complaint.objects.filter(parent=self.keys["shared"]).select_related("handler").earliest("pk")

    def ask_for_a_part(self, moment: datetime) -> None:
        part, question = self._first_part(), self.words.question(self.rng)
        verification.ask_citizen(part.pk, actor=part.handler, now=moment, question=question)

    def reply_to_a_part(self, moment: datetime) -> None:
        lead = self.keys["shared"]
        citizen.answer(lead, actor=Citizen(lead), now=moment, text=self.words.answer(self.rng))

    def answer_a_part(self, moment: datetime) -> None:
        part = self._first_part()
        words = self.words.resolution("", self.rng)
        handling.resolve(part.pk, actor=part.handler, now=moment, answer=words)

    # One that is asked three times

    def file_asked(self, moment: datetime) -> None:
        self._file("asked", 1, moment)

    def give(self, moment: datetime) -> None:
        agency = self._category(1).agency
        assert agency is not None
        routing = verification.Routing([agency])
        verification.assign(self.keys["asked"], actor=self._verifier(), now=moment, routing=routing)

    def take(self, moment: datetime) -> None:
        self._accept(Complaint.objects.get(pk=self.keys["asked"]), moment)

    def ask(self, moment: datetime) -> None:
        case = Complaint.objects.get(pk=self.keys["asked"], state__in=sorted(ACTIVE))
        question = self.words.question(self.rng)
        verification.ask_citizen(case.pk, actor=case.handler, now=moment, question=question)

    def reply(self, moment: datetime) -> None:
        pk = self.keys["asked"]
        citizen.answer(pk, actor=Citizen(pk), now=moment, text=self.words.answer(self.rng))

    # One that lies with another body, and nobody says whether it answered

    def file_referred(self, moment: datetime) -> None:
        self._file("referred", 2, moment)

    def refer(self, moment: datetime) -> None:
        verification.refer(
            self.keys["referred"],
            actor=self._verifier(),
            now=moment,
            body=self.stage.outside[0],
            reference=f"{self.rng.randrange(10**6, 10**7)}",
            words=self.words.referral(self.rng),
        )
