"""The forms of the minutes: the text with its agreements, an answer to an objection, who signs, a signed sheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints.desk.forms.actions import StaffFilesField, StaffForm, said_field, text_field
from complaints.form_fields import LineField, TextField
from surveys.forums.meetings.models.minutes import MinutesVersion, Signature
from surveys.forums.meetings.services.minutes import Agreed, Draft
from surveys.forums.models import Forum

FEWEST, SPARE, MOST = 5, 3, 30
LONGEST = 40_000


class MinutesForm(StaffForm):
    """`seen` is the number of the text that was on the screen. An agreement without a title is none."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    summary = TextField(
        label=_("What was said"),
        rows=14,
        max_length=LONGEST,
        help_text=_(
            "The course of the meeting, what was asked and answered. Name no participant: everybody reads it."
        ),
    )
    changes = text_field(
        _("What is different"), rows=2, required=False, help_text=_("Those who were there read this first.")
    )

    def __init__(
        self, *args: Any, forum: Forum, latest: MinutesVersion | None, asks_why: bool, **kwargs: Any
    ) -> None:
        agreed = list(latest.agreements.select_related("agency", "service")) if latest else []
        initial: dict[str, Any] = {
            "seen": latest.number if latest else 0,
            "summary": latest.summary if latest else "",
        }
        self.agencies = {each.code: each for each in [forum.agency, *forum.agencies.order_by("name")]}
        self.own_services = {each.code: each for each in forum.services.order_by("code")}
        self.rows = min(MOST, max(FEWEST, len(agreed) + SPARE))
        for place, each in enumerate(agreed, start=1):
            service = each.service.code if each.service else ""
            initial |= {f"title-{place}": each.title, f"agency-{place}": each.agency.code}
            initial[f"service-{place}"] = service
            self.agencies.setdefault(each.agency.code, each.agency)
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for place in range(1, self.rows + 1):
            self._add_row(place)
        if asks_why:
            self.order_fields(["seen", "changes"])
            self.fields["changes"].required = True
        else:
            del self.fields["changes"]

    def _add_row(self, place: int) -> None:
        number = {"n": place}
        self.fields[f"title-{place}"] = LineField(
            label=gettext("Agreement %(n)d") % number, max_length=150, required=False
        )
        self.fields[f"agency-{place}"] = forms.ChoiceField(
            label=gettext("Who keeps agreement %(n)d") % number,
            choices=[(code, each.local_name) for code, each in self.agencies.items()],
            required=False,
        )
        if self.own_services:
            offered = [("", gettext("none in particular"))]
            offered += [(code, each.name) for code, each in self.own_services.items()]
            self.fields[f"service-{place}"] = forms.ChoiceField(
                label=gettext("Service of agreement %(n)d") % number, choices=offered, required=False
            )

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        agreed = [
            Agreed(
                data[f"title-{place}"],
                self._agency(place),
                self.own_services.get(data.get(f"service-{place}", "")),
            )
            for place in range(1, self.rows + 1)
            if data.get(f"title-{place}")
        ]
        draft = Draft(data["summary"], agreed, data.get("changes", ""), data["seen"])
        return {"draft": draft}

    def _agency(self, place: int) -> Agency:
        first = next(iter(self.agencies))
        found: Agency = self.agencies[self.cleaned_data.get(f"agency-{place}") or first]
        return found


class AnswerForm(StaffForm):
    answer = said_field(_("Answer"), rows=3, help_text=_("It stands in the minutes. Name nobody."))


class RepresentativeForm(StaffForm):
    name = LineField(
        label=_("Name"), max_length=120, help_text=_("It stands on the minutes once they have signed.")
    )
    capacity = LineField(
        label=_("Speaks for"),
        max_length=120,
        help_text=_("For instance: users of the counter, a neighbourhood."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=200,
        required=False,
        help_text=_("With an address they sign by a link in a mail. Without one they sign on paper."),
    )


class PaperForm(StaffForm):
    side = forms.ChoiceField(label=_("Who signed"), choices=Signature.Side.choices, widget=forms.RadioSelect)
    name = LineField(label=_("Name"), max_length=120)
    capacity = LineField(label=_("Speaks for"), max_length=120)
    attachments = StaffFilesField(label=_("Scan of the signed sheet"), required=True)
