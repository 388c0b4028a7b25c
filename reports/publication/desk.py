"""What the desk shows of a report: figures, remarks beside them, sentences, and the forms of what its reader may do."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from complaints.permissions import Right
from reports.documents.services import may_report_on
from reports.publication import forms
from reports.publication.face import figure_choices, figure_title, language
from reports.publication.models import Comparison, Remark, Report, ReportPaper
from reports.publication.models.frozen import PaperState
from reports.publication.models.report import LANGUAGES
from reports.publication.progress import cases_url, stages_of
from reports.publication.recipients import recipients_of
from reports.publication.services.frame import may_on, why_not_publish, why_not_review
from reports.publication.services.preparing import why_not_drop
from reports.publication.states import AHEAD, State
from reports.publication.text import has_stale_sentences, sentences_of
from reports.publication.words import days_words, due_words, history, standing, title_of
from reports.rights import ReportAct

MOST = 100
NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def waiting_for(user: User) -> list[dict[str, Any]]:
    """The reports that this person sees: those whose next step is theirs first, then what is under way, then the rest,
    the newest period first."""
    rows = Report.objects.visible_to(user).select_related("agency").order_by("-period_to", "code")
    if user.agency_id is not None:
        rows = rows.filter(agency__in=user.agency_scope)
    is_ahead = Q(state__in=sorted(AHEAD))  # an old draft is not lost behind many that are done
    shown = [*rows.filter(is_ahead)[:MOST], *rows.exclude(is_ahead)[:MOST]][:MOST]
    found = [
        {
            "report": row,
            "title": title_of(row),
            "standing": standing(row),
            "due": due_words(row),
            "mine": waits_for(row, user),
        }
        for row in shown
    ]
    return sorted(found, key=lambda each: (not each["mine"], not each["report"].is_ahead))


def waits_for(report: Report, user: User) -> str:
    """What this person can do next, as a code; "" when it waits for others, or nothing is owed."""
    if report.state == State.REVIEWED:
        able = _may(report, user, ReportAct.PUBLISH_REPORT) and not why_not_publish(report, user)
        return "publish" if able else ""
    if report.state != State.DRAFT:
        return ""
    if report.remarks.filter(state=Remark.State.OPEN).exists():
        return "answer" if _may(report, user, ReportAct.PREPARE_REPORT) else ""
    able = _may(report, user, ReportAct.REVIEW_REPORT) and not why_not_review(report, user)
    return "review" if able else ""


def _may(report: Report, user: User, right: Right) -> bool:
    return may_on(report, user, right)


def page_of(report: Report, user: User, now: datetime) -> dict[str, Any]:
    snapshot, text = report.latest_snapshot, report.latest_text
    papers = _papers(report, text)
    told, others = recipients_of(report)
    comparison = Comparison.objects.filter(report=report).first()
    context: dict[str, Any] = {
        "report": report,
        "title": title_of(report),
        "days": days_words(report),
        "standing": standing(report),
        "due": due_words(report),
        "snapshot": snapshot,
        "text": text if report.state != State.DRAFT else None,
        "is_counting": report.count_due_at is not None,
        "comparison": comparison,
        "lines": comparison.lines.get(language(), []) if comparison else [],
        "recipients": told,
        "no_recipients": others,
        "steps": history(report.steps.select_related("actor__agency")),
        "papers": papers,
        "stages": stages_of(report, snapshot, [(row["name"], row["paper"]) for row in papers], now),
        "has_internal": may_report_on(user, report.agency),
    }
    if snapshot is not None:
        context |= _figures(report, snapshot.face, user) | _sentences(report, snapshot.face)
    return context | _forms(report, snapshot, text, user)


def _papers(report: Report, text: Any) -> list[dict[str, Any]]:
    if report.state == State.DRAFT or text is None:
        return []
    rows = ReportPaper.objects.filter(text=text).order_by("-language")
    return [
        {"paper": row, "name": NAMES[row.language], "is_ready": row.state == PaperState.READY} for row in rows
    ]


def _figures(report: Report, face: dict[str, Any], user: User) -> dict[str, Any]:
    remarks = list(report.remarks.select_related("by", "answered_by"))
    marked = {row.figure for row in remarks}
    prepares, second = _may(report, user, ReportAct.PREPARE_REPORT), _is_second(report, user)
    is_draft = report.state == State.DRAFT
    return {
        "figures": face[language()]["figures"],
        "details": [
            row | {"has_remark": row["code"] in marked, "url": cases_url(report, row["code"])}
            for row in face[language()]["details"]
        ],
        "remarks": [
            {
                "row": row,
                "title": figure_title(face, row.figure),
                "may_answer": is_draft and prepares and row.state == Remark.State.OPEN,
                "may_settle": is_draft
                and row.state != Remark.State.SETTLED
                and (row.by_id == user.pk or second),
                "answer_form": forms.AnswerForm(auto_id=f"answer-{row.pk}-%s"),
                "settle_form": forms.SettleForm(auto_id=f"settle-{row.pk}-%s"),
            }
            for row in remarks
        ],
        "open_remarks": sum(row.state == Remark.State.OPEN for row in remarks),
    }


def _sentences(report: Report, face: dict[str, Any]) -> dict[str, Any]:
    return {
        "has_stale": report.state == State.DRAFT and has_stale_sentences(report, face),
        "summaries": [
            {
                "language": each,
                "name": NAMES[each],
                "sentences": [
                    row
                    | {
                        "behind": [figure_title(face, code) for code in row["figures"]],
                        "form": forms.SentenceForm(
                            initial={"language": each, "key": row["key"], "text": row["text"]},
                            auto_id=f"s-{each}-{row['key']}-%s",
                        ),
                    }
                    for row in sentences_of(report, face, each)
                ],
            }
            for each in LANGUAGES
        ],
    }


def _is_second(report: Report, user: User) -> bool:
    return _may(report, user, ReportAct.REVIEW_REPORT) and not why_not_review(report, user)


def _forms(report: Report, snapshot: Any, text: Any, user: User) -> dict[str, Any]:
    found: dict[str, Any] = {"prepares": _may(report, user, ReportAct.PREPARE_REPORT)}
    if _may(report, user, ReportAct.REMARK_REPORT):
        people_now = [user.pk for user in recipients_of(report)[0]]
        found["recipients_form"] = forms.RecipientsForm(
            initial={"recipients": people_now}, auto_id="recipients-%s"
        )
    if report.state == State.DRAFT and found["prepares"] and why_not_drop(report, timezone.now()) is None:
        found["drop_form"] = forms.DropForm(auto_id="drop-%s")
    if report.state == State.DRAFT and snapshot is not None:
        found |= _draft_forms(report, snapshot, user)
    if report.state == State.REVIEWED:
        if _may(report, user, ReportAct.REVIEW_REPORT):
            found["give_back_form"] = forms.GiveBackForm(auto_id="back-%s")
        if _may(report, user, ReportAct.PUBLISH_REPORT):
            found["publish_form"] = forms.SeenForm(initial={"seen": text.number}, auto_id="publish-%s")
            found["why_not_publish"] = why_not_publish(report, user)
    if report.state == State.PUBLISHED and _may(report, user, ReportAct.PUBLISH_REPORT):
        found["withdraw_form"] = forms.WithdrawForm(auto_id="withdraw-%s")
    return found


def _draft_forms(report: Report, snapshot: Any, user: User) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if _may(report, user, ReportAct.REMARK_REPORT):
        figures = figure_choices(snapshot.face)
        found["remark_form"] = forms.RemarkForm(figures=figures, auto_id="remark-%s")
    if _may(report, user, ReportAct.PREPARE_REPORT):
        said = {name: getattr(report, name) for name in ("foreword_id", "foreword_en", "foreword_by")}
        found["foreword_form"] = forms.ForewordForm(initial=said, auto_id="foreword-%s")
    if _may(report, user, ReportAct.REVIEW_REPORT):
        found["review_form"] = forms.SeenForm(initial={"seen": snapshot.number}, auto_id="review-%s")
        found["why_not_review"] = why_not_review(report, user)
    return found
