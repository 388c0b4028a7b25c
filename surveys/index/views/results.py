"""The result of a round, and of all units side by side: for everybody, and on the desk. Nothing is counted here."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import role_of
from complaints.csv_out import csv_response
from complaints.desk.access import staff, staff_page
from complaints.permissions import role_may
from surveys.index.additions import RESULT_PAPERS
from surveys.index.drawn import element_chart, index_chart, trend_chart
from surveys.index.files import FIGURES, answer_rows, figure_rows
from surveys.index.listing import listed, units
from surveys.index.models import RoundResult
from surveys.index.shown import Shown, public_with_result, shown, with_result
from surveys.index.words import notices
from surveys.rights import SurveyAct
from surveys.rounds.models import Round


def _public(code: str) -> Shown:
    row = public_with_result(code.upper()) or public_with_result(code)
    if row is None:
        raise Http404
    return shown(row)


def _context(result: Shown) -> dict[str, Any]:
    index = result.index
    context: dict[str, Any] = {"shown": result, "round": result.round, "index": index}
    if index is not None:
        elements = [
            {"name": result.name_of(each.key), "figure": each, "is_low": n < 3}
            for n, each in enumerate(result.lowest_first)
        ]
        context |= {
            "notices": notices(result),
            "elements": elements,
            "index_chart": index_chart(index, is_graded=result.is_national),
            "element_chart": element_chart(result),
        }
    if len(result.trend) > 1 and not result.is_annulled:
        context["trend_chart"] = trend_chart(result.trend, is_graded=result.is_national)
    return context


@require_safe
def round_result(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody: what came of a round."""
    return render(request, "surveys/results/round.html", _context(_public(code)))


@require_safe
def figures_csv(request: HttpRequest, code: str) -> HttpResponse:
    result = _public(code)
    return csv_response(f"{result.round.code}-figures.csv", FIGURES, figure_rows(result))


@require_safe
def answers_csv(request: HttpRequest, code: str) -> HttpResponse:
    """What each answered to the elements, and nothing about them; of a closed round with ten respondents and more."""
    result = _public(code)
    kept = RoundResult.objects.filter(round=result.round).only("lines").first()
    if result.index is None or kept is None or not kept.lines:
        raise Http404
    assert result.moments is not None
    return csv_response(
        f"{result.round.code}-answers.csv", result.moments.items, answer_rows(result, kept.lines)
    )


@require_safe
def result_list(request: HttpRequest) -> HttpResponse:
    """All units side by side, by year."""
    return render(request, "surveys/results/list.html", {"list": units(request.GET.get("year", ""))})


@never_cache
@require_safe
@staff_page(SurveyAct.SEE_RESULTS)
def desk_results(request: HttpRequest) -> HttpResponse:
    """The rounds of one's own line, with what came of them."""
    user = staff(request)
    context = {
        "rows": listed(Round.objects.visible_to(user).public()),
        "may_recount": role_may(role_of(user), SurveyAct.RECOUNT),
    }
    return render(request, "surveys/results/desk_list.html", context)


@never_cache
@require_safe
@staff_page(SurveyAct.SEE_RESULTS)
def desk_result(request: HttpRequest, code: str) -> HttpResponse:
    user = staff(request)
    rounds = Round.objects.visible_to(user).public()
    row = with_result(code.upper(), rounds) or with_result(code, rounds)
    if row is None:
        raise Http404
    result = shown(row, for_staff=True)
    papers = [paper for paper in RESULT_PAPERS if role_may(role_of(user), paper.right)]
    return render(request, "surveys/results/desk_round.html", _context(result) | {"papers": papers})
