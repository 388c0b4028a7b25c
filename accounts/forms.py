"""The forms of signing in, in our own words."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password. The address counts in lower case, for the lock-out too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("E-mail"), _("Password")
        login.widget = forms.EmailInput(attrs={"autocomplete": "username"})
        password.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        password.help_text = ""

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).strip().lower()


def login_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Whom a sign-in is counted against (AXES_USERNAME_CALLABLE): the address as it was typed, in lower case.

    allauth passes it as `email`, Django as `username`, axes itself as `login`.
    """
    given = credentials or {}
    found = next((given[key] for key in ("email", "username", "login") if given.get(key)), "")
    if not found and request is not None:
        found = request.POST.get("login", "")
    return str(found).strip().lower()[:254]
