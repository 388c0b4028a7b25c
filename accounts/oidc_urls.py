"""The city's own sign-in: there where it has one, since its views load an HTTP client."""

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import re_path

urlpatterns = [
    re_path(r"^(?P<provider_id>city)/login/$", oidc.login, name="openid_connect_login"),
    re_path(r"^(?P<provider_id>city)/login/callback/$", oidc.callback, name="openid_connect_callback"),
]
