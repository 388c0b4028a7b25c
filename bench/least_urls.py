"""The one page of the least site, for whoever is signed in or for anybody, and those that the middleware names."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bench.bare_pages import page


def words(request: HttpRequest, code: str) -> HttpResponse:
    assert request.user.is_authenticated or not request.COOKIES
    return page(request, code)


urlpatterns = [
    path("page/<str:code>/", words),
    path("accounts/", include("accounts.urls")),
]
