"""The desk of rounds: which there are, a new one, and the page of one with its progress and what can be done now."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import role_of
from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.csv_out import csv_response
from complaints.desk.access import staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.desk.perform import perform
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.questionnaires.models import Survey
from surveys.rights import SurveyAct
from surveys.rounds import handing_out, services
from surveys.rounds.additions import ROUND_LINKS
from surveys.rounds.desk_forms import AnnulForm, CodesForm, DeviceForm, ProlongForm, RoundForm
from surveys.rounds.models import CounterDevice, Round, RoundState, Token
from surveys.rounds.progress import progress_of, progress_of_many
from surveys.rounds.tokens import show_code

SHOWN = 100
AFTER_CASE = Survey.Purpose.AFTER_CASE  # those run by themselves, and have a page of their own
TONES = {
    RoundState.DRAFT: "neutral",
    RoundState.OPEN: "success",
    RoundState.CLOSED: "info",
    RoundState.ANNULLED: "danger",
}


def state_words(row: Round) -> str:
    return {
        RoundState.DRAFT: _("in preparation"),
        RoundState.OPEN: _("open for answers"),
        RoundState.CLOSED: _("closed"),
        RoundState.ANNULLED: _("annulled"),
    }[RoundState(row.state)]


def found_or_404(request: HttpRequest, code: str) -> Round:
    """In this person's scope."""
    rounds = Round.objects.visible_to(staff(request)).exclude(version__survey__purpose=AFTER_CASE)
    row: Round | None = (
        rounds.select_related("agency", "service", "version__survey").filter(code=code.upper()).first()
    )
    if row is None:
        raise Http404
    return row


@never_cache
@require_safe
@staff_page(SurveyAct.SEE_RESULTS)
def desk_list(request: HttpRequest) -> HttpResponse:
    """All rounds of one's own line, the latest first."""
    user = staff(request)
    rows = list(
        Round.objects.visible_to(user)
        .exclude(version__survey__purpose=AFTER_CASE)
        .select_related("agency", "service", "version__survey")
        .order_by("-opens_on", "-pk")[:SHOWN]
    )
    progress = progress_of_many(rows)
    lines = [
        {
            "row": row,
            "progress": progress[row.pk],
            "tone": TONES[RoundState(row.state)],
            "state": state_words(row),
        }
        for row in rows
    ]
    may_run = role_may(role_of(user), SurveyAct.RUN_ROUNDS)
    return render(request, "surveys/rounds/desk_list.html", {"lines": lines, "may_run": may_run})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_new(request: HttpRequest) -> HttpResponse:
    form = RoundForm(request.POST or None, user=staff(request), today=day_of(timezone.now()))

    def page(status: int = HTTPStatus.OK) -> HttpResponse:
        return render(request, "surveys/rounds/desk_new.html", {"form": form}, status=status)

    if not form.is_bound:
        return page()
    return perform(
        request,
        form,
        services.make_round,
        page=page,
        to=lambda row: redirect("surveys:desk-round", row.code),
        done=_("The round is in preparation."),
    )


@never_cache
@require_safe
@staff_page(SurveyAct.SEE_RESULTS)
def desk_round(request: HttpRequest, code: str) -> HttpResponse:
    return _detail(request, found_or_404(request, code))


def short_url(row: Round) -> str:
    """As it stands on posters and is read aloud."""
    return f"{settings.BASE_URL}/s/{row.code}/"


def _detail(
    request: HttpRequest, row: Round, *, status: int = HTTPStatus.OK, **bound: StaffForm
) -> HttpResponse:
    """The page with the forms of what this person may do now; `bound` is the form that was refused."""
    user, now = staff(request), timezone.now()
    context = {
        "row": row,
        "tone": TONES[RoundState(row.state)],
        "state": state_words(row),
        "progress": progress_of(row),
        "short_url": short_url(row),
        "is_asking": row.state == RoundState.OPEN and row.opens_on <= day_of(now) <= row.closes_on,
        "codes": Token.objects.filter(round=row, is_personal=True).count() if row.needs_token else 0,
        "devices": row.devices.filter(withdrawn_on=None),
        **_forms(row, user, now),
        **bound,
    }
    return render(request, "surveys/rounds/desk_round.html", context, status=status)


