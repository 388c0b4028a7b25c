"""Rows that the tests of one module share: made once, read or changed by each test, and after each as they were.

@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Case:
    return module_rows.make(make_case)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]

@pytest.fixture
def case(made: Case, db: None) -> Case:
    return deepcopy(made)  # what one test does to the object is not seen by the next
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import Any, TypeVar

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.shared import NOON

Made = TypeVar("Made")


class ModuleRows:
    """What is made here is part of one transaction around all tests of the module."""

    def __init__(self, blocker: DjangoDbBlocker, folder: Path) -> None:
        self._blocker, self._folder = blocker, folder
        (folder / "media").mkdir()

    def make(self, build: Callable[..., Made], *args: Any, **fields: Any) -> Made:
        places = {"MEDIA_ROOT": self._folder / "media", "LEDGER_DIR": self._folder / "ledger"}
        with self._blocker.unblock(), override_settings(**places), time_machine.travel(NOON, tick=False):
            cache.clear()  # a name that the process remembers may be of another test's person
            return build(*args, **fields)

    def copy_files(self, into: Path) -> None:
        """Each test has a copy of the files that belong to the rows, and may spoil it."""
        copytree(self._folder, into, dirs_exist_ok=True)

    @contextmanager
    def lasting(self) -> Iterator[None]:
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]  # as in Django's TestCase: durable blocks may begin
        with self._blocker.unblock():
            outer.__enter__()
        yield
        with self._blocker.unblock():
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def check_that_all_share(items: list[pytest.Item]) -> None:
    """The rows are there for each test of the module, whichever is the first to run, and none commits anything."""
    for item in items:
        marker, fixtures = item.get_closest_marker("django_db"), set(getattr(item, "fixturenames", ()))
        assert "module_rows" in fixtures or not marker, f"{item.name} would sometimes see the module's rows"
        commits = {"live_server", "transactional_db"} & fixtures or (
            marker and marker.kwargs.get("transaction")
        )
        assert not commits, f"{item.name} would run inside the module's transaction"
