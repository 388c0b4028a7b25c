"""How recommendations and commitments stand, in words: their state, the time left, and each step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.clock.dates import day_words
from complaints.clock.words import Remaining
from complaints.history.timeline import TimelineFile
from complaints.mail.case_messages import agency_name
from escalation.ladder.models import Level
from escalation.promises.models.commitment import (
    Commitment,
    CommitmentSource,
    CommitmentState,
    CommitmentStep,
    SourceKind,
)
from escalation.promises.models.obligation import Step, StepKind
from escalation.promises.models.planned import PlannedChange
from escalation.promises.models.proposal import Proposal, ProposalState, ProposalStep
from escalation.promises.models.recommendation import Recommendation, RecommendationState, Verdict
from escalation.promises.services import planning
from surveys.standards.models import Part
from surveys.standards.words import value_words

SOON_DAYS = 7


@dataclass(frozen=True)
class Standing:
    """As the component badge takes it; `code` names it in addresses and styles."""

    code: str
    label: str
    tone: str
    icon: str


def commitment_standing(row: Commitment, on: date) -> Standing:
    """How a promise stands on a day, as everybody reads it."""
    if row.state == CommitmentState.BROKEN:
        return Standing("broken", _("broken"), "danger", "x-circle")
    if row.state == CommitmentState.KEPT:
        if row.done_on is not None and row.done_on > row.due_on:
            return Standing("late", _("kept late"), "warning", "check")
        return Standing("kept", _("kept in time"), "success", "check-circle")
    if row.state == CommitmentState.REPORTED:
        return Standing("reported", _("reported as done, being checked"), "info", "hourglass")
    if row.due_on < on:
        return Standing("overdue", _("overdue, not kept so far"), "danger", "late")
    return Standing("open", _("not due yet"), "neutral", "clock")


def recommendation_standing(row: Recommendation, on: date) -> Standing:
    """How a recommendation stands on a day."""
    label = str(RecommendationState(row.state).label)
    if row.state == RecommendationState.ISSUED and row.due_on < on:
        return Standing("overdue", _("overdue"), "danger", "late")
    styles = {
        RecommendationState.ISSUED: ("neutral", "clock"),
        RecommendationState.ANSWERED: ("info", "chat"),
        RecommendationState.COMPLIED: ("success", "check-circle"),
        RecommendationState.PARTLY: ("warning", "half"),
        RecommendationState.NOT_COMPLIED: ("danger", "x-circle"),
        RecommendationState.WITHDRAWN: ("neutral", "undo"),
    }
    tone, icon = styles[RecommendationState(row.state)]
    return Standing(row.state, label, tone, icon)


def proposal_standing(row: Proposal, on: date) -> Standing:
    """How a proposal from a survey stands on a day."""
    if row.state == ProposalState.PROPOSED and row.due_on < on:
        return Standing("overdue", _("overdue, not answered so far"), "danger", "late")
    styles = {
        ProposalState.PROPOSED: ("neutral", "clock"),
        ProposalState.ACCEPTED: ("success", "check-circle"),
        ProposalState.DECLINED: ("warning", "x-circle"),
        ProposalState.VOID: ("neutral", "undo"),
    }
    tone, icon = styles[ProposalState(row.state)]
    return Standing(row.state, str(ProposalState(row.state).label), tone, icon)


def days_left(row: Any, now: datetime) -> Remaining:
    """ "12 days left", "due today", "3 days late"; calendar days, since that is how they are owed."""
    if row.ended_at:
        return Remaining("done", _("ended"))
    if row.state != row.OWED:
        return Remaining("paused", _("with the supervisors"))
    days = (row.due_on - day_of(now)).days
    if days < 0:
        return Remaining("overdue", ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days})
    if days == 0:
        return Remaining("soon", _("due today"))
    words = ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return Remaining("soon" if days <= SOON_DAYS else "calm", words)


def history(steps: Iterable[Any], *, public: bool = False) -> list[dict[str, Any]]:
    """Lines for the component timeline. In public: by role, with the supervisor's words only, without files."""
    return [_line(step, public=public) for step in steps if not public or step.kind in PUBLIC_STEPS]


