"""Signs for supervisors: how many of how many, at which agencies, and the cases behind them."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from complaints.clock.city_time import day_of
from complaints.clock.periods import quarter_words
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from complaints.paging import Order
from escalation.oversight.periods import Days, named_period, quarter_from
from escalation.oversight.views.paging import turn_pages
from escalation.rights import EscalationAct
from escalation.signals.answering import Asked, answer_sign, answers_to, asked_of, looks_of
from escalation.signals.forms import AnswerForm
from escalation.signals.models import Signal, SignalCount, SignalLook
from escalation.signals.services import NAMES
from escalation.signals.shown import agencies_of, lines_of
from escalation.signals.words import MEANINGS

SHOWN = 100
NEWEST_FIRST = Order("at", newest_first=True)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def signals(request: HttpRequest) -> HttpResponse:
    """All nine signs of a quarter."""
    days = _days(request)
    context = _context(request, days) | {"lines": lines_of(staff(request), days.first)}
    return render(request, "oversight/signals.html", context)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def signal(request: HttpRequest, code: str) -> HttpResponse:
    """One sign: by agency, and each case."""
    if code not in Signal.values:
        raise Http404
    user, days = staff(request), _days(request)
    found = SignalLook.objects.visible_to(user).filter(quarter=days.first, signal=code, is_sign=True)
    turned = turn_pages(request, found.select_related("complaint", "agency"), NEWEST_FIRST)
    context = _context(request, days) | {
        "name": Signal(code).label,
        "meaning": MEANINGS[Signal(code)],
        "agencies": agencies_of(user, days.first, code),
        "asked": list(answers_to(user, days.first, code, timezone.now()).values()),
        "looks": turned.page.rows,
        "problem": turned.problem,
        **turned.links,
    }
    return render(request, "oversight/signal.html", context, status=400 if turned.problem else 200)


@require_safe
@staff_page(EscalationAct.ANSWER_SIGN)
def signs_to_answer(request: HttpRequest) -> HttpResponse:
    """What this head is asked about, and what was answered."""
    asked = asked_of(staff(request), timezone.now())[:SHOWN]
    return render(request, "signals/asked.html", {"asked": asked})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(EscalationAct.ANSWER_SIGN)
def sign_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One sign at one agency: the reports behind it that the head may open, what was answered, and the form."""
    asked = next((each for each in asked_of(staff(request), timezone.now()) if each.row.pk == pk), None)
    if asked is None:
        raise Http404
    if request.method != "POST":
        return _answer_page(request, asked, AnswerForm(initial={"seen": len(asked.answers)}))
    form = AnswerForm(request.POST)
    return perform(
        request,
        form,
        partial(answer_sign, pk),
        page=lambda status: _answer_page(request, asked, form, status),
        to=lambda _answer: redirect("escalation:sign-answer", pk),
        done=gettext_lazy("Answered."),
    )


def _answer_page(request: HttpRequest, asked: Asked, form: AnswerForm, status: int = 200) -> HttpResponse:
    context = {
        "asked": asked,
        "quarter": asked.quarter,
        "meaning": MEANINGS[Signal(asked.row.signal)],
        "looks": looks_of(staff(request), asked.row)[:SHOWN],
        "form": form,
    }
    return render(request, "signals/answer.html", context, status=status)


def _days(request: HttpRequest) -> Days:
    """The quarter that is asked for by its first day; without one, this quarter."""
    asked, today = request.GET.get("quarter", ""), day_of(timezone.now())
    known = [named_period(name, today) for name in NAMES]
    for quarter in SignalCount.objects.values_list("quarter", flat=True):
        if quarter.isoformat() == asked:
            return next((days for days in known if days.first == quarter), quarter_from(quarter))
    return known[0]


def _context(request: HttpRequest, days: Days) -> dict[str, Any]:
    rows = list(SignalCount.objects.order_by("-quarter"))
    quarters = [
        {
            "url": f"{request.path}?quarter={row.quarter.isoformat()}",
            "label": capfirst(quarter_words(row.quarter)),
            "is_current": row.quarter == days.first,
        }
        for row in rows
    ]
    counted = next((row.counted_at for row in rows if row.quarter == days.first), None)
    return {
        "days": days,
        "quarters": quarters,
        "counted_at": counted,
        "overview": f"{reverse('escalation:signals')}?quarter={days.first.isoformat()}",
    }
