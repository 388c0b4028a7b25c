"""Was it done? The supervisors' pages, and the citizen's own answer."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.clock.city_time import day_of
from complaints.csv_out import download
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from complaints.permissions import is_protected
from complaints.public.guards import citizen_of, refused_for_now, session_ended
from complaints.services.change import NotPossible
from complaints.services.system import contact
from escalation.audits import sampling
from escalation.callbacks import services
from escalation.callbacks.forms import CallForm
from escalation.callbacks.models import CallBack, CallBackItem
from escalation.callbacks.outcomes import TRIES, calls, own_word
from escalation.callbacks.shown import call_backs, frame_for, lines, shown
from escalation.rights import EscalationAct

SHOWN = 40  # quarters


@require_safe
@staff_page(EscalationAct.CALL_BACK)
def call_back_list(request: HttpRequest) -> HttpResponse:
    """Each quarter, the newest first, with what was said."""
    rows = [shown(row) for row in call_backs()[:SHOWN]]
    return render(request, "callbacks/list.html", {"rows": rows, "today": day_of(timezone.now())})


@require_safe
@staff_page(EscalationAct.CALL_BACK)
def call_back_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to call while it is open; afterwards what was said. How to draw it again."""
    user, row = staff(request), _row(pk)
    is_open = row.is_open(day_of(timezone.now()))
    context = {
        "shown": shown(row),
        "row": row,
        "lines": lines(row, user) if is_open else [],
        "is_open": is_open,
        "tries": TRIES,
        "shell": sampling.SHELL,
        "check": sampling.CHECK,
    }
    return render(request, "callbacks/detail.html", context)


@require_safe
@staff_page(EscalationAct.CALL_BACK)
def call_back_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, to draw again; 404 while nobody may know it."""
    row = CallBack.objects.filter(pk=pk, drawn_at__isnull=False).first()
    if row is None:
        raise Http404
    return download("frame.txt", frame_for(row, staff(request)), "text/plain; charset=utf-8")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(EscalationAct.CALL_BACK)
def call(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Whom to call about one report, and what came of it."""
    item = _item(request, pk, number)
    if request.method != "POST":
        return _call_page(request, item, CallForm())
    form = CallForm(request.POST)
    return perform(
        request,
        form,
        partial(services.type_in, pk, number),
        page=lambda status: _call_page(request, item, form, status),
        to=lambda _answer: redirect("escalation:call-back-detail", pk),
        done=gettext_lazy("Noted. Thank you."),
    )


def _call_page(request: HttpRequest, item: CallBackItem, form: CallForm, status: int = 200) -> HttpResponse:
    case, answers = item.complaint, list(item.answers.all())
    protected = is_protected(case)
    has_spoken = own_word(answers) is not None
    is_open = item.call_back.is_open(day_of(timezone.now())) and not has_spoken
    context: dict[str, Any] = {
        "item": item,
        "case": case,
        "is_protected": protected,
        "who": None if protected or case.is_anonymous or not is_open else contact(case),
        "calls": calls(answers),
        "has_spoken": has_spoken,
        "is_open": is_open,
        "form": form if is_open else None,
    }
    return render(request, "callbacks/call.html", context, status=status)


def _row(pk: int) -> CallBack:
    row = call_backs().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _item(request: HttpRequest, pk: int, number: str) -> CallBackItem:
    try:
        return services.item_for(pk, number, staff(request))
    except CallBackItem.DoesNotExist:
        raise Http404 from None


@never_cache
@require_POST
def mine(request: HttpRequest) -> HttpResponse:
    """The citizen's own answer."""
    now = timezone.now()
    who = citizen_of(request, now)
    if who is None:
        return session_ended(request)
    refused = refused_for_now(request, "act", settings.SUBMISSIONS_PER_MINUTE, now)
    if refused is not None:
        return refused
    try:
        services.say(who.complaint_id, actor=who, now=now, said=request.POST.get("said", ""))
    except NotPossible as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, _("Thank you. The agency does not learn what you answered."))
    return redirect("complaints:mine")