PUBLIC_STEPS = frozenset(
    {StepKind.MADE, StepKind.REPORTED, StepKind.RETURNED, StepKind.JUDGED, StepKind.HANDED_OVER}
)


def _line(step: Any, *, public: bool) -> dict[str, Any]:
    icon, tone = STYLES[StepKind(step.kind)]
    shows = not public or step.kind in (StepKind.JUDGED, StepKind.RETURNED)
    return {
        "at": step.at,
        "title": title_of(step),
        "who": _who(step, public=public),
        "body": step.words if shows else "",
        "icon": icon,
        "tone": tone,
        "files": [] if public else _files(step),
    }


def _files(step: Any) -> list[TimelineFile]:
    return [] if isinstance(step, ProposalStep) else [_file(row.attachment) for row in step.evidence.all()]


def _file(file: Any) -> TimelineFile:
    url = reverse("escalation:evidence", args=[file.key])
    return TimelineFile(file.name, url, file.size, file.content_type.startswith("image/"))


STYLES: dict[StepKind, tuple[str, str]] = {
    StepKind.MADE: ("flag", "info"),
    StepKind.ANSWERED: ("chat", "info"),
    StepKind.REPORTED: ("check", "info"),
    StepKind.RETURNED: ("undo", "warning"),
    StepKind.JUDGED: ("check-circle", "success"),
    StepKind.WITHDRAWN: ("undo", "neutral"),
    StepKind.REMINDED: ("bell", "warning"),
    StepKind.RAISED: ("up", "danger"),
    StepKind.HANDED_OVER: ("arrow-right", "info"),
    StepKind.WAITING: ("bell", "warning"),
}


def _who(step: Step, *, public: bool) -> str:
    if step.actor is None:
        return _("Tuntas, by itself")
    role = str(Role(step.role).label)
    agency = step.actor.agency.short_name if step.actor.agency else ""
    parts = (role, agency) if public else (str(step.actor), role, agency)
    return " · ".join(part for part in parts if part)


def title_of(step: Step) -> str:
    data = step.data
    if step.kind == StepKind.MADE:
        due = {"day": day_words(date.fromisoformat(str(data["due_on"])))}
        if isinstance(step, ProposalStep):
            return _("Opened by the survey, to be answered by %(day)s") % due
        is_promise = isinstance(step, CommitmentStep)
        return _("Promised by %(day)s") % due if is_promise else _("Issued, due %(day)s") % due
    if step.kind == StepKind.ANSWERED and isinstance(step, ProposalStep):
        promised = {"number": data.get("commitment", "")}
        return _("Became promise %(number)s") % promised if data.get("accepts") else _("Declined")
    if step.kind == StepKind.ANSWERED:
        return _("Answered: accepted") if data.get("accepts") else _("Answered: not accepted")
    if step.kind == StepKind.RETURNED and data.get("due_on"):
        day = day_words(date.fromisoformat(str(data["due_on"])))
        verdict = Verdict(str(data["verdict"])).label
        return _("Judged: %(verdict)s; the rest by %(day)s") % {"verdict": verdict, "day": day}
    if step.kind == StepKind.JUDGED:
        return _("Judged: %(verdict)s") % {"verdict": _verdict(data)}
    if step.kind == StepKind.HANDED_OVER:
        about = {"before": agency_name(data.get("from")), "agency": agency_name(data.get("agency"))}
        return _("%(before)s was closed: handed over to %(agency)s") % about
    if step.kind == StepKind.RAISED and data.get("told") == 0:
        return _("Overdue: there was nobody who could be told")
    if step.kind == StepKind.RAISED:
        return _raised(int(str(data["level"])))
    return {
        StepKind.REPORTED: _("Reported as done"),
        StepKind.RETURNED: _("Checked: not kept yet"),
        StepKind.WITHDRAWN: _("Withdrawn"),
        StepKind.REMINDED: _("Reminder: due soon"),
        StepKind.WAITING: _("Reminder: waiting for a judgement"),
    }[StepKind(step.kind)]


