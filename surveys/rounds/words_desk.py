"""What people wrote into a round, in their own words; and erasing such a text."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import role_of
from complaints.desk.access import refusals, staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.form_fields import LineField
from complaints.permissions import role_may
from complaints.services.change import NotPossible
from surveys.questionnaires.asking import Asked
from surveys.rights import SurveyAct
from surveys.rounds.answer_form import asked_in
from surveys.rounds.erasing import (
    SHORTEST_SEARCH,
    Text,
    erase_text,
    may_read,
    rounds_of,
    texts_of,
    texts_with,
)
from surveys.rounds.models import Round

SHOWN, MOST_FOUND = 50, 200


class SearchForm(StaffForm):
    q = LineField(
        label=gettext_lazy("Words of the text"),
        max_length=100,
        min_length=SHORTEST_SEARCH,
        help_text=gettext_lazy(
            "As the person remembers them, four letters and more. Also while the round is open."
        ),
    )


def _found(request: HttpRequest, code: str) -> Round:
    rounds = rounds_of(staff(request)).select_related("agency", "service", "version__survey")
    row: Round | None = rounds.filter(code=code.upper()).first()
    if row is None:
        raise Http404
    return row


@never_cache
@require_safe
@staff_page(SurveyAct.SEE_RESULTS)
def desk_words(request: HttpRequest, code: str) -> HttpResponse:
    row = _found(request, code)
    may_erase = role_may(role_of(staff(request)), SurveyAct.ERASE_WORDS)
    form = SearchForm(request.GET if may_erase and "q" in request.GET else None)
    search = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    is_readable = may_read(row)
    number = _number(request.GET.get("page", ""))
    if search:
        texts, more = texts_with(row, search)[:MOST_FOUND], False
    else:
        texts = texts_of(row, number * SHOWN, SHOWN) if is_readable else []
        more = len({text.response for text in texts}) == SHOWN  # the last page may be empty
    asked = asked_in(row).by_key
    context: dict[str, Any] = {
        "row": row,
        "texts": [_shown(each, asked) for each in texts],
        "previous_url": f"?page={number - 1}" if number and not search else "",
        "next_url": f"?page={number + 1}" if more else "",
        "is_readable": is_readable,
        "may_erase": may_erase,
        "form": form if may_erase else None,
        "search": search,
    }
    return render(request, "surveys/rounds/words.html", context)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _shown(text: Text, asked: Mapping[str, Asked]) -> dict[str, Any]:
    hidden = [{"name": "response", "value": str(text.response)}, {"name": "key", "value": text.key}]
    return {"text": text, "question": asked[text.key].text if text.key in asked else "", "hidden": hidden}


@require_POST
@staff_page(SurveyAct.ERASE_WORDS)
def desk_erase_text(request: HttpRequest, code: str) -> HttpResponse:
    row = _found(request, code)
    key, response = request.POST.get("key", ""), request.POST.get("response", "")
    if not response.isdecimal() or len(response) > 20:
        raise Http404
    try:
        with refusals():
            erase_text(row, int(response), key, actor=staff(request), now=timezone.now())
    except NotPossible as why:
        messages.warning(request, str(why))
    else:
        messages.success(
            request, _("The text is erased. The answer counts as before; that a text was here stays.")
        )
    return redirect("surveys:desk-words", row.code)
