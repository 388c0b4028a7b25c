"""What every test may ask for: a database and folders of its own, and windows of a real browser."""

import gc
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from unittest import TestCase

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.middleware import csrf
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from complaints.public import throttle
from surveys.rounds import flags
from tests.browser import PHONE, launch_options, watch
from tests.emptied import empty_tables
from tests.module_rows import ModuleRows, check_that_all_share
from tests.one_migration import copied_database
from tests.shared import NOON, PATIENCE

# Playwright keeps an event loop running in the test's thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=PATIENCE * 1000)
gc.set_threshold(200_000, 20, 50)  # a tenth of the tests' time went into looking for garbage

hypothesis_settings.register_profile(
    "dev",
    deadline=None,
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.register_profile("ci", hypothesis_settings.get_profile("dev"), derandomize=True)
hypothesis_settings.register_profile(  # one round of `script/test --search`
    "search", hypothesis_settings.get_profile("dev"), max_examples=400, stateful_step_count=50
)
hypothesis_settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev")
)

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "module_rows", "live_server"}
BROWSER_FIXTURES = {"browser_page", "new_window", "page", "context", "browser"}


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Marks what needs a browser, and what asks no database: script/test leaves them out of its second round. The
    longest come first, so that no process waits for another at the end."""
    for item in items:
        taken = set(getattr(item, "fixturenames", ()))
        if BROWSER_FIXTURES & taken:
            item.add_marker("browser")
        if (
            not DATABASE_FIXTURES & taken
            and not item.get_closest_marker("django_db")
            and not _is_unittest(item)
        ):
            item.add_marker("pure")
    yield  # pytest-django puts what commits behind all else, however long it takes
    slow, long = ({item.path for item in items if item.get_closest_marker(name)} for name in ("slow", "long"))
    # Whole files, whose rows would be made twice else; then what waits for a browser.
    items.sort(
        key=lambda item: (
            item.path not in slow,
            item.path not in long,
            not item.get_closest_marker("browser"),
        )
    )


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # what was loaded stays to the end


def _is_unittest(item: pytest.Item) -> bool:
    return issubclass(getattr(item, "cls", None) or object, TestCase)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """In place of pytest-django's, which migrates in each process."""
    process, folder = os.environ.get("PYTEST_XDIST_WORKER"), tmp_path_factory.getbasetemp()
    database = copied_database(folder.parent if process else folder, process or "own")
    with django_db_blocker.unblock():
        database.__enter__()
    yield
    with django_db_blocker.unblock():
        database.__exit__(None, None, None)


@pytest.fixture(scope="module")
def module_rows(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ModuleRows]:
    """Makes rows once for all tests of a module: see tests/module_rows.py."""
    check_that_all_share([item for item in request.session.items if item.path == request.path])
    rows = ModuleRows(django_db_blocker, tmp_path_factory.mktemp("module"))
    with rows.lasting():
        yield rows


@pytest.fixture(autouse=True)
def same_noon(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock stands still at one noon, whatever the machine's says: no second and no midnight passes between
    two requests. A browser goes by the machine's clock, and so must its site."""
    if request.node.get_closest_marker("browser"):
        yield
    else:
        with time_machine.travel(NOON, tick=False):
            yield


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """In place of `tmp_path` for what every test has: that counts and links its folders, which takes longer."""
    base, number = tmp_path_factory.mktemp("own"), count()

    def make() -> Path:
        folder = base / str(next(number))
        folder.mkdir()
        return folder

    return make


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest, settings: Settings, new_folder: Callable[[], Path]) -> None:
    """Files that a test uploads or makes are nobody else's; pytest tidies them up."""
    folder = new_folder()
    settings.MEDIA_ROOT = folder / "media"
    settings.MEDIA_ROOT.mkdir()
    settings.LEDGER_DIR = folder / "ledger"
    if "module_rows" in request.fixturenames:
        request.getfixturevalue("module_rows").copy_files(folder)


@pytest.fixture
def in_english(settings: Settings) -> Iterator[None]:
    """Pages, messages and sentences in English, for tests that read them: what the code itself says."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied_past_guards() -> Iterator[None]:
    """In place of Django's, which the history's guards refuse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_tables())
        yield


@pytest.fixture(scope="session", autouse=True)
def tokens_that_spell_no_name() -> Iterator[None]:
    """Chance once wrote "Ani" into the token of a form, on a page of which a test said that it doesn't name her."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "CSRF_ALLOWED_CHARS", "qxzQXZ")
        yield


@pytest.fixture(autouse=True)
def as_at_first() -> None:
    """Each test begins with nothing remembered, no rate limit used up, and in the language of the city: a page leaves
    its own behind."""
    translation.deactivate()
    cache.clear()
    throttle.forget()
    flags.forget()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | launch_options()


@pytest.fixture
def browser_problems() -> Iterator[list[str]]:
    """What this test's pages did that no page may do. A test that provokes it on purpose clears the list."""
    problems: list[str] = []
    yield problems
    assert not problems, "\n".join(problems)


@pytest.fixture
def new_window(
    live_server: LiveServer, new_context: Callable[..., BrowserContext], browser_problems: list[str]
) -> Callable[..., Page]:
    """Opens a window with cookies of its own on the live site, so that one test can play several people.

    Paths are relative to the site: `new_window(1280, 900).goto("/staff/")`. Further arguments are those of
    Playwright's `new_context`: `java_script_enabled=False`, `locale="en-GB"`, `color_scheme="dark"`.
    """

    def open_window(width: int = PHONE[0], height: int = PHONE[1], **options: Any) -> Page:
        defaults = {"locale": "id-ID", "timezone_id": django_settings.TIME_ZONE, "reduced_motion": "reduce"}
        context = new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, **(defaults | options)
        )
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        watch(page, live_server.url, browser_problems)
        return page

    return open_window


@pytest.fixture
def browser_page(request: pytest.FixtureRequest, new_window: Callable[..., Page]) -> Page:
    """A window on the live site, a phone's unless `@pytest.mark.viewport(width, height)` says otherwise."""
    marker = request.node.get_closest_marker("viewport")
    return new_window(*marker.args, **marker.kwargs) if marker else new_window()