def _raised(level: int) -> str:
    return {
        Level.AGENCY_HEAD: _("Overdue: the head of the agency was told"),
        Level.INSPECTORATE: _("Overdue: the inspectorate or the city secretary was told"),
        Level.OMBUDSMAN: _("Overdue: the ombudsman was told"),
    }[Level(level)]


def _verdict(data: dict[str, Any]) -> str:
    if "finding" in data:
        return str(CommitmentState(str(data["finding"])).label)
    return str(Verdict(str(data["verdict"])).label)


def sources_in_words(cases: int, recommendations: int, elements: int = 0, findings: int = 0) -> str:
    """ "from 4 reports and 1 recommendation"; empty where nothing led to it."""
    counted = (
        (cases, ngettext("%(n)d report", "%(n)d reports", cases)),
        (recommendations, ngettext("%(n)d recommendation", "%(n)d recommendations", recommendations)),
        (elements, ngettext("%(n)d result of a survey", "%(n)d results of surveys", elements)),
        (findings, ngettext("%(n)d finding of a forum", "%(n)d findings of forums", findings)),
    )
    parts = [words % {"n": n} for n, words in counted if n]
    if not parts:
        return ""
    return _("from %(sources)s") % {"sources": _(" and ").join(parts)}


def origins_of(row: Commitment) -> list[dict[str, str]]:
    """The findings of forums and results of surveys behind a promise, each with the page where everybody reads it."""
    kinds = (SourceKind.FINDING, SourceKind.SURVEY_ELEMENT)
    rows = row.sources.filter(kind__in=kinds).select_related("finding__forum", "survey_round__agency")
    return [_origin(source) for source in rows.order_by("pk")]


def _origin(source: CommitmentSource) -> dict[str, str]:
    if source.finding is not None:
        forum = source.finding.forum
        if forum is None:
            return {"words": source.finding.title, "url": ""}
        words = _("%(finding)s (forum on %(day)s)") % {
            "finding": source.finding.title,
            "day": day_words(forum.starts_at),
        }
        return {"words": words, "url": reverse("surveys:forum", args=[forum.code])}
    survey_round = source.survey_round
    assert survey_round is not None
    words = _("%(element)s, in the survey of %(agency)s that closed on %(day)s") % {
        "element": source.get_element_display(),
        "agency": survey_round.agency.local_name,
        "day": day_words(survey_round.closes_on),
    }
    return {"words": words, "url": reverse("surveys:round-result", args=[survey_round.code])}


def planned_words(row: Commitment) -> dict[str, Any] | None:
    """What a promise changes in a standard, and whether it did."""
    planned = (
        PlannedChange.objects.select_related("service", "counter", "made").filter(commitment=row).first()
    )
    if planned is None:
        return None
    thing = planned.counter or planned.service
    service = planned.service or (planned.counter.services.first() if planned.counter else None)
    state, tone, icon = _planned_state(row, planned)
    return {
        "what": f"{thing.name if thing else ''} · {Part(planned.part).label}",
        "url": reverse("surveys:standard", args=[service.code]) if service else "",
        "before": value_words(planned.part, planned.made.before) if planned.made else "",
        "after": value_words(planned.part, planned.after),
        "day": planned.made.starts_on if planned.made else planned.starts_on,
        "state": state,
        "tone": tone,
        "icon": icon,
    }


def _planned_state(row: Commitment, planned: PlannedChange) -> tuple[str, str, str]:
    if planned.made is not None:
        return _("The standard was changed."), "success", "check-circle"
    if planned.not_made == planning.MOVED:
        return _("Not changed: the service is another agency's now."), "warning", "alert"
    if planned.not_made == planning.SAME:
        return _("The standard said so already."), "neutral", "check"
    if row.state == CommitmentState.BROKEN:
        return _("Not changed: the promise was broken."), "danger", "x-circle"
    return _("Changes once the promise is kept."), "info", "hourglass"
