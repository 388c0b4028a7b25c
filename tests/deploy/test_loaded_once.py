"""The site is loaded once and forked: two processes would speak over a connection that it held. What it draws once is
for everybody."""

import importlib
import runpy

import pytest
from django.conf import settings
from django.db import connections
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

import config.start


def test_no_connection_outlives_the_loading_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("load_all", "look_at_the_ledger"):
        monkeypatch.setattr(config.start, name, lambda name=name: done.append(name))
    monkeypatch.setattr(connections, "close_all", lambda: done.append("closed"))
    wsgi = importlib.import_module("config.wsgi")
    done.clear()  # another test may have loaded it
    importlib.reload(wsgi)
    assert done == ["load_all", "look_at_the_ledger", "closed"]


def test_both_languages_and_all_addresses_are_loaded_without_the_database() -> None:
    config.start.load_all()  # this test may not ask it


def test_no_header_says_at_which_path_the_site_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn once would keep it for everybody, and not every proxy drops such a header."""
    # What it sets for the site must not be set for the tests that follow.
    for name in ("STATEMENT_TIMEOUT_SECONDS", "WEB_CONCURRENCY"):
        monkeypatch.setenv(name, "1")
    ours = runpy.run_path(str(settings.BASE_DIR / "config" / "gunicorn.py"))
    config = Config()
    config.set("forwarder_headers", ours["forwarder_headers"])
    sent = b"GET /x/ HTTP/1.1\r\nHost: lapor.example\r\nSCRIPT_NAME: /x\r\n\r\n"
    request = next(RequestParser(config, iter([sent]), ("127.0.0.1", 1)))
    assert [name for name, _value in request.headers] == ["HOST"]
