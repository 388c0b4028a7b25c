"""Sections and questions of a version in preparation: written, moved, removed, shown by rules."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from complaints.desk.access import staff_page
from complaints.desk.perform import perform
from surveys.questionnaires import editing
from surveys.questionnaires.asking import Asked, questionnaire
from surveys.questionnaires.editing import DOWN, UP
from surveys.questionnaires.forms import QuestionForm, RuleForm, SectionForm
from surveys.questionnaires.models import Question, Section, SurveyVersion
from surveys.questionnaires.views.finding import (
    form_page,
    pressed,
    question_or_404,
    section_or_404,
    to_version,
    version_or_404,
)
from surveys.questionnaires.views.versions import _detail
from surveys.rights import SurveyAct

SECTION, QUESTION = "surveys/questionnaires/section.html", "surveys/questionnaires/question.html"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def section_new(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_or_404(code, number)
    form = SectionForm(request.POST or None)
    page = form_page(request, SECTION, form, version)
    if not form.is_bound:
        return page(200)
    to = partial(_to_section, version)
    return perform(request, form, partial(editing.add_section, version), page=page, to=to)


def _to_section(version: SurveyVersion, section: Section) -> HttpResponse:
    return to_version(version, f"#section-{section.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def section_change(request: HttpRequest, code: str, number: int, section: int) -> HttpResponse:
    row = section_or_404(code, number, section)
    form = SectionForm(request.POST or None, section=row)
    page = form_page(request, SECTION, form, row.version, section=row)
    if not form.is_bound:
        return page(200)
    to = partial(_to_section, row.version)
    return perform(request, form, partial(editing.change_section, row), page=page, to=to)


@require_POST
@staff_page(SurveyAct.BUILD)
def section_remove(request: HttpRequest, code: str, number: int, section: int) -> HttpResponse:
    row = section_or_404(code, number, section)
    return _press(request, row.version, partial(editing.remove_section, row), _("The section was removed."))


@require_POST
@staff_page(SurveyAct.BUILD)
def section_move(request: HttpRequest, code: str, number: int, section: int) -> HttpResponse:
    row = section_or_404(code, number, section)
    service = partial(editing.move_section, row, where=_where(request))
    return _press(request, row.version, service, anchor=f"#section-{row.pk}")


def _where(request: HttpRequest) -> str:
    where = request.POST.get("where", "")
    if where not in (UP, DOWN):
        raise Http404
    return where


def _press(
    request: HttpRequest,
    version: SurveyVersion,
    service: Callable[..., Any],
    done: str = "",
    anchor: str = "",
) -> HttpResponse:
    return pressed(
        request,
        service,
        to=lambda _none: to_version(version, anchor),
        page=partial(_detail, request, version),
        done=done,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def question_new(request: HttpRequest, code: str, number: int, section: int) -> HttpResponse:
    """Of the type that `?type=` names."""
    row = section_or_404(code, number, section)
    kind = request.GET.get("type", "")
    if kind not in Question.Type.values:
        raise Http404
    form = QuestionForm(request.POST or None, kind=Question.Type(kind))
    page = form_page(request, QUESTION, form, row.version, section=row)
    if not form.is_bound:
        return page(200)
    to = partial(_to_question, row.version)
    return perform(request, form, partial(editing.add_question, row), page=page, to=to)


def _to_question(version: SurveyVersion, question: Question) -> HttpResponse:
    return to_version(version, f"#question-{question.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def question_change(request: HttpRequest, code: str, number: int, question: int) -> HttpResponse:
    row = question_or_404(code, number, question)
    version = row.section.version
    form = QuestionForm(request.POST or None, kind=Question.Type(row.type), question=row)
    page = form_page(request, QUESTION, form, version, section=row.section, question=row)
    if not form.is_bound:
        return page(200)
    to = partial(_to_question, version)
    return perform(request, form, partial(editing.change_question, row), page=page, to=to)


@require_POST
@staff_page(SurveyAct.BUILD)
def question_remove(request: HttpRequest, code: str, number: int, question: int) -> HttpResponse:
    row = question_or_404(code, number, question)
    done = _("The question was removed.")
    return _press(request, row.section.version, partial(editing.remove_question, row), done)


@require_POST
@staff_page(SurveyAct.BUILD)
def question_move(request: HttpRequest, code: str, number: int, question: int) -> HttpResponse:
    row = question_or_404(code, number, question)
    service = partial(editing.move_question, row, where=_where(request))
    return _press(request, row.section.version, service, anchor=f"#question-{row.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def question_rule(request: HttpRequest, code: str, number: int, question: int) -> HttpResponse:
    """First the question before it, by `?after=`, then which of its answers; "always" takes the rule away."""
    row = question_or_404(code, number, question)
    version = row.section.version
    before = _before(row)
    if request.method == "POST" and "always" in request.POST:
        service = partial(editing.set_rule, row, key="", values=[])
        return _press(request, version, service, anchor=f"#question-{row.pk}")
    source = next((asked for asked in before if asked.key == request.GET.get("after", row.show_if_key)), None)
    form = RuleForm(request.POST or None, source=source, question=row) if source else None
    context = {"version": version, "question": row, "before": before, "source": source, "form": form}

    def page(status: int = 200) -> HttpResponse:
        return render(request, "surveys/questionnaires/rule.html", context, status=status)

    if form is None or not form.is_bound:
        return page()
    to = partial(_to_question, version)
    return perform(request, form, partial(editing.set_rule, row), page=page, to=to)


def _before(question: Question) -> list[Asked]:
    """The questions with answers to choose from that stand before this one."""
    found: list[Asked] = []
    for asked in questionnaire(question.section.version):
        if asked.question.pk == question.pk:
            break
        if asked.options:
            found.append(asked)
    return found
