"""Whom a change in the administration leaves alone: asked before it is made, whatever it is.

The change is tried and taken back; what is missing after it and was not before, it leaves. What there is to be missing,
apps above say (`STANDINGS`, from their registrations.py): this app knows no case and no rule.
"""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

Missing = dict[str, str]  # what is missing by a code of its own → in words
STANDINGS: list[Callable[[datetime], Missing]] = []


def what_it_leaves(change: Callable[[], object]) -> list[str]:
    """In words, what would be missing after `change`; nothing of it stays."""
    now = timezone.now()
    with transaction.atomic():
        before = _missing(now)
        change()
        after = _missing(now)
        transaction.set_rollback(True)
    return list(dict.fromkeys(words for code, words in after.items() if code not in before))


def _missing(now: datetime) -> Missing:
    return {code: words for standing in STANDINGS for code, words in standing(now).items()}


def take_over(successor: User, role: str, agency_id: int | None, seat: str) -> None:
    """Gives somebody the place that another leaves. Signed in with the old role, they are out at their next request."""
    successor.role, successor.seat = role, seat
    successor.agency_id = agency_id
    successor.save(update_fields=["role", "agency", "seat"])


class CarefulForm(forms.ModelForm):  # type: ignore[type-arg]
    """Does not save what leaves somebody alone unless who types it says that they know."""

    leave_alone = forms.BooleanField(
        label=_("I know whom this leaves alone"),
        required=False,
        help_text=_("Asked for only where it does: the page says so first."),
    )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or self.instance.pk is None or self.cleaned_data.get("leave_alone"):
            return
        left = what_it_leaves(self.make_change)
        if left:
            again = _("Choose who takes over, or tick that you know.")
            self.add_error(None, ValidationError([*left, again]))

    def make_change(self) -> None:
        """What will be saved, all of it."""
        self.instance.save()
