"""What the pages of a questionnaire have in common: whoever may build sees every survey."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from complaints.desk.forms.actions import StaffForm
from complaints.desk.perform import perform
from surveys.questionnaires.forms import PlainForm
from surveys.questionnaires.models import Question, Section, SurveyVersion


def version_or_404(code: str, number: int) -> SurveyVersion:
    try:
        return SurveyVersion.objects.select_related("survey").get(survey__code=code, number=number)
    except SurveyVersion.DoesNotExist:
        raise Http404 from None


def section_or_404(code: str, number: int, pk: int) -> Section:
    try:
        return Section.objects.select_related("version__survey").get(
            pk=pk, version__survey__code=code, version__number=number
        )
    except Section.DoesNotExist:
        raise Http404 from None


def question_or_404(code: str, number: int, pk: int) -> Question:
    try:
        return Question.objects.select_related("section__version__survey").get(
            pk=pk, section__version__survey__code=code, section__version__number=number
        )
    except Question.DoesNotExist:
        raise Http404 from None


def to_version(version: SurveyVersion, anchor: str = "") -> HttpResponse:
    return redirect(f"{version_url(version)}{anchor}")


def version_url(version: SurveyVersion) -> str:
    return reverse("surveys:survey-version", args=[version.survey.code, version.number])


def pressed(
    request: HttpRequest,
    service: Callable[..., Any],
    *,
    to: Callable[[Any], HttpResponse],
    page: Callable[..., HttpResponse],
    done: Any = "",
) -> HttpResponse:
    """A button that was pressed; where it is not possible, the page with the reason."""
    form = PlainForm(request.POST)
    return perform(request, form, service, page=lambda status: page(form, status), to=to, done=done)


def form_page(
    request: HttpRequest, template: str, form: StaffForm, version: SurveyVersion, **more: Any
) -> Callable[[int], HttpResponse]:
    def page(status: int = 200) -> HttpResponse:
        return render(request, template, {"form": form, "version": version, **more}, status=status)

    return page
