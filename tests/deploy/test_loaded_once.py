"""The site is loaded once and forked: two processes would speak over a connection that it held."""

import importlib

import pytest
from django.db import connections

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
