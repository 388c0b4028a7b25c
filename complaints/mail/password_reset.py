"""Asking for a new password. The same happens for everybody, so that nobody learns who has an account."""

from datetime import datetime

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Message

AGAIN_AFTER = 300  # seconds in which a second request for the same address changes nothing


class PasswordResetForm(forms.Form):
    """allauth's form for a forgotten password (ACCOUNT_FORMS)."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        email = str(self.cleaned_data["email"])
        ask_password_reset(email, now=timezone.now())
        return email


def ask_password_reset(email: str, *, now: datetime) -> None:
    """Writes one outbox row, for a known, a closed and an unknown address alike: one SELECT, one INSERT.

    The worker makes the link when it sends, and drops rows that have no account to go to. An address
    that is not an account's is not stored, only a keyed hash of it.
    """
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    mark = salted_hmac("complaints.password_reset", address, algorithm="sha256").hexdigest()[:32]
    message = draft_message(
        Message.Template.PASSWORD_RESET, case=None, cause=str(int(now.timestamp()) // AGAIN_AFTER), due_at=now
    )
    message.user = user
    message.dedupe_key = f"{message.template}:-:{mark}:{message.dedupe_key.rsplit(':', 1)[-1]}"
    store_messages([message])
