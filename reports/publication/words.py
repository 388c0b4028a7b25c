"""A report and its life in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.clock.dates import day_words
from complaints.clock.periods import half_words, month_words, quarter_words, year_words
from reports.pages.words import days
from reports.publication.models import Report, ReportStep
from reports.publication.models.report import ReportStepKind
from reports.publication.periods import PeriodKind
from reports.publication.states import State


@dataclass(frozen=True)
class Standing:
    """As the component badge takes it."""

    label: str
    tone: str
    icon: str


def standing(report: Report) -> Standing:
    return {
        State.DRAFT: Standing(_("draft"), "neutral", "edit"),
        State.REVIEWED: Standing(_("reviewed, waits to be published"), "info", "hourglass"),
        State.PUBLISHED: Standing(_("published"), "success", "check-circle"),
        State.WITHDRAWN: Standing(pgettext("report", "withdrawn"), "danger", "x-circle"),
        State.DROPPED: Standing(pgettext("report", "dropped"), "neutral", "x-circle"),
    }[State(report.state)]


def period_name(report: Report) -> str:
    """`third quarter of 2026`, `July 2026`, `second half of 2026`, `year 2026`."""
    kind = PeriodKind(report.kind)
    spelled = {PeriodKind.QUARTER: quarter_words, PeriodKind.HALF: half_words, PeriodKind.YEAR: year_words}
    return spelled.get(kind, month_words)(report.period_from)


def days_words(report: Report) -> str:
    return days(report.period)


def title_of(report: Report) -> str:
    said = {"period": period_name(report), "agency": report.agency_words}
    if said["agency"]:
        return _("Accountability report, %(period)s: %(agency)s") % said
    return _("Accountability report, %(period)s") % said


STYLES: dict[ReportStepKind, tuple[str, str]] = {
    ReportStepKind.COUNTED: ("check", "info"),
    ReportStepKind.COMPARED: ("search", "info"),
    ReportStepKind.REMARKED: ("chat", "warning"),
    ReportStepKind.ANSWERED: ("chat", "info"),
    ReportStepKind.SETTLED: ("check", "success"),
    ReportStepKind.REVIEWED: ("check-circle", "success"),
    ReportStepKind.GIVEN_BACK: ("undo", "warning"),
    ReportStepKind.PUBLISHED: ("flag", "success"),
    ReportStepKind.WITHDRAWN: ("x-circle", "danger"),
    ReportStepKind.DROPPED: ("x-circle", "danger"),
    ReportStepKind.REMINDED: ("bell", "warning"),
    ReportStepKind.RAISED: ("up", "danger"),
    ReportStepKind.PUT_BACK: ("undo", "info"),
}


def history(steps: Iterable[ReportStep]) -> list[dict[str, Any]]:
    """For the component timeline."""
    return [_line(step) for step in steps]


def _line(step: ReportStep) -> dict[str, Any]:
    kind = ReportStepKind(step.kind)
    icon, tone = STYLES.get(kind, ("edit", "neutral"))
    return {
        "at": step.at,
        "title": _title(kind, step.data),
        "who": str(step.actor) if step.actor else _("Tuntas, by itself"),
        "body": step.words,
        "icon": icon,
        "tone": tone,
        "files": [],
    }


def _title(kind: ReportStepKind, data: dict[str, Any]) -> str:
    if kind == ReportStepKind.RAISED and data.get("told") == 0:
        return _("Late: there was nobody who could be told")
    if kind == ReportStepKind.RAISED:
        return {
            1: _("Late: whoever has to take the next step was told"),
            2: _("Late: the inspectorate or the city secretary was told"),
            3: _("Late: the ombudsman was told"),
        }.get(int(data.get("level", 1)), _("Late"))
    if kind == ReportStepKind.PUT_BACK:
        return _("The PDF was missing or another one; it is as published again (%(language)s)") % data
    if kind == ReportStepKind.EDITED:
        return (
            _("Foreword changed") if data.get("what") == "foreword" else _("Sentence of the summary changed")
        )
    return {
        ReportStepKind.MADE: _("Begun"),
        ReportStepKind.COUNTED: _("Figures counted and frozen"),
        ReportStepKind.COMPARED: _("Counted again, to compare"),
        ReportStepKind.REMARKED: _("Remark beside a figure"),
        ReportStepKind.ANSWERED: _("Remark answered"),
        ReportStepKind.SETTLED: _("Remark settled"),
        ReportStepKind.REVIEWED: _("Reviewed: figures and words are frozen"),
        ReportStepKind.GIVEN_BACK: _("Given back"),
        ReportStepKind.PUBLISHED: _("Published"),
        ReportStepKind.WITHDRAWN: _("Withdrawn"),
        ReportStepKind.DROPPED: _("Dropped: it is not published"),
        ReportStepKind.REMINDED: _("Reminder"),
    }[kind]


def due_words(report: Report) -> str:
    """By when the next step is due, in a sentence; "" when nothing is owed."""
    if report.state == State.DRAFT:
        return _("To be reviewed by %(day)s, published by %(last)s.") % {
            "day": day_words(report.review_due_at),
            "last": day_words(report.publish_due_at),
        }
    if report.state == State.REVIEWED:
        return _("To be published by %(day)s.") % {"day": day_words(report.publish_due_at)}
    return ""
