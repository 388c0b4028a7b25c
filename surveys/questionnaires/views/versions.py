"""Surveys and their versions: write, look at as citizens will, publish."""

from functools import partial
from typing import Any

from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.desk.access import staff_page
from complaints.desk.perform import perform
from complaints.models import Service
from surveys.questionnaires import editing
from surveys.questionnaires.answering import AnswersForm
from surveys.questionnaires.asking import Questionnaire, options_of, questionnaire
from surveys.questionnaires.checks import problems
from surveys.questionnaires.forms import IntroForm, PlainForm, RenameForm, SurveyForm
from surveys.questionnaires.models import Question, Survey, SurveyVersion
from surveys.questionnaires.views.finding import form_page, pressed, to_version, version_or_404
from surveys.rights import SurveyAct

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
EXAMPLES = 3  # services offered in the preview


@require_safe
@staff_page(SurveyAct.BUILD)
def survey_list(request: HttpRequest) -> HttpResponse:
    versions = SurveyVersion.objects.annotate(rounds_count=Count("rounds")).order_by("-number")
    surveys = Survey.objects.prefetch_related(Prefetch("versions", versions))
    return render(request, "surveys/questionnaires/list.html", {"surveys": surveys})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def survey_new(request: HttpRequest) -> HttpResponse:
    form = SurveyForm(request.POST or None, initial={"purpose": Survey.Purpose.OTHER})

    def page(status: int = 200) -> HttpResponse:
        return render(request, "surveys/questionnaires/new.html", {"form": form}, status=status)

    if not form.is_bound:
        return page()
    return perform(request, form, editing.make_survey, page=page, to=to_version)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def survey_rename(request: HttpRequest, code: str) -> HttpResponse:
    survey = Survey.objects.filter(code=code).first()
    if survey is None:
        raise Http404
    form = RenameForm(request.POST or None, survey=survey)

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "survey": survey}
        return render(request, "surveys/questionnaires/rename.html", context, status=status)

    if not form.is_bound:
        return page()
    service = partial(editing.rename, survey)
    return perform(
        request, form, service, page=page, to=lambda row: redirect("surveys:survey-list"), done=_("Saved.")
    )


@require_safe
@staff_page(SurveyAct.BUILD)
def version_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return _detail(request, version_or_404(code, number))


def _detail(
    request: HttpRequest, version: SurveyVersion, form: PlainForm | None = None, status: int = 200
) -> HttpResponse:
    """The version with its questions as rows; `form` holds why something was not possible."""
    sections = [
        {"row": section, "questions": [_line(question) for question in section.questions.all()]}
        for section in version.sections.prefetch_related("questions")
    ]
    found = problems(version) if version.published_at is None else []
    context = {
        "version": version,
        "sections": sections,
        "types": Question.Type.choices,
        "problems": [problem for problem in found if problem.stops],
        "thoughts": [problem for problem in found if not problem.stops],
        "form": form or PlainForm(),
        "others": version.survey.versions.exclude(pk=version.pk),
    }
    return render(request, "surveys/questionnaires/version.html", context, status=status)


def _line(question: Question) -> dict[str, Any]:
    options = (
        "" if question.type == Question.Type.YES_NO else ", ".join(o.label for o in options_of(question))
    )
    english = get_language() == "en" and question.text_en
    return {"row": question, "text": question.text_en if english else question.text_id, "options": options}


@require_POST
@staff_page(SurveyAct.BUILD)
def version_copy(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_or_404(code, number)
    done = _("Copied. What you change here leaves the earlier version as it is.")
    service = partial(editing.copy_version, version)
    return pressed(request, service, to=to_version, page=partial(_detail, request, version), done=done)


@require_POST
@staff_page(SurveyAct.BUILD)
def version_discard(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_or_404(code, number)
    return pressed(
        request,
        partial(editing.discard, version),
        to=lambda _none: redirect("surveys:survey-list"),
        page=partial(_detail, request, version),
        done=_("The version was discarded."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def version_intro(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_or_404(code, number)
    form = IntroForm(request.POST or None, version=version)
    page = form_page(request, "surveys/questionnaires/intro.html", form, version)
    if not form.is_bound:
        return page(200)
    return perform(request, form, partial(editing.introduce, version), page=page, to=to_version)


@require_POST
@staff_page(SurveyAct.BUILD)
def version_publish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_or_404(code, number)
    done = _("Published. It can be asked in rounds from now on, and does not change any more.")
    service = partial(editing.publish, version)
    return pressed(request, service, to=to_version, page=partial(_detail, request, version), done=done)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.BUILD)
def version_preview(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """As a citizen sees it, in either language. What is sent is read as it would be, and kept nowhere."""
    version = version_or_404(code, number)
    language = request.GET.get("lang", "")
    language = language if language in LANGUAGES else "id"
    services = Service.objects.filter(is_active=True).order_by("pk")[:EXAMPLES]
    with override(language):
        asked = questionnaire(version, services=services)
        form = AnswersForm(asked, request.POST if request.method == "POST" else None)
        is_sent = form.is_bound and form.is_valid()
        body = render_to_string(
            "surveys/questionnaires/_preview.html",
            {"form": form, "asked": asked, "kept": _read(asked, form)},
            request,
        )
    context = {
        "version": version,
        "body": mark_safe(body),  # noqa: S308 - rendered by our own template just now
        "language": language,
        "is_sent": is_sent,
        "languages": [
            {"url": f"?lang={code}", "label": label, "is_current": code == language}
            for code, label in LANGUAGES.items()
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "surveys/questionnaires/preview.html", context, status=status)


def _read(asked: Questionnaire, form: AnswersForm) -> list[dict[str, str]]:
    """What would be kept, for the summary list."""
    if not form.is_bound or form.errors:
        return []
    rows = [
        (asked.by_key[key], value if isinstance(value, list) else [value])
        for key, value in (form.reading.answers | form.reading.words).items()
    ]
    return [
        {"term": question.text, "value": ", ".join(question.label_of(value) for value in values)}
        for question, values in rows
    ]
