"""Taking in a file: shown first what it would bring, then taken in; the same file again brings nothing."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from complaints.csv_out import csv_response
from complaints.desk.access import staff_page
from complaints.desk.forms.actions import StaffForm
from surveys.questionnaires.asking import Questionnaire
from surveys.rights import SurveyAct
from surveys.rounds.answer_form import asked_in
from surveys.rounds.desk import found_or_404
from surveys.rounds.files import MOST_BYTES, SLIP, Taken, Unreadable, decode, read_file
from surveys.rounds.models import Channel, Round
from surveys.rounds.storing import store_many

PROBLEMS_SHOWN = 100
ORDERS = [
    ("regulation", gettext_lazy("U8 complaints, U9 facilities (as the regulation counts)")),
    ("questionnaire", gettext_lazy("U8 facilities, U9 complaints (as its questionnaire asks)")),
]


class FileForm(StaffForm):
    """The file, or its text once it was looked at."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("If the columns are called U1 to U9"),
        choices=ORDERS,
        initial="regulation",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(required=False, strip=False, max_length=MOST_BYTES, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("file"):
            try:
                cleaned["text"] = decode(cleaned["file"].read())
            except Unreadable as why:
                self.add_error("file", str(why))
        elif not cleaned.get("text"):
            self.add_error("file", _("Please choose a file."))
        return cleaned


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_import(request: HttpRequest, code: str) -> HttpResponse:
    row = found_or_404(request, code)
    if row.needs_token:  # each answer comes with its code: by link, or typed one by one
        raise Http404
    asked = asked_in(row)
    if request.method != "POST":
        return _page(request, row, asked, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, asked, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    text, order = form.cleaned_data["text"], form.cleaned_data["order"]
    try:
        taken = read_file(text, row, asked, is_flipped=order == "questionnaire")
    except Unreadable as why:
        form.add_error("file", str(why))
        return _page(request, row, asked, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if request.POST.get("go") != "store":
        return _page(request, row, asked, form, taken=taken)
    return _store(request, row, asked, form, taken)


def _store(
    request: HttpRequest, row: Round, asked: Questionnaire, form: FileForm, taken: Taken
) -> HttpResponse:
    given, digests = [line.given for line in taken.lines], [line.digest for line in taken.lines]
    try:
        is_taken = store_many(row, given, Channel.IMPORT, now=timezone.now(), digests=digests)
    except IntegrityError:
        form.add_error(None, _("Somebody took in the same lines just now. Please look again."))
        return _page(request, row, asked, form, status=HTTPStatus.CONFLICT)
    if not is_taken:
        form.add_error(None, _("The round takes no answers at the moment."))
        return _page(request, row, asked, form, status=HTTPStatus.CONFLICT)
    count = len(given)
    words = ngettext("%(count)d answer was taken in.", "%(count)d answers were taken in.", count)
    messages.success(request, words % {"count": count})
    return redirect("surveys:desk-round", row.code)


def _page(
    request: HttpRequest,
    row: Round,
    asked: Questionnaire,
    form: FileForm,
    *,
    taken: Taken | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    columns = [
        {"key": each.key, "text": each.text, "values": [(one.value, one.label) for one in each.options]}
        for each in asked
    ]
    context = {
        "row": row,
        "form": form,
        "taken": taken,
        "problems": taken.problems[:PROBLEMS_SHOWN] if taken else [],
        "more_problems": max(0, len(taken.problems) - PROBLEMS_SHOWN) if taken else 0,
        "columns": columns,
    }
    return render(request, "surveys/rounds/import.html", context, status=status)


@require_safe
@staff_page(SurveyAct.RUN_ROUNDS)
def desk_import_template(request: HttpRequest, code: str) -> HttpResponse:
    row = found_or_404(request, code)
    return csv_response(f"{row.code}.csv", [SLIP, *asked_in(row).by_key], [])
