"""What people say in the demo city: three forums, their threads, some slips; gathered, answered, declined, promised,
and some that lie until the ladder is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.city_time import day_of, start_of
from complaints.identity import Identity
from complaints.models import Category
from escalation.promises.models.commitment import CommitmentKind
from escalation.promises.services.commitments import NewCommitment, make
from surveys.forums.inputs.choices import DeclineReason, HideReason
from surveys.forums.inputs.services import answering, gathering, moderating, slips, supporting
from surveys.forums.inputs.services.saying import Said, is_thread_open, say
from surveys.forums.meetings.services.announcing import Plan, announce, prepare
from surveys.forums.models import Contact, Finding, Forum, ForumInput, ForumState, InputState

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Source = ForumInput.Source
FEWEST = 8  # inputs of a forum even in a small city: five are gathered, the rest answered or left


class Voices:
    """The people of the threads, with their words (fixtures/demo/voices.json). `share`: how many of them come, for a
    small city."""

    def __init__(self, rng: Random, words: dict[str, Any], now: datetime, share: float = 1) -> None:
        self.rng, self.words, self.now, self.share = rng, words, now, share
        self.forums: dict[int, int] = {}  # place among the words → key
        heads = User.objects.filter(role=Role.AGENCY_HEAD, is_active=True, agency__is_oversight=False)
        self.heads = list(heads.select_related("agency").order_by("email"))
        self.clerk = User.objects.filter(role=Role.CLERK, is_active=True).order_by("email").first()

    def plan(self, at: Schedule) -> None:
        """Puts everything these people do on the schedule. Forums about the same that are there already are
        filled; else others are announced."""
        if not (self.heads and self.words):
            return
        for place, course in enumerate(self.words["forums"]):
            begin = self.now - course["ago"] * DAY
            at(begin - 10 * DAY, partial(self.hold, place))
            said = course["inputs"][: max(FEWEST, round(len(course["inputs"]) * self.share))]
            for number, text in enumerate(said):
                moment = begin + self.rng.uniform(1, 72) * HOUR
                at(moment, partial(self.speak, place, number, text, at))
            at(begin + 4 * DAY, partial(self.gather, place))
            at(begin + 6 * DAY, partial(self.decide, place))
            at(begin + 5 * DAY, partial(self.answer_some, place))
        at(self.now - 2 * DAY, self.ask_beforehand)
        for number, text in enumerate(self.words["slips"], start=1):
            at(self.now - (6 * DAY - number * HOUR), partial(self.slip, number, text))

    def hold(self, place: int, moment: datetime) -> None:
        course = self.words["forums"][place]
        offices = [head.agency_id for head in self.heads]
        free = Forum.objects.filter(has_thread=True, announced_at__isnull=False, agency__in=offices)
        for other in free.exclude(pk__in=self.forums.values()).order_by("pk"):
            if course["about"] in other.title.lower() and is_thread_open(other, moment + 15 * DAY):
                self.forums[place] = other.pk
                return
        head = self._head(place)
        assert head.agency is not None
        starts = start_of(day_of(moment)) + 10 * DAY + 9 * HOUR
        plan = Plan(
            title=course["title"],
            topic=course["topic"],
            agency=head.agency,
            starts_at=starts,
            ends_at=starts + 2 * HOUR,
            place=course["place"],
        )
        forum = prepare(plan, actor=head, now=moment)
        announce(forum.pk, actor=head, now=moment)
        self.forums[place] = forum.pk

    def speak(self, place: int, number: int, text: str, at: Schedule, moment: datetime) -> None:
        forum = self._forum(place)
        if forum is None:
            return
        leaves_address = number % 3 == 0
        email = f"warga{place}{number}@example.org" if leaves_address else ""
        said = Said(
            text,
            Source.THREAD,
            forum=forum,
            pseudonym=self.rng.choice(self.words["names"]),
            identity=Identity("", email),
        )
        row = say(said, actor=None, now=moment, idempotency_key=f"demo-{place}-{number}")
        if leaves_address:
            Contact.objects.filter(pk=row.contact_id).update(confirmed_at=moment)  # type: ignore[misc]
        for browser in range(round(self.rng.choice([0, 0, 1, 2, 3, 5, 9]) * self.share)):
            at(moment + (browser + 1) * HOUR, partial(self.support, row.pk, f"b{browser}"))
        if self.rng.random() < 0.5:
            at(moment + 3 * HOUR, partial(self.reply, place, row.pk, at))
        if "obral" in text.lower():
            at(moment + 5 * HOUR, partial(self.hide, place, row.pk))

    def support(self, pk: int, browser: str, moment: datetime) -> None:
        row = ForumInput.objects.get(pk=pk)
        if row.visibility == ForumInput.Visibility.SHOWN:
            supporting.support(row, browser=browser, now=moment)

    def reply(self, place: int, pk: int, at: Schedule, moment: datetime) -> None:
        row = ForumInput.objects.select_related("forum").get(pk=pk)
        if row.visibility != ForumInput.Visibility.SHOWN:
            return
        text = self.rng.choice(self.words["forums"][place]["replies"])
        name = self.rng.choice(self.words["names"])
        said = Said(text, Source.THREAD, forum=row.forum, parent=row, pseudonym=name)
        made = say(said, actor=None, now=moment, idempotency_key=f"demo-reply-{pk}")
        if row.parent_id is None and self.rng.random() < 0.4:
            at(moment + 2 * HOUR, partial(self.reply, place, made.pk, at))

    def hide(self, place: int, pk: int, moment: datetime) -> None:
        head = self._head_of(place)
        moderating.hide(pk, actor=head, now=moment, reason=HideReason.ADVERTISING)

    def gather(self, place: int, moment: datetime) -> None:
        """The first five say the same."""
        head = self._head_of(place)
        rows = self._waiting(place)[:5]
        if len(rows) > 1:
            title = self.words["forums"][place]["finding"]
            gathering.gather([row.pk for row in rows], title, actor=head, now=moment)

    def decide(self, place: int, moment: datetime) -> None:
        """On the finding: a promise at one forum, an answer at the second, nothing yet at the third."""
        course, head = self.words["forums"][place], self._head_of(place)
        finding = Finding.objects.undecided().filter(forum=self._forum(place)).first()
        if finding is None or head.agency is None or place == 2:
            return
        if course["promise"]:
            new = NewCommitment(
                agency=head.agency,
                kind=CommitmentKind.HOURS,
                title=course["promise"],
                description=course["topic"],
                owner=head,
                due_on=day_of(moment) + 60 * DAY,
                findings=(finding,),
            )
            make(new, actor=head, now=moment)
        else:
            about = answering.about_finding(finding.pk, actor=head)
            answering.answer(about, actor=head, now=moment, words=self.words["decided"])

    def answer_some(self, place: int, moment: datetime) -> None:
        """Two thirds of the rest; what is left waits, and at the older forums is late. None becomes a report: a city of
        so many cases has so many."""
        head = self._head_of(place)
        for number, row in enumerate(self._waiting(place)[5:]):
            if number % 3 == 2 or place == 2:
                continue
            about = answering.about_input(row.pk, actor=head)
            if number % 5 == 4:
                words = self.rng.choice(self.words["declines"])
                answering.decline(about, actor=head, now=moment, reason=DeclineReason.MONEY, words=words)
            else:
                words = self.rng.choice(self.words["answers"])
                answering.answer(about, actor=head, now=moment, words=words)

    def ask_beforehand(self, moment: datetime) -> None:
        """At the next meeting; the second question is what most want to know."""
        forum = Forum.objects.coming(moment).filter(state=ForumState.ANNOUNCED, starts_at__gt=moment).first()
        if forum is None:
            return
        for number, text in enumerate(self.words["questions"]):
            said = Said(text, Source.BEFORE, forum=forum, pseudonym=self.words["names"][number])
            row = say(said, actor=None, now=moment, idempotency_key=f"demo-question-{number}")
            for browser in range((1, 4, 2)[number]):
                supporting.support(row, browser=f"q{browser}", now=moment)

    def slip(self, number: int, text: str, moment: datetime) -> None:
        if self.clerk is None:
            return
        place = slips.Place("Loket 3", day_of(moment).isoformat(), f"{number:03d}")
        agency = self._head(0).agency
        said = Said(text, Source.BOX, agency=agency)
        slips.enter_slip(place, said, actor=self.clerk, now=moment, secret=f"demo-slip-{number:022d}")

    def _head(self, place: int) -> User:
        """Of the agency to which the topic's category leads, else any."""
        code = self.words["forums"][place]["category"]
        agency = Category.objects.filter(code=code).values_list("agency", flat=True).first()
        return next((head for head in self.heads if head.agency_id == agency), self.heads[0])

    def _forum(self, place: int) -> Forum | None:
        return Forum.objects.select_related("agency").filter(pk=self.forums.get(place, 0)).first()

    def _head_of(self, place: int) -> User:
        """The head of the agency that holds it, or of the one above."""
        forum = self._forum(place)
        agency: Agency | None = forum.agency if forum else None
        while agency is not None:
            for head in self.heads:
                if head.agency_id == agency.pk:
                    return head
            agency = agency.parent
        return self._head(place)

    def _waiting(self, place: int) -> list[ForumInput]:
        rows = ForumInput.objects.filter(forum=self._forum(place), state=InputState.WAITING, finding=None)
        return list(rows.select_related("words").order_by("pk"))
