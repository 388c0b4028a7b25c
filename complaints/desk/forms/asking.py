"""The question that stands between a case and an agency which its words complain about."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from complaints.accused import SentAnyway, in_words, is_strong, named_in
from complaints.models import Complaint
from complaints.recusal import recusal_of

INSPECTORATE = "inspectorate"  # an answer beside those of SentAnyway: it goes there instead


def answer_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Is the report about them?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the report is about them.")},
    )


def ask_where_named(form: forms.Form, case: Complaint, codes: Iterable[str], *, may_redirect: bool) -> None:
    """Keeps the field `answer` where the words name one of the agencies that were chosen, else takes it away.

    `may_redirect`: offers the inspectorate in their place.
    """
    wanted = [code for code in codes if code]
    named = named_in(case, Agency.objects.filter(code__in=wanted), timezone.now()) if wanted else {}
    if not named:
        del form.fields["answer"]
        return
    field: Any = form.fields["answer"]
    offered: list[Any] = list(SentAnyway.choices)
    if may_redirect and inspectorate_for(case, wanted) is not None:
        offered.insert(1, (INSPECTORATE, _("It is about them: send it to the inspectorate instead")))
    field.choices = offered
    who = {"who": in_words(named)}
    words = _("The words name %(who)s.") if is_strong(named) else _("The words may complain about %(who)s.")
    way = _(
        "Whoever a report is about does not get it: it goes to the inspectorate, or you name them on this page under "
        "“Name whom it is about” and choose another agency."
    )
    field.help_text = f"{words % who} {way}"


def inspectorate_for(case: Complaint, but: Iterable[str]) -> Agency | None:
    """The inspectorate that can take the case and is not named itself."""
    aside, recusal = list(but), recusal_of(case)
    seats = Agency.objects.filter(is_oversight=True, is_active=True, is_external=False).exclude(
        code__in=aside
    )
    able = [seat for seat in seats.order_by("pk") if not recusal.blocks_agency(seat.pk, case.pk)]
    return next((seat for seat in able if not named_in(case, [seat], timezone.now())), None)
