"""What supervisors and agency heads do in the demo city: recommendations, promises, audits, looks at identities.

Each line of the plans below is days before now. Whatever has no fitting case in a small city is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.clock.city_time import day_of
from complaints.ledger.checkpoints import make_checkpoint
from complaints.models import Category, Complaint
from complaints.models.catalogue import Kind
from complaints.services import handling, parties, system
from config.demo.call_backs import plan_call_backs
from config.demo.signs import plan_signs
from escalation.audits import drawing, frames
from escalation.audits import services as audits
from escalation.audits.models import Answer, AuditItem, AuditSample, Severity
from escalation.promises.models.commitment import CommitmentKind
from escalation.promises.models.recommendation import Maladministration, Verdict
from escalation.promises.services import commitments, recommendations
from escalation.whatif import services as whatif
from reports.documents.models import Purpose
from reports.documents.services import ask_sealed_file

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Course:
    """How long ago something was issued or promised, its days, when the agency spoke, and how it ended."""

    ago: int
    days: int
    spoke_after: int | None = None
    judged_after: int | None = None
    end: str = ""


ADVICE = (
    Course(170, 60, 20, 45, "complied"),
    Course(120, 45, 30, 60, "not_complied"),
    Course(80, 60),  # silent, overdue
    Course(40, 60, 25),  # answered: somebody has to judge it
    Course(5, 60),
)
PROMISES = (
    Course(200, 60, 50, 55, "kept"),
    Course(150, 60, 85, 90, "kept"),  # late
    Course(140, 30, None, 100, "broken"),
    Course(60, 40),  # overdue
    Course(35, 30, 27),  # reported: somebody has to judge it
    Course(20, 60),
    Course(10, 90),
)
IDENTITIES, NOTES, PARTIES = (60, 25, 6, 1), (90, 40, 12, 3), (20, 3)
FIRST_AUDIT, SECOND_AUDIT, WHAT_IF = 30, 4, 2


class Overseers:
    """The supervisors and heads of the play, with their phrases (fixtures/demo/oversight.json)."""

    def __init__(self, rng: Random, phrases: dict[str, Any], now: datetime) -> None:
        self.rng, self.phrases, self.now = rng, phrases, now
        self.supervisors = list(
            User.objects.filter(role=Role.SUPERVISOR, is_active=True).order_by("seat", "email")
        )
        heads = User.objects.filter(role=Role.AGENCY_HEAD, is_active=True, agency__is_oversight=False)
        self.heads = list(heads.select_related("agency").order_by("email"))

    def plan(self, at: Schedule) -> None:
        """Puts everything these people do on the schedule."""
        if not self.supervisors or not self.heads:
            return
        for place, course in enumerate(ADVICE):
            at(self._ago(course.ago), partial(self.advise, place, course, at))
        for place, course in enumerate(PROMISES):
            at(self._ago(course.ago), partial(self.commit, place, course, at))
        for step, days in ((self.open_identity, IDENTITIES), (self.note, NOTES), (self.name, PARTIES)):
            for ago in days:
                at(self._ago(ago), step)
        for ago, share in ((FIRST_AUDIT, 1.0), (SECOND_AUDIT, 0.6)):
            at(self._ago(ago), partial(self.audit, share))
        at(self._ago(WHAT_IF), self.ask_what_if)
        plan_call_backs(at, self.now)
        plan_signs(at, self.now)
        at(self.now - timedelta(hours=2), self.seal)

    def sitting(self, *seats: str) -> User:
        """A supervisor on one of these seats, else any."""
        return next((user for user in self.supervisors if user.seat in seats), self.supervisors[0])

    def advise(self, place: int, course: Course, at: Schedule, moment: datetime) -> None:
        words = self.phrases["recommendations"][place]
        head = self.head_of(words["category"])
        agency = self._agency(head)
        advice = recommendations.Advice(
            agency=agency,
            subject=words["subject"],
            findings=words["findings"],
            recommended=words["recommended"],
            maladministration=Maladministration(words["type"]),
            due_on=day_of(moment) + course.days * DAY,
            cases=self._cases(agency, moment),
        )
        by = self.sitting("", Seat.OMBUDSMAN)
        row = recommendations.issue(advice, actor=by, now=moment)
        if course.spoke_after:
            said = self._one("answers")
            at(
                moment + course.spoke_after * DAY,
                lambda when: recommendations.answer(
                    row.pk, actor=head, now=when, accepts=True, words=said, files=()
                ),
            )
        if course.judged_after:
            judged = recommendations.Judgement(Verdict(course.end), self.phrases["judgements"][course.end])
            at(
                moment + course.judged_after * DAY,
                lambda when: recommendations.judge(row.pk, actor=by, now=when, judgement=judged),
            )

    def commit(self, place: int, course: Course, at: Schedule, moment: datetime) -> None:
        words = self.phrases["commitments"][place]
        head = self.head_of(words["category"])
        agency = self._agency(head)
        new = commitments.NewCommitment(
            agency=agency,
            kind=CommitmentKind(words["kind"]),
            title=words["title"],
            description=words["description"],
            owner=head,
            due_on=day_of(moment) + course.days * DAY,
            cases=self._cases(agency, moment),
        )
        row = commitments.make(new, actor=head, now=moment)
        if course.spoke_after:
            at(
                moment + course.spoke_after * DAY,
                lambda when: commitments.report(row.pk, actor=head, now=when, words=words["report"]),
            )
        if course.judged_after:
            finding = commitments.Finding(course.end)
            said = self.phrases["verdicts"][course.end]
            by = self.sitting(Seat.INSPECTORATE)
            at(
                moment + course.judged_after * DAY,
                lambda when: commitments.judge(row.pk, actor=by, now=when, finding=finding, words=said),
            )

    def open_identity(self, moment: datetime) -> None:
        """A supervisor opens a protected identity, and says why."""
        who = self.rng.choice(self.supervisors)
        case = self._pick(Complaint.objects.visible_to(who).filter(is_confidential=True, is_anonymous=False))
        if case is not None:
            system.open_identity(case.pk, actor=who, now=moment, motive=self._one("motives"))

    def note(self, moment: datetime) -> None:
        who = self.rng.choice(self.supervisors)
        case = self._pick(Complaint.objects.visible_to(who).filter(parent=None))
        if case is not None:
            handling.add_note(case.pk, actor=who, now=moment, text=self._one("audit_notes"), audit=True)

    def name(self, moment: datetime) -> None:
        """Somebody turns out to be whom a case is about; from then on it is hidden from them."""
        who = self.sitting("", Seat.OMBUDSMAN)
        open_cases = Complaint.objects.visible_to(who).active().filter(reported_parties=None, parent=None)
        head = self.head_of("waste")
        officers = User.objects.filter(role=Role.OFFICER, agency=head.agency, is_active=True)
        officer = officers.order_by("email").first()
        if officers.count() < 2:  # nobody would be left to work on a case of their own agency
            open_cases = open_cases.exclude(agency=head.agency)
        case = self._pick(open_cases.filter(kind=Kind.OVERSIGHT)) or self._pick(open_cases)
        if case is not None and officer is not None:
            parties.name_party(case.pk, actor=who, now=moment, why=self.phrases["party"], user=officer)

    def audit(self, share: float, moment: datetime) -> None:
        """A sample of the quarter before; the first reviewer has done `share` of it, the second their part only
        where all is done."""
        first, second = self.supervisors[0], self.supervisors[-1]
        if share < 1:
            first, second = second, first
        frame = frames.SamplingFrame(
            AuditSample.Basis.RECEIVED, day_of(moment) - 120 * DAY, day_of(moment) - 20 * DAY
        )
        # Which cases are drawn is for nobody to know, so all else that chance decides here must not hang on it.
        self.rng, rest = Random(self.rng.getrandbits(64)), self.rng  # noqa: S311
        sample = drawing.announce(
            frame, actor=first, now=moment, size=15, second=second if second != first else None
        )
        make_checkpoint(moment, outside=False)
        drawing.draw_due(moment)
        self._review_some(sample, share, first, second, moment)
        self.rng = rest

    def _review_some(
        self, sample: AuditSample, share: float, first: User, second: User, moment: datetime
    ) -> None:
        items = list(AuditItem.objects.filter(sample=sample).select_related("complaint").order_by("rank"))
        for item in items[: round(share * len(items))]:
            answers = self._answers(sample)
            self._review(sample, item, first, moment, answers)
            if share == 1 and item.is_twice:
                # Two who look at the same file mostly see the same.
                seen = self._answers(sample)
                answers = {
                    code: seen[code] if self.rng.random() < 0.15 else answers[code] for code in answers
                }
                self._review(sample, item, second, moment, answers)

    def _answers(self, sample: AuditSample) -> dict[str, str]:
        codes = sample.checklist.questions.order_by("pk").values_list("code", flat=True)
        weighed = [Answer.YES.value] * 14 + [Answer.NO.value] * 3 + [Answer.NOT_APPLICABLE.value] * 3
        return {code: self.rng.choice(weighed) for code in codes}

    def _review(
        self, sample: AuditSample, item: AuditItem, who: User, moment: datetime, answers: dict[str, str]
    ) -> None:
        is_bad = list(answers.values()).count(Answer.NO.value) > 2
        opinion = audits.Opinion(
            answers=answers,
            severity=Severity.MINOR if is_bad else Severity.NONE,
            words=self._one("audit_findings") if is_bad else "",
        )
        audits.finish_review(sample.pk, item.complaint.number, actor=who, now=moment, opinion=opinion)

    def ask_what_if(self, moment: datetime) -> None:
        """What ten working days instead of fourteen would have meant; the worker computes it at once."""
        asked = whatif.Asked(
            first=day_of(moment) - 180 * DAY,
            last=day_of(moment),
            agency=None,
            proposal={"targets": {"complaint": {"resolution": "10 working_days"}}},
        )
        whatif.ask(asked, actor=self.sitting(""), now=moment)
        while whatif.work_what_ifs(moment):
            pass

    def seal(self, moment: datetime) -> None:
        """A disputed case is asked for as a sealed file; the worker makes it once the server runs."""
        who = self.sitting("")
        case = self._pick(Complaint.objects.visible_to(who).filter(cycle__gt=1, is_live=True))
        if case is not None:
            ask_sealed_file(
                case,
                Purpose.OMBUDSMAN,
                words=self.phrases["seal"],
                is_for_citizen=False,
                actor=who,
                now=moment,
                language="id",
            )

    def _ago(self, days: int) -> datetime:
        """So many days ago, in the late morning of the office."""
        return self.now - days * DAY + timedelta(hours=4, minutes=self.rng.randrange(50))

    def head_of(self, category: str) -> User:
        """The head of the agency that this category leads to, else any."""
        agency = Category.objects.filter(code=category).values_list("agency", flat=True).first()
        return next((head for head in self.heads if head.agency_id == agency), self.heads[0])

    def _agency(self, head: User) -> Agency:
        assert head.agency is not None  # the database sees to it
        return head.agency

    def _cases(self, agency: Agency, moment: datetime) -> tuple[int, ...]:
        """Up to four reports to the agency of the last months."""
        recent = Complaint.objects.visible_to(None).filter(
            agency=agency, kind=Kind.COMPLAINT, received_at__gt=moment - 120 * DAY, parent=None
        )
        keys = list(recent.order_by("pk").values_list("pk", flat=True))
        return tuple(sorted(self.rng.sample(keys, k=min(len(keys), 4))))

    def _pick(self, cases: Any) -> Complaint | None:
        keys = list(cases.order_by("pk").values_list("pk", flat=True))
        return Complaint.objects.visible_to(None).get(pk=self.rng.choice(keys)) if keys else None

    def _one(self, name: str) -> str:
        return str(self.rng.choice(self.phrases[name]))
