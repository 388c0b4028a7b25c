"""The form by which somebody is written down as away."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, User
from complaints.desk.forms.actions import StaffForm
from complaints.left_alone import LeavesAlone
from complaints.services.absences import deputies_of, people_of


class AbsenceForm(StaffForm):
    """For oneself there is nobody to choose; who may write it down for others chooses first whose it is, and the
    deputies are those who can do that work."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Who is away"), empty_label=None)
    first_day = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who stands in"),
        required=False,
        empty_label=_("nobody"),
        help_text=_(
            "Somebody with the same role at the same agency. Without a deputy the next in line is told."
        ),
    )
    leave_alone = forms.BooleanField(
        label=_("I know whom this leaves alone"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, actor: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_of(actor)
        others = {other.pk for person in people for other in deputies_of(person)}
        self._choose("user", people)
        self._choose("deputy", sorted(User.objects.filter(pk__in=others), key=str))
        self.fields["user"].initial = actor.pk
        if len(people) == 1:
            self.fields["user"].widget = forms.HiddenInput()
        for name in ("first_day", "last_day"):
            self.fields[name].widget.attrs["min"] = today.isoformat()

    def asking(self, service: Callable[..., Absence]) -> Callable[..., Absence]:
        """The service, after whose question the form has something to tick."""

        def ask(**arguments: Any) -> Absence:
            try:
                return service(**arguments)
            except LeavesAlone:
                self.fields["leave_alone"].widget = forms.CheckboxInput()
                raise

        return ask

    def _choose(self, name: str, people: list[User]) -> None:
        field: Any = self.fields[name]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people]).order_by("name")
        field.label_from_instance = _who


def _who(user: User) -> str:
    agency = user.agency.short_name if user.agency else ""
    return " · ".join(part for part in (str(user), str(user.get_role_display()), agency) if part)
