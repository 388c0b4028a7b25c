"""The queue of inputs and what its pages show."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from accounts.actors import role_of
from accounts.models import User
from complaints.paging import Cursor, Order, Page, page_of
from complaints.permissions import role_may
from surveys.forums.inputs.desk_forms import (
    AnswerForm,
    BecomeCaseForm,
    DeclineForm,
    EraseForm,
    HideForm,
    InputFilterForm,
    NameForm,
    PassOnForm,
)
from surveys.forums.inputs.services.gathering import may_answer
from surveys.forums.inputs.services.moderating import moderates
from surveys.forums.models import Finding, ForumInput, InputState
from surveys.rights import SurveyAct

PAGE = 25
BY_DUE, BY_TIME = Order("due_at"), Order("at", newest_first=True)


def narrowed(user: User, form: InputFilterForm, now: datetime) -> Any:
    """What fits the filters, of this person's inputs; replies only when they wait for the moderator or are hidden."""
    rows = ForumInput.objects.visible_to(user)
    data = form.cleaned_data if form.is_valid() else {}
    if data.get("visibility") in ("pending", "hidden"):
        rows = rows.filter(visibility=data["visibility"])
    else:
        rows = rows.filter(parent=None)
        state = data.get("state") or InputState.WAITING
        rows = rows if state == "all" else rows.filter(state=state)
    for name, column in (("forum", "forum__code"), ("agency", "agency__code"), ("source", "source")):
        if data.get(name):
            rows = rows.filter(**{column: data[name]})
    if data.get("q"):
        rows = rows.filter(Q(number=data["q"].upper()) | Q(words__text__icontains=data["q"]))
    return rows.overdue(now) if data.get("overdue") else rows


def page_of_queue(rows: Any, form: InputFilterForm, text: str) -> Page[ForumInput]:
    """In the order in which they fall due while they wait, else the newest first. BadCursor."""
    data = form.cleaned_data if form.is_valid() else {}
    by_due = not data.get("state") and data.get("visibility") not in ("pending", "hidden")
    rows = rows.select_related("words", "forum", "agency", "finding")
    return page_of(rows, BY_DUE if by_due else BY_TIME, Cursor.decode(text) if text else None, PAGE)


def acts_on(row: ForumInput, user: User, bound: dict[str, Any]) -> dict[str, Any]:
    """The forms of what this person may do with an input now; `bound` is the one that was refused."""
    role = role_of(user)
    waits = row.state == InputState.WAITING
    answers = role_may(role, SurveyAct.ANSWER_INPUT) and may_answer(user, row) and waits
    alone = answers and row.finding_id is None
    forms: dict[str, Any] = {}
    if alone:
        forms |= {"answer": AnswerForm(auto_id="answer-%s"), "decline": DeclineForm(auto_id="decline-%s")}
        forms["case"] = BecomeCaseForm(auto_id="case-%s", initial={"subject": subject_of(row)})
    routes = role_may(role, SurveyAct.ROUTE_INPUT) and (row.agency_id is None or may_answer(user, row))
    if waits and routes and row.finding_id is None:
        forms["pass-on"] = PassOnForm(auto_id="pass-%s")
    if moderates(user, row) and row.visibility != ForumInput.Visibility.HIDDEN:
        forms["hide"] = HideForm(auto_id="hide-%s")
    if role_may(role, SurveyAct.NAME_SPOKEN_OF):
        forms["name"] = NameForm(auto_id="name-%s", actor=user)
    if row.contact_id is not None and role_may(role, SurveyAct.ERASE_SPEAKER):
        forms["erase"] = EraseForm(auto_id="erase-%s")
    return {
        "forms": forms | bound,
        "may_split": answers and row.finding_id is not None,
        "may_moderate": moderates(user, row),
        "may_promise": alone,
    }


def acts_on_finding(finding: Finding, user: User, bound: dict[str, Any]) -> dict[str, Any]:
    answers = role_may(role_of(user), SurveyAct.ANSWER_INPUT) and finding.agency_id in user.agency_scope
    if not answers or finding.decided_at is not None:
        return {"forms": {}, "may_promise": False}
    forms: dict[str, Any] = {
        "answer": AnswerForm(auto_id="answer-%s"),
        "decline": DeclineForm(auto_id="decline-%s"),
        "case": BecomeCaseForm(auto_id="case-%s", initial={"subject": finding.title}),
    }
    return {"forms": forms | bound, "may_promise": True}


def subject_of(row: ForumInput) -> str:
    words = getattr(row, "words", None)
    return " ".join(words.text.split())[:100] if words is not None else ""


def exported(rows: Any) -> Iterator[list[Any]]:
    """Lines of the table: codes, moments and words; nothing of who said it."""
    confirmed = Count("supporters", filter=Q(supporters__is_confirmed=True))
    rows = rows.select_related("words", "forum", "agency", "service", "finding").annotate(confirmed=confirmed)
    for row in rows:
        words = getattr(row, "words", None)
        is_shown = row.visibility == ForumInput.Visibility.SHOWN and words is not None
        yield [
            row.number,
            row.forum.code if row.forum else "",
            row.source,
            row.at.isoformat(),
            row.agency.code if row.agency else "",
            row.service.code if row.service else "",
            row.state,
            row.finding.number if row.finding else "",
            row.commitment,
            row.supports,
            row.confirmed,
            row.due_at.isoformat() if row.due_at else "",
            row.answered_at.isoformat() if row.answered_at else "",
            row.declined_because,
            row.visibility,
            row.hidden_because,
            row.level,
            words.text if is_shown and words else "",
            row.answer,
        ]
