"""Signing in by the city's own identity provider (OpenID Connect). Off unless OIDC_SERVER_URL is set.

Who may sign in, and as what, stays this system's: an administrator makes the account, and its role, agency and second
step are ours. The provider only says who somebody is (docs/decisions/0100-people-by-file-and-by-the-citys-sign-in.md).
"""

from secrets import token_urlsafe
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User

PROVIDER = "city"


class CitySignIn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Nobody signs up. An account is linked once, by an address that the provider has verified and that is the
    account's; from then on by the provider's own name for the person, and the address still has to agree."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Called before anything is stored: what the provider tells of a person is not kept."""
        sociallogin.account.extra_data = {}
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Raises ImmediateHttpResponse where this is nobody who works here."""
        if sociallogin.state.get("process", "login") != "login":
            refuse(request)  # linking by hand would ask for no address
        addresses = verified_addresses(sociallogin)
        if sociallogin.is_existing:
            if sociallogin.user.email not in addresses:
                refuse(request)
            return
        user = User.objects.filter(email__in=addresses, is_active=True).first()
        if user is None or not link(request, sociallogin, user):
            refuse(request)

    def on_authentication_error(self, *args: Any, **kwargs: Any) -> None:
        """The page says it (templates/socialaccount/); what the provider said may name a person, and is not logged."""


def verified_addresses(sociallogin: Any) -> list[str]:
    """Some providers write the claim as a word."""
    return [
        each.email.strip().lower()
        for each in sociallogin.email_addresses
        if each.verified is True or each.verified == "true"
    ]


def link(request: HttpRequest, sociallogin: Any, user: User) -> bool:
    """False where the account belongs to another person of the provider already (an address that was given away), or is
    not open under this address any more."""
    with transaction.atomic():
        # As it is now: linking writes the whole row, and somebody may have been moved, renamed or closed meanwhile.
        now = User.objects.select_for_update().filter(pk=user.pk, email=user.email, is_active=True).first()
        if now is None or SocialAccount.objects.filter(user=now).exists():
            return False
        user = now
        if not user.has_usable_password():
            # They can sign in from now on, and count as somebody who can; nobody knows by what word.
            user.set_password(token_urlsafe(48))
        sociallogin.connect(request, user)
    return True


def refuse(request: HttpRequest) -> NoReturn:
    raise ImmediateHttpResponse(refused(request))


def refused(request: HttpRequest) -> HttpResponse:
    """The same for whatever reason, so that nobody learns who has an account."""
    return render(request, "socialaccount/refused.html", status=403)
