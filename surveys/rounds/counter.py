"""The tablet at a counter: let in by a code, then without any sign-in; it sends each answer with a token of its own."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.clock.city_time import day_of, start_of
from complaints.public.guards import refused_for_now, too_many
from complaints.public.throttle import spend, visitor
from complaints.sheets import address
from surveys.questionnaires.answering import AnswersForm, read_answers
from surveys.rounds import flags
from surveys.rounds.answer_form import asked_in
from surveys.rounds.handing_out import LET_IN_LENGTH, is_let_in, let_in
from surveys.rounds.models import Channel, Round
from surveys.rounds.public import round_or_404
from surveys.rounds.same_site import is_from_here
from surveys.rounds.storing import Given, Stored, store
from surveys.rounds.tokens import is_client_token, known_digest, normalise

TRIES_A_MINUTE = 10
SENT_A_MINUTE = 240  # what waited for a day comes at once
LANGUAGES = ("id", "en")
KEEPS = timedelta(days=60)  # what a tablet still keeps it can hand over to an officer
PARTS = (
    *("css/survey.css", "css/tablet.css"),
    *("js/survey.js", "js/send-later.js", "js/tablet.js"),
)


class LetInForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("An officer makes it on the page of the round."),
        max_length=20,
        widget=forms.TextInput({"autocapitalize": "characters", "spellcheck": "false"}),
    )


def _cookie(row: Round) -> str:
    return f"counter-{row.code}"


def _is_ours(request: HttpRequest, row: Round) -> bool:
    secret = request.COOKIES.get(_cookie(row), "")
    return bool(secret) and is_let_in(row, secret)


@csrf_exempt  # is_from_here; nothing but the code lets in
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """The questions for a tablet that was let in; for any other the question for its code."""
    row, now = round_or_404(code), timezone.now()
    if request.method == "POST":
        return _let_in(request, row, now)
    if not _is_ours(request, row):
        return render(request, "surveys/rounds/let_in.html", {"row": row, "form": LetInForm()})
    if not Round.objects.taking(day_of(now)).filter(pk=row.pk).exists():
        return render(request, "surveys/rounds/not_asking.html", {"row": row})
    response = render(request, "surveys/rounds/tablet.html", {"row": row, "forms": _forms(row)})
    response["X-Tablet"] = "1"  # what the worker keeps
    return response


def _forms(row: Round) -> list[str]:
    """The questions in both languages, since nobody asks a server at the counter."""
    found: list[str] = []
    for language in LANGUAGES:
        with translation.override(language):
            form = AnswersForm(asked_in(row), needs_required=False, auto_id=f"{language}-%s")
            context = {"form": form, "language": language, "row": row}
            found.append(render_to_string("surveys/rounds/_tablet_form.html", context))
    return found


def _let_in(request: HttpRequest, row: Round, now: datetime) -> HttpResponse:
    if not is_from_here(request):
        return HttpResponseForbidden()
    refused = refused_for_now(request, "let-in", TRIES_A_MINUTE, now)
    if refused:
        return refused
    form = LetInForm(request.POST)
    typed = form.cleaned_data["code"] if form.is_valid() else ""
    code = normalise(typed, LET_IN_LENGTH)
    secret = let_in(row, code, now=now) if code else None
    if secret is None:
        if typed:
            form.add_error("code", _("This code is not known, was used, or is older than half an hour."))
        return render(request, "surveys/rounds/let_in.html", {"row": row, "form": form}, status=422)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        logout(request)  # whoever signed in here to look up the code: the tablet stays alone with strangers
    response = redirect("surveys:counter", row.code)
    response.set_cookie(
        _cookie(row),
        secret,
        expires=start_of(row.last_day + KEEPS),
        path=reverse("surveys:counter", args=[row.code]),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response


@csrf_exempt  # a tablet without network has no fresh token; its own cookie goes nowhere else (SameSite=Strict)
@require_POST
def counter_send(request: HttpRequest, code: str) -> HttpResponse:
    """One answer that a tablet kept. {"stored": "new" | "again" | "empty"}; 403 of a tablet that was withdrawn, 409
    when the round takes none."""
    row, now = round_or_404(code), timezone.now()
    if not is_from_here(request) or not _is_ours(request, row):
        return JsonResponse({"stored": "refused"}, status=HTTPStatus.FORBIDDEN)
    if wait := spend("survey-tablet", visitor(request, now), SENT_A_MINUTE, now=now):
        return too_many(request, wait)
    once = request.POST.get("once", "")
    if not is_client_token(once):
        return JsonResponse({"stored": "refused"}, status=HTTPStatus.BAD_REQUEST)
    asked = asked_in(row)
    raw = {key: request.POST.getlist(key) for key in asked.by_key}
    # Whoever answered has gone: what is no answer is left out, and the rest counts.
    reading = read_answers(asked, raw, needs_required=False)
    if not reading.answers and not reading.words:
        return JsonResponse({"stored": "empty"})
    found = [
        *flags.of_answers(asked, reading.answers),
        *flags.of_row(row, f"tablet {request.COOKIES[_cookie(row)]}", reading.answers),
    ]
    given = Given(reading.answers, reading.words, flags=tuple(found))
    digest = known_digest("counter", once, row)
    stored = store(row, given, Channel.TABLET, now=now, digest=digest)
    if stored is Stored.OVER:
        return JsonResponse({"stored": "over"}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"stored": stored.value})


@require_safe
def counter_worker(request: HttpRequest, code: str) -> HttpResponse:
    """The script that lets the page of this one round open without network; it sees nothing beside it."""
    page = reverse("surveys:counter", args=[round_or_404(code).code])
    parts: list[Any] = [*(static(part) for part in PARTS), address("public.css")]
    known = json.dumps({"page": page, "parts": parts})
    name = f"counter-{code}-{sha256(known.encode()).hexdigest()[:12]}"
    script = render_to_string(
        "surveys/rounds/tablet_worker.js",
        {"name": json.dumps(name), "page": json.dumps(page), "parts": json.dumps(parts)},
    )
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