def _forms(row: Round, user: User, now: datetime) -> dict[str, Any]:
    if not role_may(role_of(user), SurveyAct.RUN_ROUNDS):
        return {}
    state, is_open = row.state, row.state == RoundState.OPEN
    found: dict[str, Any] = {
        "may_run": True,
        "may_open": state == RoundState.DRAFT and row.closes_on >= day_of(now),
        "may_close": is_open,
    }
    if is_open:
        found["prolong_form"] = ProlongForm(auto_id="prolong-%s")
    if state in (RoundState.OPEN, RoundState.CLOSED):
        found["annul_form"] = AnnulForm(auto_id="annul-%s")
    if state in handing_out.NOT_OVER and not row.needs_token:
        found["links"] = [link for link in ROUND_LINKS if role_may(role_of(user), link.right)]
    if state in handing_out.NOT_OVER:
        name, form = ("codes_form", CodesForm) if row.needs_token else ("device_form", DeviceForm)
        found[name] = form(auto_id=f"{name}-%s")
    return found


def _act(
    request: HttpRequest, code: str, do: Callable[..., object], done: str, **sent: StaffForm
) -> HttpResponse:
    """`sent`: the form by its name on the page, which shows it again when it is refused."""
    row = found_or_404(request, code)
    (form,) = sent.values() or (StaffForm({}),)

    def page(status: int) -> HttpResponse:
        row.refresh_from_db()
        shown = sent or {"plain_form": form}
        return _detail(request, row, status=status, **shown)

    return perform(
        request,
        form,
        partial(do, row.pk),
        page=page,
        to=lambda _row: redirect("surveys:desk-round", row.code),
        done=done,
    )


@require_POST
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_open(request: HttpRequest, code: str) -> HttpResponse:
    return _act(request, code, services.open_round, _("The round is open."))


@require_POST
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_close(request: HttpRequest, code: str) -> HttpResponse:
    return _act(request, code, services.close_round, _("The round is closed. Its result is public."))


@require_POST
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_prolong(request: HttpRequest, code: str) -> HttpResponse:
    form = ProlongForm(request.POST, auto_id="prolong-%s")
    return _act(request, code, services.prolong_round, _("The last day was moved."), prolong_form=form)


@require_POST
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_annul(request: HttpRequest, code: str) -> HttpResponse:
    form = AnnulForm(request.POST, auto_id="annul-%s")
    done = _("The round is annulled. It stays visible, with the reason.")
    return _act(request, code, services.annul_round, done, annul_form=form)


@never_cache
@require_POST
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_codes(request: HttpRequest, code: str) -> HttpResponse:
    """New personal codes, shown in this answer and never again."""
    row = found_or_404(request, code)
    form = CodesForm(request.POST, auto_id="codes_form-%s")
    if not form.is_valid():
        return _detail(request, row, status=HTTPStatus.UNPROCESSABLE_ENTITY, codes_form=form)
    count = form.cleaned_data["count"]
    try:
        found = handing_out.issue_codes(row.pk, actor=staff(request), now=timezone.now(), count=count)
    except NotPossible as why:
        form.add_error(None, str(why))
        return _detail(request, row, status=HTTPStatus.CONFLICT, codes_form=form)
    shown = [show_code(each) for each in found]
    if form.cleaned_data["as_file"] == "csv":
        return csv_response(
            f"{row.code}-codes.csv", ["code", "link"], [[each, short_url(row)] for each in shown]
        )
    context = {"row": row, "codes": shown, "short_url": short_url(row)}
    return render(request, "surveys/rounds/codes.html", context)


@never_cache
@require_POST
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_device(request: HttpRequest, code: str) -> HttpResponse:
    """A place for a tablet; the code that lets it in is shown in this answer and never again."""
    row = found_or_404(request, code)
    form = DeviceForm(request.POST, auto_id="device_form-%s")
    if not form.is_valid():
        return _detail(request, row, status=HTTPStatus.UNPROCESSABLE_ENTITY, device_form=form)
    try:
        device, found = handing_out.add_device(
            row.pk, actor=staff(request), now=timezone.now(), name=form.cleaned_data["name"]
        )
    except NotPossible as why:
        form.add_error(None, str(why))
        return _detail(request, row, status=HTTPStatus.CONFLICT, device_form=form)
    context = {
        "row": row,
        "device": device,
        "code": show_code(found),
        "url": settings.BASE_URL + reverse("surveys:counter", args=[row.code]),
    }
    return render(request, "surveys/rounds/device.html", context)


@require_POST
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_withdraw(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    row = found_or_404(request, code)
    try:
        handing_out.withdraw_device(row.pk, pk, actor=staff(request), now=timezone.now())
    except CounterDevice.DoesNotExist:
        raise Http404 from None
    except NotAllowed:
        raise PermissionDenied from None
    return redirect("surveys:desk-round", row.code)
