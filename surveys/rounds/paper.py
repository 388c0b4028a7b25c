"""Slips of paper, typed in by the keyboard: one form after the other, each slip once."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.form_fields import LineField
from surveys.questionnaires.answering import AnswersForm
from surveys.questionnaires.asking import Questionnaire
from surveys.rights import SurveyAct
from surveys.rounds import flags
from surveys.rounds.answer_form import asked_in
from surveys.rounds.correcting import answer_of, correct, slip_number
from surveys.rounds.desk import found_or_404
from surveys.rounds.models import Channel, Response, Round, RoundState
from surveys.rounds.progress import progress_of
from surveys.rounds.storing import Given, Stored, store
from surveys.rounds.tokens import known_digest, normalise

SLIP, INSTEAD_OF = "slip_number", "instead_of"
WHY_NOT = {
    Stored.OVER: gettext_lazy("The round takes no slips any more."),
    Stored.UNKNOWN: gettext_lazy("This code is not known here. Please look at the paper again."),
    Stored.AGAIN: gettext_lazy("This has been typed, or the code used, already."),
    Stored.SLIP_TAKEN: gettext_lazy("This slip has been typed already, with other answers."),
    Stored.NOT_LAST: gettext_lazy("Somebody corrected this slip just now. Please look at it again."),
}


class PaperForm(AnswersForm):
    """The slip's number, then the questions; nothing has to be answered, since a slip may have gaps."""

    def __init__(self, asked: Questionnaire, row: Round, *args: Any, **options: Any) -> None:
        super().__init__(asked, *args, needs_required=False, auto_id="p-%s", **options)
        code, number = gettext_lazy("Personal code on the slip"), gettext_lazy("Number of the slip")
        self.fields[SLIP] = LineField(
            label=code if row.needs_token else number,
            max_length=40,
            widget=forms.TextInput({"inputmode": "text" if row.needs_token else "numeric"}),
        )

    @property
    def slip_field(self) -> Any:
        return self[SLIP]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The next slip; beside it the one that was typed last. `correct`: one that was mistyped, with what was typed."""
    row = found_or_404(request, code)
    desk = Desk(request, row, asked_in(row), timezone.now(), request.GET.get("last", "")[:40])
    if request.method == "POST":
        return _typed(desk)
    mistyped = slip_number(request.GET.get("correct", "")[:40])
    if not mistyped:
        return desk.page(
            PaperForm(desk.asked, desk.row, initial={SLIP: "" if row.needs_token else after(desk.last)})
        )
    if (found := answer_of(row, mistyped)) is None:
        messages.error(request, _("No slip %(slip)s has been typed.") % {"slip": mistyped})
        return redirect("surveys:desk-paper", row.code)
    return desk.page(
        PaperForm(desk.asked, desk.row, initial={SLIP: mistyped} | said_in(found)), instead_of=found
    )


class FindForm(StaffForm):
    correct = LineField(label=gettext_lazy("Number of the slip"), max_length=40)


@dataclass(frozen=True)
class Desk:
    """Somebody at the keyboard with the slips of a round. `last`: the number that was typed last."""

    request: HttpRequest
    row: Round
    asked: Questionnaire
    now: datetime
    last: str

    def page(
        self,
        form: PaperForm,
        status: int = HTTPStatus.OK,
        *,
        instead_of: Response | None = None,
        is_chosen: bool = True,
    ) -> HttpResponse:
        """`instead_of`: what is corrected; `is_chosen`: on purpose, else a button offers it, and Enter does not."""
        found = answer_of(self.row, slip_number(self.last)) if self.last else None
        is_taking = self.row.state == RoundState.OPEN and self.row.last_day >= day_of(self.now)
        context = {
            "row": self.row,
            "form": form,
            "is_taking": is_taking and self.row.opens_on <= day_of(self.now),
            "last": self.last,
            "last_answers": in_words(found, self.asked) if found else [],
            "instead_of": instead_of and {"slip": instead_of.slip, "key": str(instead_of.pk)},
            "is_chosen": is_chosen,
            "find_form": FindForm(auto_id="find-%s"),
            "progress": progress_of(self.row),
        }
        return render(self.request, "surveys/rounds/paper.html", context, status=status)


def _typed(desk: Desk) -> HttpResponse:
    form = PaperForm(desk.asked, desk.row, desk.request.POST)
    before = _before(desk)
    if not form.is_valid():
        return desk.page(form, HTTPStatus.UNPROCESSABLE_ENTITY, instead_of=before)
    slip, reading = slip_number(form.cleaned_data[SLIP]), form.reading
    found = flags.of_answers(desk.asked, reading.answers)
    given = Given(reading.answers, reading.words, slip=slip, flags=tuple(found))
    known = answer_of(desk.row, slip)
    is_correction = before is not None and known == before
    if known is not None and not is_correction and said_in(known) != reading.answers | reading.words:
        form.add_error(SLIP, _("This slip has been typed already, with other answers."))
        return desk.page(form, HTTPStatus.CONFLICT, instead_of=known, is_chosen=False)
    stored = Stored.NEW  # the same once more
    if known is None:
        stored = _store(desk, given)
    elif said_in(known) != reading.answers | reading.words:
        stored = correct(desk.row, known, given, actor=staff(desk.request), now=desk.now)
    if stored is not Stored.NEW and not (stored is Stored.AGAIN and _is_saved(desk.row, given)):
        form.add_error(None, WHY_NOT[stored])
        return desk.page(form, HTTPStatus.CONFLICT)
    messages.success(desk.request, _("Slip %(slip)s is saved.") % {"slip": form.cleaned_data[SLIP]})
    query = urlencode({"last": form.cleaned_data[SLIP]})
    return redirect(f"{reverse('surveys:desk-paper', args=[desk.row.code])}?{query}")


def _before(desk: Desk) -> Response | None:
    """The answer that is to be corrected: the one that its typist saw, as long as it counts."""
    key = desk.request.POST.get(INSTEAD_OF, "")
    here = Response.objects.counting().exclude(slip="").filter(round=desk.row)
    return here.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 20 else None


def _store(desk: Desk, given: Given) -> Stored:
    """Where answers need a personal code, the slip's number is that code; it is not kept with the answer."""
    if desk.row.needs_token:
        digest = known_digest("code", normalise(given.slip) or "", desk.row)
        bare = replace(given, slip="")
        return store(desk.row, bare, Channel.PAPER, now=desk.now, digest=digest, is_personal=True)
    digest = known_digest("slip", given.slip, desk.row)
    return store(desk.row, given, Channel.PAPER, now=desk.now, digest=digest)


def _is_saved(row: Round, given: Given) -> bool:
    """Whether another sent the same form a moment ago."""
    known = answer_of(row, given.slip)
    return known is not None and said_in(known) == given.answers | given.words


def said_in(found: Response) -> dict[str, Any]:
    words: dict[str, Any] = found.words.words if hasattr(found, "words") else {}
    return {**found.answers, **words}


def after(slip: str) -> str:
    """The number that probably comes next, with as many noughts before it."""
    head = slip.rstrip("0123456789")
    digits = slip[len(head) :]
    return f"{head}{int(digits) + 1:0{len(digits)}}" if digits else ""


def in_words(found: Response, asked: Questionnaire) -> list[dict[str, Any]]:
    """What was typed, to be held against the paper."""
    said, rows = said_in(found), []
    for each in asked:
        value = said.get(each.key)
        values = value if isinstance(value, list) else [value]
        shown = ", ".join(each.label_of(one) for one in values) if value is not None else "–"
        if value is not None and each.question.type == "scale":
            shown = f"{value} · {shown}"
        rows.append({"term": each.text, "value": shown})
    return rows
