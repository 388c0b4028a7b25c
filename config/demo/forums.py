"""Three meetings in the demo city: one whose minutes are published, one whose minutes are open to objections, and one
to come.

What people say there is added by others; here they are announced, visited and written down.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from accounts.models import User
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, start_of
from surveys.forums.meetings.models.people import Group
from surveys.forums.meetings.services import announcing, attending, minutes, signing
from surveys.forums.meetings.services.attending import Guest
from surveys.forums.models import Forum

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGINS, LASTS = timedelta(hours=9), timedelta(hours=3)
CAME = {Group.USERS: 23, Group.PROVIDER: 4, Group.CIVIL_SOCIETY: 5, Group.EXPERTS: 2, Group.PRESS: 1}


class Meetings:
    """By the head of the agency, who may do all of it; phrases from fixtures/demo/forums.json."""

    def __init__(
        self, rng: Random, phrases: dict[str, Any], head_of: Callable[[str], User], now: datetime
    ) -> None:
        self.rng, self.phrases, self.head_of, self.now = rng, phrases, head_of, now

    def plan(self, at: Schedule) -> None:
        """Puts the three on the schedule: days from now of the meeting, and how far each has come."""
        for name, days in (("published", -60), ("objections", -9), ("announced", 12)):
            head = self.head_of(self.phrases[name]["category"])
            starts = self._working_day(head, days) + BEGINS
            at(min(starts - 20 * DAY, self.now - DAY), partial(self.announce, name, head, starts, at))

    def _working_day(self, head: User, days: int) -> datetime:
        assert head.agency_id is not None
        _row, calendar = calendar_for(head.agency_id)
        return start_of(calendar.first_day(start_of(day_of(self.now) + days * DAY) + BEGINS))

    def announce(self, name: str, head: User, starts: datetime, at: Schedule, moment: datetime) -> None:
        words = self.phrases[name]
        assert head.agency is not None
        plan = announcing.Plan(
            title=words["title"],
            topic=words["topic"],
            agenda=words["agenda"],
            place=words["place"],
            agency=head.agency,
            starts_at=starts,
            ends_at=starts + LASTS,
            seats=60,
            thread_until=day_of(starts) + 30 * DAY,
        )
        forum = announcing.prepare(plan, actor=head, now=moment)
        announcing.announce(forum.pk, actor=head, now=moment)
        for number in range(self.rng.randint(8, 14)):
            when = moment + (number + 1) * HOUR
            at(when, partial(self.register, forum.pk, f"demo-{forum.pk}-{number}"))
        if name != "announced":
            at(starts + HOUR, partial(self.meet, forum.pk, head))
            at(starts + 3 * DAY, partial(self.write, forum.pk, head, words))
            at(starts + 5 * DAY, partial(self.circulate, forum.pk, head, words, at))

    def register(self, pk: int, secret: str, moment: datetime) -> None:
        group = self.rng.choices(list(CAME), weights=list(CAME.values()))[0]
        attending.register(Forum.objects.get(pk=pk), Guest(group), now=moment, secret=secret)

    def meet(self, pk: int, head: User, moment: datetime) -> None:
        """The list that went round, without a name; then it is closed as held."""
        announcing.begin(pk, actor=head, now=moment)
        for group, most in CAME.items():
            guests = [Guest(group)] * self.rng.randint(max(1, most // 2), most)
            attending.type_list(pk, guests, actor=head, now=moment, secret=f"demo-{pk}-{group}")
        announcing.close(pk, actor=head, now=moment + LASTS)

    def write(self, pk: int, head: User, words: dict[str, Any], moment: datetime) -> None:
        assert head.agency is not None
        agreed = [minutes.Agreed(title, head.agency) for title in words["agreements"]]
        minutes.write(pk, minutes.Draft(words["summary"], agreed), actor=head, now=moment)
        capacity, name = words["capacity"], words["representative"]
        signing.name_representative(pk, actor=head, now=moment, name=name, capacity=capacity)

    def circulate(self, pk: int, head: User, words: dict[str, Any], at: Schedule, moment: datetime) -> None:
        row = minutes.circulate(pk, actor=head, now=moment)
        at(moment + DAY, partial(self.object, pk, words))
        if words["answer"] and row.objections_until is not None:
            at(moment + 2 * DAY, partial(self.answer, pk, head, words))
            at(row.objections_until + DAY, partial(self.sign, pk, head))
            at(row.objections_until + 2 * DAY, lambda when: minutes.publish(pk, actor=head, now=when))

    def object(self, pk: int, words: dict[str, Any], moment: datetime) -> None:
        who = Forum.objects.get(pk=pk).attendances.filter(group=Group.USERS).order_by("pk")[0]
        minutes.object_to(who, words["objection"], now=moment, secret=f"demo-objection-{pk}")

    def answer(self, pk: int, head: User, words: dict[str, Any], moment: datetime) -> None:
        row = minutes.minutes_of(Forum.objects.get(pk=pk)).objections.get()
        minutes.answer_objection(pk, row.pk, actor=head, now=moment, answer=words["answer"])

    def sign(self, pk: int, head: User, moment: datetime) -> None:
        signing.sign_for_provider(pk, actor=head, now=moment)
        signing.sign_by_link(minutes.minutes_of(Forum.objects.get(pk=pk)), now=moment)
