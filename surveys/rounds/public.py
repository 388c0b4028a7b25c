"""What everybody sees of rounds: those that ask now, the form behind the short link, and thanks.

No session, no cookie: of who answers nothing is known beyond what is answered.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from complaints.clock.city_time import day_of
from complaints.public.guards import too_many
from complaints.public.throttle import spend, visitor
from surveys.questionnaires.models import Survey
from surveys.rounds import flags
from surveys.rounds.answer_form import CODE, StepForm, asked_in
from surveys.rounds.models import Channel, Round, RoundState
from surveys.rounds.same_site import is_from_here
from surveys.rounds.storing import Given, Stored, store
from surveys.rounds.tokens import known_digest, new_form_token, normalise, seconds_open

ANSWERS_A_MINUTE = 60  # of one network: more than a counter's wifi ever sends
SHOWN = 30
TOKEN, STEP, GO = "form_token", "step", "go"


def listed() -> Any:
    """Rounds that anybody may look up. Those after a case are asked of its citizen alone."""
    rounds = Round.objects.public().exclude(version__survey__purpose=Survey.Purpose.AFTER_CASE)
    return rounds.select_related("agency", "service", "version__survey")


def asking_now(now: datetime) -> list[Round]:
    return list(
        Round.objects.asking(day_of(now))
        .exclude(version__survey__purpose=Survey.Purpose.AFTER_CASE)
        .select_related("agency", "service", "version__survey")
        .order_by("closes_on", "pk")
    )


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Open rounds, closed ones with the way to their results, annulled ones with the reason."""
    now = timezone.now()
    rows = listed().order_by("-closes_on", "-pk")
    context = {
        "asking": asking_now(now),
        "closed": rows.filter(state=RoundState.CLOSED)[:SHOWN],
        "annulled": rows.filter(state=RoundState.ANNULLED)[:SHOWN],
    }
    return render(request, "surveys/rounds/public_list.html", context)


def round_or_404(code: str) -> Round:
    row: Round | None = listed().filter(code=code.upper()).first()
    if row is None:
        raise Http404
    return row


@dataclass
class Sent:
    """One POST of the form, on its way to becoming an answer."""

    request: HttpRequest
    row: Round
    channel: Channel
    form: StepForm
    now: datetime


@csrf_exempt  # is_from_here: a cookie would tie together what one person answers
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str, channel: Channel = Channel.LINK) -> HttpResponse:
    """The questions, and what was sent."""
    row, now = round_or_404(code), timezone.now()
    if not Round.objects.asking(day_of(now)).filter(pk=row.pk).exists():
        status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
        return render(request, "surveys/rounds/not_asking.html", {"row": row}, status=status)
    if request.method != "POST":
        return _page(request, row, StepForm(row, asked_in(row)), now)
    if not is_from_here(request):
        return HttpResponseForbidden()
    form = StepForm(row, asked_in(row), request.POST, step=request.POST.get(STEP, ""))
    return _take(Sent(request, row, channel, form, now))


def _take(sent: Sent) -> HttpResponse:
    go = sent.request.POST.get(GO, "")
    if sent.form.is_stepped and go == "back":
        return _page(sent.request, sent.row, sent.form.before(), sent.now)
    if not sent.form.is_valid():
        return _page(sent.request, sent.row, sent.form, sent.now, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not sent.form.is_last:
        return _page(sent.request, sent.row, sent.form.after(), sent.now)
    return _send(sent)


def _send(sent: Sent) -> HttpResponse:
    token = sent.request.POST.get(TOKEN, "")
    seconds = seconds_open(sent.row, token, sent.now)
    if seconds is None:
        sent.form.add_error(None, _("This form was open for very long. Please send it once more."))
        return _page(sent.request, sent.row, sent.form, sent.now, status=HTTPStatus.CONFLICT, token="")
    who = visitor(sent.request, sent.now)
    if wait := spend("survey", who, ANSWERS_A_MINUTE, now=sent.now):
        return too_many(sent.request, wait)
    reading = sent.form.reading
    found = [
        *flags.of_answers(sent.form.whole, reading.answers),
        *flags.of_speed(seconds, reading.answers),
        *flags.of_network(sent.row, who, reading.answers, sent.now),
    ]
    given = Given(reading.answers, reading.words, flags=tuple(found))
    code = normalise(sent.request.POST.get(CODE, "")) or "" if sent.row.needs_token else ""
    digest = known_digest(*(("code", code) if code else ("form", token)), sent.row)
    stored = store(
        sent.row, given, sent.channel, now=sent.now, digest=digest, is_personal=sent.row.needs_token
    )
    return _answered(sent, stored)


def _answered(sent: Sent, stored: Stored) -> HttpResponse:
    if stored is Stored.OVER:
        return render(sent.request, "surveys/rounds/not_asking.html", {"row": sent.row}, status=409)
    if stored is Stored.UNKNOWN:
        sent.form.add_error(CODE, _("This code is not known here. Please look at your paper again."))
        return _page(sent.request, sent.row, sent.form, sent.now, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("surveys:answer-thanks", sent.row.code)


def _page(
    request: HttpRequest,
    row: Round,
    form: StepForm,
    now: datetime,
    *,
    status: int = HTTPStatus.OK,
    token: str | None = None,
) -> HttpResponse:
    """The form with everything that was typed. `token`: "" for a new one."""
    known = request.POST.get(TOKEN, "") if token is None else token
    context = {"row": row, "form": form, "form_token": known or new_form_token(row, now)}
    return render(request, "surveys/rounds/answer.html", context, status=status)


@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The same page for whoever comes: it knows of no answer."""
    return render(request, "surveys/rounds/thanks.html", {"row": round_or_404(code)})
