"""Who answers for the next step of a report, and who stands above."""

from datetime import datetime

from accounts.models import User
from accounts.models import there as there_on
from accounts.roles import Role, Seat
from complaints.clock.city_time import day_of
from complaints.permissions import RIGHTS, Right
from escalation.ladder.models import Level
from reports.publication.models import Report
from reports.publication.services.frame import may_on, why_not_publish, why_not_review
from reports.publication.states import State
from reports.rights import ReportAct


def next_step(report: Report) -> str:
    """What has to be done next, as messages name it; "" when nothing is owed."""
    return {State.DRAFT: "review", State.REVIEWED: "publishing"}.get(State(report.state), "")


def who_owes(report: Report, now: datetime) -> list[User]:
    """Those who can take the next step: prepare or review a draft, publish what was reviewed."""
    if report.state == State.REVIEWED:
        able = [user for user in _with(report, ReportAct.PUBLISH_REPORT) if not why_not_publish(report, user)]
    else:
        able = [*_with(report, ReportAct.PREPARE_REPORT), *reviewers(report)]
    return list({user.pk: user for user in able}.values())


def reviewers(report: Report) -> list[User]:
    return [user for user in _with(report, ReportAct.REVIEW_REPORT) if not why_not_review(report, user)]


def rung(report: Report, level: int, now: datetime) -> list[User]:
    """Who is told on this level: who owes it; then the inspectorate or city secretary; then the ombudsman."""
    if level <= Level.AGENCY_HEAD:
        return who_owes(report, now)
    seat = Seat.OMBUDSMAN if level == Level.OMBUDSMAN else Seat.INSPECTORATE
    able = list(User.objects.filter(role=Role.SUPERVISOR, is_active=True).order_by("pk"))
    seated = [user for user in able if user.seat in (seat, "")]
    return seated if there_on(seated, day_of(now)) else able


def is_watched(report: Report, now: datetime) -> bool:
    """Whether the sweep comes to it, and somebody who is there can take the next step."""
    today = day_of(now)
    if report.next_action_at is None:
        return False
    if report.state == State.DRAFT:
        return bool(there_on(reviewers(report), today))
    return bool(there_on(who_owes(report, now), today))


def reads_on_desk(user: User | None, report: Report) -> bool:
    return user is not None and may_on(report, user, ReportAct.READ_REPORTS)


def _with(report: Report, right: Right) -> list[User]:
    roles = [str(role) for role in RIGHTS[right]]
    users = User.objects.filter(role__in=roles, is_active=True).select_related("agency").order_by("pk")
    return [user for user in users if may_on(report, user, right)]
