"""When something goes wrong the visitor gets a page with a number, and the log that number and no secret."""

import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from config.logs import QuietFormatter

SECRET = "CNRY-9Q7X-secret"


def broken(request: HttpRequest, word: str) -> HttpResponse:
    local = word  # noqa: F841 - must not reach the log
    raise ValueError(f"could not use {word}")


urlpatterns = [path("broken/<str:word>/", broken), path("", include("config.urls"))]
handler500 = "config.views.server_error"
handler404 = "config.views.not_found"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def logged():
    """The lines that the log would hold."""
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep(logging.DEBUG)
    handler.setFormatter(QuietFormatter())
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lines
    for logger in loggers:
        logger.removeHandler(handler)


def test_an_error_in_a_view_gives_a_page_and_a_log_line_with_the_same_number(logged, in_english):
    client = Client(raise_request_exception=False)
    answer = client.get(f"/broken/{SECRET}/?q={SECRET}")
    body = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in body
    number = re.search(r'<span class="code">([0-9a-f]{8})</span>', body)
    assert number
    everything = "\n".join(logged)
    assert number[1] in everything
    assert "ValueError at " in everything
    assert "test_error_pages.py" in everything
    for text in (everything, body):
        assert "Traceback" not in text
        assert "could not use" not in text
    assert SECRET not in everything
    assert "/broken/" not in everything


@pytest.mark.parametrize("path", [f"/{SECRET}/", f"/accounts/{SECRET}/?receipt={SECRET}"])
def test_a_missing_page_leaves_no_address_in_the_log(logged, path):
    assert Client().get(path).status_code == 404
    assert SECRET not in "\n".join(logged)


def test_a_strange_host_leaves_no_name_in_the_log(logged):
    assert Client().get("/", headers={"Host": f"{SECRET}.example"}).status_code == 400
    assert SECRET not in "\n".join(logged)


def test_health_says_ok_and_nothing_else():
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


@pytest.mark.parametrize("name", ["", "django"])
def test_the_log_that_is_really_written_is_the_quiet_one(name):
    handlers = [
        handler for handler in logging.getLogger(name).handlers if type(handler) is logging.StreamHandler
    ]
    assert handlers
    assert all(isinstance(handler.formatter, QuietFormatter) for handler in handlers)


@pytest.mark.parametrize("address", ["/%00", "/?q=%00", "/complaints/track/%00", "/nowhere/", "/staff/"])
def test_every_answer_carries_the_headers_that_guard_it(address):
    """Also what is refused before anything looks at it."""
    usual, answer = Client().get("/"), Client().get(address)
    guards = {
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Permissions-Policy",
        "X-Frame-Options",
        "Cross-Origin-Opener-Policy",
    }
    assert guards <= usual.headers.keys()
    assert guards - answer.headers.keys() == set(), answer.status_code
