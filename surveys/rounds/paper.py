"""Slips of paper, typed in by the keyboard: one form after the other, each slip once."""

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
from complaints.desk.access import staff_page
from complaints.form_fields import LineField
from surveys.questionnaires.answering import AnswersForm
from surveys.questionnaires.asking import Questionnaire
from surveys.rights import SurveyAct
from surveys.rounds import flags
from surveys.rounds.answer_form import asked_in
from surveys.rounds.desk import found_or_404
from surveys.rounds.models import Channel, Response, Round
from surveys.rounds.progress import progress_of
from surveys.rounds.storing import Given, Stored, store
from surveys.rounds.tokens import digest_of

SLIP = "slip_number"


class PaperForm(AnswersForm):
    """The slip's number, then the questions; nothing has to be answered, since a slip may have gaps."""

    def __init__(self, asked: Questionnaire, *args: Any, **options: Any) -> None:
        super().__init__(asked, *args, needs_required=False, auto_id="p-%s", **options)
        self.fields[SLIP] = LineField(
            label=gettext_lazy("Number of the slip"),
            max_length=40,
            widget=forms.TextInput({"inputmode": "numeric"}),
        )

    @property
    def slip_field(self) -> Any:
        return self[SLIP]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The next slip; beside it the one that was typed last."""
    row, now = found_or_404(request, code), timezone.now()
    asked = asked_in(row)
    is_taking = Round.objects.taking(day_of(now)).filter(pk=row.pk).exists()
    last = request.GET.get("last", "")[:40]
    if request.method != "POST":
        form = PaperForm(asked, initial={SLIP: after(last)})
        return _page(request, row, form, last=last, is_taking=is_taking)
    form = PaperForm(asked, request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, row, form, last=last, is_taking=is_taking, status=status)
    slip, reading = form.cleaned_data[SLIP], form.reading
    found = flags.of_answers(asked, reading.answers)
    given = Given(reading.answers, reading.words, slip=slip, flags=tuple(found))
    stored = store(row, given, Channel.PAPER, now=now, digest=digest_of("slip", slip, row))
    if stored is Stored.OVER:
        form.add_error(None, _("The round takes no slips any more."))
    elif stored is not Stored.NEW and not is_same(row, given):
        form.add_error(SLIP, _("This slip has been typed already, with other answers."))
    if form.errors:
        return _page(request, row, form, last=last, is_taking=is_taking, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Slip %(slip)s is saved.") % {"slip": slip})
    return redirect(f"{reverse('surveys:desk-paper', args=[row.code])}?{urlencode({'last': slip})}")


def is_same(row: Round, given: Given) -> bool:
    """Whether the answer that this slip has is this one: the form was sent twice."""
    return Response.objects.filter(round=row, slip=given.slip, answers=given.answers).exists()


def after(slip: str) -> str:
    """The number that probably comes next, with as many noughts before it."""
    head = slip.rstrip("0123456789")
    digits = slip[len(head) :]
    return f"{head}{int(digits) + 1:0{len(digits)}}" if digits else ""


def _page(
    request: HttpRequest,
    row: Round,
    form: PaperForm,
    *,
    last: str,
    is_taking: bool,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "is_taking": is_taking,
        "last": last,
        "last_answers": _answers_of(row, form.asked, last) if last else [],
        "progress": progress_of(row),
    }
    return render(request, "surveys/rounds/paper.html", context, status=status)


def _answers_of(row: Round, asked: Questionnaire, slip: str) -> list[dict[str, Any]]:
    """What was typed, in words, to be held against the paper."""
    found = (
        Response.objects.filter(round=row, slip=slip, channel=Channel.PAPER).select_related("words").first()
    )
    if found is None:
        return []
    words = found.words.words if hasattr(found, "words") else {}
    rows = []
    for each in asked:
        value = found.answers.get(each.key, words.get(each.key))
        values = value if isinstance(value, list) else [value]
        shown = ", ".join(each.label_of(one) for one in values) if value is not None else "–"
        if value is not None and each.question.type == "scale":
            shown = f"{value} · {shown}"
        rows.append({"term": each.text, "value": shown})
    return rows
