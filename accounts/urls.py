"""Signing in and one's own account: of allauth's paths those that staff need. Nobody signs up, and the
address belongs to the administrator."""

from allauth.account import views as account
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.oidc import refused

OIDC = "allauth.socialaccount.providers.openid_connect"  # where the city has a sign-in of its own


def signup_closed(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signup_closed.html", status=403)


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="mfa_index")),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", signup_closed, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    *([path("oidc/", include("accounts.oidc_urls"))] if apps.is_installed(OIDC) else []),
    path("oidc/refused/", refused, name="socialaccount_login_error"),
    path(
        "oidc/cancelled/",
        RedirectView.as_view(pattern_name="account_login"),
        name="socialaccount_login_cancelled",
    ),
    path("oidc/signup/", signup_closed, name="socialaccount_signup"),
    path("oidc/", RedirectView.as_view(pattern_name="mfa_index"), name="socialaccount_connections"),
]
