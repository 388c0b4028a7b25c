"""Indices that offices have published, counted again: typed in on the desk, shown to everybody."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from surveys.index.bands import half_up
from surveys.index.forms import PublishedForm, TakeBackForm
from surveys.index.models import PublishedIndex
from surveys.index.numbers import decimal, spelled
from surveys.index.recount import Recount, recount
from surveys.index.services import enter_published, may_enter, take_back
from surveys.questionnaires.models import Element
from surveys.rights import SurveyAct

SHOWN = 100


@dataclass(frozen=True)
class Recounted:
    """A published index with what came out when it was counted again."""

    row: PublishedIndex
    recount: Recount

    @property
    def published(self) -> str:
        return decimal(self.row.index, self.row.places)

    @property
    def means(self) -> list[tuple[str, str]]:
        return [(str(Element(key).label), value) for key, value in self.row.means.items()]

    @property
    def sentence(self) -> str:
        found = self.recount
        if found.matches:
            return _(
                "It comes out from its own element means, with the exact weight of 1/%(count)d each."
            ) % {"count": len(self.row.means)}
        words = {"published": self.published, "index": decimal(found.index)}
        told = found.explained_by
        if told is None:
            return _("Its own element means give %(index)s, and no usual weights give %(published)s.") % words
        if told.weight is None:
            return (
                _(
                    "Its own element means give %(index)s. What was published, %(published)s, comes out from the "
                    "weighted means printed beside them, which were rounded before they were added up."
                )
                % words
            )
        words |= {
            "weight": spelled(told.weight),
            "perfect": decimal(100 * told.weight * len(self.row.means), 1),
        }
        return (
            _(
                "Its own element means give %(index)s. What was published, %(published)s, comes out with the weight "
                "%(weight)s, which is cut off: with it a perfect score is %(perfect)s."
            )
            % words
        )

    @property
    def tries(self) -> list[dict[str, Any]]:
        return [
            {"label": _try_label(each.code, each.weight, len(self.row.means)), "found": each}
            for each in self.recount.tries
        ]


def _try_label(code: str, weight: Decimal | None, items: int) -> str:
    if code == "exact":
        return _("exact weight 1/%(count)d") % {"count": items}
    if code == "weighted":
        return _("the weighted means printed beside them")
    return _("weight %(weight)s, cut off") % {"weight": spelled(weight)}


def recounted(row: PublishedIndex) -> Recounted:
    found = recount(
        half_up(row.index, row.places),
        {key: Decimal(value) for key, value in row.means.items()},
        weighted={key: Decimal(value) for key, value in row.weighted.items()},
    )
    return Recounted(row, found)


@require_safe
def published_list(request: HttpRequest) -> HttpResponse:
    """For everybody: what was published, and whether it comes out."""
    rows = PublishedIndex.objects.select_related("agency")[:SHOWN]
    return render(request, "surveys/results/published.html", {"rows": [recounted(row) for row in rows]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RECOUNT)
def desk_published(request: HttpRequest) -> HttpResponse:
    """What was typed in, and the form to type in another."""
    user = staff(request)
    form = PublishedForm(request.POST if request.method == "POST" else None, user=user)
    page = partial(_page, request, user, form)
    if not form.is_bound:
        return page(200)
    return perform(
        request,
        form,
        enter_published,
        page=page,
        to=lambda _row: redirect("surveys:desk-published"),
        done=gettext_lazy("It is kept, and everybody sees what comes out."),
    )


def _page(request: HttpRequest, user: User, form: PublishedForm, status: int) -> HttpResponse:
    rows = PublishedIndex.objects.select_related("agency")[:SHOWN]
    context = {
        "form": form,
        "rows": [recounted(row) for row in rows],
        "mine": {row.pk for row in rows if may_enter(user, row.agency)},
    }
    return render(request, "surveys/results/desk_published.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RECOUNT)
def desk_published_back(request: HttpRequest, number: str) -> HttpResponse:
    """Takes one back that was typed in wrongly."""
    row = PublishedIndex.objects.select_related("agency").filter(number=number).first()
    if row is None or not may_enter(staff(request), row.agency):
        raise Http404
    form = TakeBackForm(request.POST if request.method == "POST" else None)

    def page(status: int) -> HttpResponse:
        context = {"form": form, "row": recounted(row)}
        return render(request, "surveys/results/desk_published_back.html", context, status=status)

    if not form.is_bound:
        return page(200)
    return perform(
        request,
        form,
        partial(take_back, row),
        page=page,
        to=lambda _done: redirect("surveys:desk-published"),
        done=gettext_lazy("It is marked as taken back, and stays."),
    )
