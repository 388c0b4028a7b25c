"""A forum, what people said there and what became of it, and a round of questions, around a case."""

from datetime import datetime, timedelta

from complaints.clock.city_time import day_of
from complaints.models import Complaint
from escalation.promises.models.proposal import Proposal
from escalation.promises.services import commitments
from surveys.forums.inputs.services import gathering
from surveys.forums.models import Finding, Forum, ForumInput, ForumState, InputState
from surveys.rounds.models import Round, RoundState
from tests.conflict.people import City
from tests.factories import DAY
from tests.promises.people import promise
from tests.standards.people import counter, service
from tests.surveys.questions import make_version
from tests.voices.people import Source, make_forum, said


def a_round(city: City, now: datetime) -> dict[str, str]:
    """A round, what it proposes, and a service with its counter."""
    version = make_version({"key": "time", "type": "scale", "element": "time"}, published_at=now - 9 * DAY)
    desk, today = counter(), day_of(now)
    row = Round.objects.create(
        code="R0000001", version=version, agency=city.pupr, state=RoundState.OPEN,
        opens_on=today - timedelta(days=9), closes_on=today + timedelta(days=9),
    )  # fmt: skip
    proposal = Proposal.objects.create(
        number="USL-2026-0001", agency=city.pupr, due_on=today + timedelta(days=30), idempotency_key="proposal",
        survey_round=row, element="time", mean=2.1, answered=40, opened_at=now,
    )  # fmt: skip
    return {
        "round": row.code, "proposal": proposal.number, "service": service().code, "counter": desk.code,
        "agency": city.pupr.code, "time": "time", "hours": "hours",
    }  # fmt: skip


def in_a_forum(city: City, case: Complaint, now: datetime) -> dict[str, str]:
    """A forum that everybody may read, about the case: what waits there, what became this case, what was promised."""
    forum = make_forum(city.pupr, state=ForumState.HELD, starts_at=now - DAY, ends_at=now - DAY / 2)
    forum.cases.add(case)
    waits = said(forum, "Loket masih tutup.", now)
    finding = _gathered(city, [said(forum, "Loket kurang.", now).pk], now)
    new = promise(agency=city.pupr, owner=city.oka, title="Loket kedua", cases=(case,), findings=(finding,),
                  due_on=day_of(now) + timedelta(days=60))  # fmt: skip
    commitments.make(new, actor=city.hana, now=now)
    _became(_gathered(city, [said(forum, "Lampu padam.", now).pk], now), case, now)
    return {"input": waits.number, "finding": finding.number, "forum": forum.code}


def in_their_forum(city: City, case: Complaint, now: datetime) -> dict[str, str]:
    """In the forum of all, two inputs that became the case; and a meeting in preparation that is about it."""
    common = Forum.objects.get()
    meeting = make_forum(city.pupr, "rahasia", title=case.subject, state=ForumState.DRAFT)
    meeting.cases.add(case)
    rows = [said(common, case.description, now).pk for _time in range(2)]
    ForumInput.objects.filter(pk=rows[1]).update(
        source=Source.MEETING, visibility="hidden", hidden_because="insult"
    )
    finding = _gathered(city, rows, now)
    _became(finding, case, now)
    return {
        "input": ForumInput.objects.get(pk=rows[0]).number,
        "finding": finding.number,
        "forum": meeting.code,
    }


def _gathered(city: City, rows: list[int], now: datetime) -> Finding:
    return gathering.gather(rows, "Loket", actor=city.hana, now=now)


def _became(finding: Finding, case: Complaint, now: datetime) -> None:
    """As if the case had come of it: it is there before."""
    finding.inputs.update(complaint=case, state=InputState.CASE, answered_at=now, next_action_at=None)
    Finding.objects.filter(pk=finding.pk).update(decided_at=now)
