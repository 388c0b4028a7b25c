"""A finished story in the demo city: an online forum of last spring found that a counter closes too early, its agency
promised longer hours and kept it, the standard changed, and its page says what came after. Beside it changes that heads
made by themselves, and a counter that will be closed for a few days."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.ledger.recording import recording
from complaints.models import Service
from escalation.promises.models.commitment import CommitmentKind
from escalation.promises.services import commitments
from escalation.promises.services.planning import Plan as PlannedStandard
from surveys.forums.inputs.services.gathering import NewFinding, make_finding
from surveys.forums.meetings.services import announcing
from surveys.forums.models import Finding, Forum
from surveys.standards import services as standards
from surveys.standards.models import Counter, Part

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
DAY = timedelta(days=1)
COUNTER = "loket-ktp"
# Days before now.
PREPARED, OPENED, FOUND, PROMISED, REPORTED, JUDGED = 262, 250, 236, 232, 206, 200


class Standards:
    """`phrases`: of fixtures/demo/standards.json."""

    def __init__(self, phrases: dict[str, Any], supervisor: User | None, now: datetime) -> None:
        self.phrases, self.supervisor, self.now = phrases, supervisor, now
        self.counter = Counter.objects.select_related("agency").filter(code=COUNTER).first()
        self.head = _head(self.counter.agency_id) if self.counter else None

    def plan(self, at: Schedule) -> None:
        for change in self.phrases["changes"]:
            at(self._ago(change["ago"]), partial(self.change, change))
        if self.counter is None or self.head is None or self.supervisor is None:
            return
        at(self._ago(PREPARED), partial(self.prepare, at))
        at(self._ago(3), self.close_for_a_while)

    def _ago(self, days: int) -> datetime:
        """So many days ago, at ten in the morning or so."""
        return self.now - days * DAY + timedelta(hours=4)

    def change(self, words: dict[str, Any], moment: datetime) -> None:
        service = Service.objects.select_related("agency").filter(code=words["service"]).first()
        head = _head(service.agency_id) if service else None
        if service is None or head is None:
            return
        new = standards.Change(
            part=Part(words["part"]),
            after=words["after"],
            starts_on=day_of(moment) + 7 * DAY,
            reason=words["reason"],
            service=service,
        )
        standards.change(new, actor=head, now=moment)

    def prepare(self, at: Schedule, moment: datetime) -> None:
        """People discuss online, since who works cannot come to a meeting either."""
        assert self.counter is not None
        words = self.phrases["forum"]
        plan = announcing.Plan(
            title=words["title"],
            topic=words["topic"],
            agency=self.counter.agency,
            starts_at=self._ago(OPENED),
            ends_at=self._ago(FOUND + 1),
            services=tuple(self.counter.services.all()),
            has_meeting=False,
            thread_until=day_of(self._ago(FOUND + 1)),
        )
        forum = announcing.prepare(plan, actor=self.head, now=moment)
        announcing.announce(forum.pk, actor=self.head, now=moment)
        at(self._ago(OPENED), lambda when: announcing.begin(forum.pk, actor=self.head, now=when))
        at(self._ago(FOUND + 1), lambda when: announcing.close(forum.pk, actor=self.head, now=when))
        at(self._ago(FOUND), partial(self.find, forum, at))

    def find(self, forum: Forum, at: Schedule, moment: datetime) -> None:
        words = self.phrases["finding"]
        service = forum.services.order_by("code").last()
        new = NewFinding(words["title"], forum.agency, words["words"], forum=forum, service=service)
        with recording(actor=self.head, now=moment) as record:
            finding = make_finding(new, now=moment)
            record.new(finding)
        at(self._ago(PROMISED), partial(self.promise, finding, at))

    def promise(self, finding: Finding, at: Schedule, moment: datetime) -> None:
        assert self.counter is not None
        assert self.head is not None
        assert self.supervisor is not None
        words, boss = self.phrases["promise"], self.supervisor
        new = commitments.NewCommitment(
            agency=finding.agency,
            kind=CommitmentKind.HOURS,
            title=words["title"],
            description=words["description"],
            owner=self.head,
            due_on=day_of(moment) + 60 * DAY,
            findings=(finding,),
            service=finding.service,
            plan=PlannedStandard(
                Part.HOURS, {"weekly": words["weekly"]}, day_of(moment) + 30 * DAY, counter=self.counter
            ),
        )
        row = commitments.make(new, actor=self.head, now=moment)
        report = partial(commitments.report, row.pk, actor=self.head, words=words["report"])
        at(self._ago(REPORTED), lambda when: report(now=when))
        kept = commitments.Finding.KEPT
        judge = partial(commitments.judge, row.pk, actor=boss, finding=kept, words=words["verdict"])
        at(self._ago(JUDGED), lambda when: judge(now=when))

    def close_for_a_while(self, moment: datetime) -> None:
        words = self.phrases["closure"]
        new = standards.Change(
            part=Part.CLOSURE,
            after=words["after"],
            starts_on=day_of(moment) + 11 * DAY,
            ends_on=day_of(moment) + 12 * DAY,
            reason=words["reason"],
            counter=self.counter,
        )
        standards.change(new, actor=self.head, now=moment)


def _head(agency: int) -> User | None:
    heads = User.objects.filter(role=Role.AGENCY_HEAD, agency=agency, is_active=True)
    return heads.select_related("agency").order_by("email").first()
