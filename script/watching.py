"""What script/mutate hangs into pytest: a database that is there already, the chosen tests in their order, coverage."""

import json
import shutil
import signal
import sqlite3
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest

GRACE, TIMES = 30, 5  # seconds beside so many times what a test took, before it is given up as endless


@dataclass
class Plan:
    """Which test takes how long, and which tests run which line of which file; "" stands for an import."""

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[str]]]
    tree: Path
    caught: set[str] = field(default_factory=set)  # tests that have caught a mutant

    def ranked(self, tests: Iterable[str]) -> list[str]:
        """Those first that have caught one already, then the quickest."""
        return sorted(tests, key=lambda test: (test not in self.caught, self.seconds[test], test))

    def tests_for(self, file: str, lines: Iterable[int], folders: list[str]) -> list[str]:
        """The tests that run one of these lines; all in the folders where it runs on import."""
        by_line = self.lines.get(str(self.tree / file), {})
        found = {test for line in lines for test in by_line.get(str(line), [])}
        if "" in found:
            places = tuple(f"tests/{folder}/" for folder in folders)
            found |= {test for test in self.seconds if test.startswith(places)}
        return self.ranked(found - {""})


class Watching:
    """Runs the chosen tests, on a copy of the database file once there is one. One that does not end ends it all."""

    def __init__(self, database: Path, tests: list[str], seconds: dict[str, float] | None = None) -> None:
        self.database, self.rank = database, {test: at for at, test in enumerate(tests)}
        self.failed = database.with_name("failed.txt")
        self.seconds = seconds or {}

    def run(self, options: list[str]) -> int:
        if self.seconds:
            signal.alarm(GRACE * TIMES)  # until the first test, for what is imported
        return int(pytest.main(options, plugins=[self]))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.rank:
            chosen = [item for item in items if item.nodeid in self.rank]
            items[:] = sorted(chosen, key=lambda item: self.rank[item.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        signal.alarm(round(GRACE + TIMES * self.seconds.get(item.nodeid, 0)))
        done = yield
        signal.alarm(0)
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.write_text(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        done = yield
        if fixturedef.argname == "django_db_modify_db_settings" and self.database.exists():
            shutil.copy(self.database, _test_database())
        elif fixturedef.argname == "django_db_setup" and not self.database.exists():
            with sqlite3.connect(_test_database()) as made, sqlite3.connect(self.database) as kept:
                made.backup(kept)
        return done


def _test_database() -> str:
    from django.conf import settings  # the tree's own, which this process has by now

    return str(settings.DATABASES["default"]["TEST"]["NAME"])


class Measuring(Watching):
    """Runs all tests, and writes down what `Plan` holds."""

    def __init__(self, database: Path, files: list[str], told: Path) -> None:
        super().__init__(database, [])
        self.told = told
        self.coverage = coverage.Coverage(data_file=None, include=files, config_file=False)

    def run(self, options: list[str]) -> int:
        self.coverage.start()
        code = super().run(options)
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {file: data.contexts_by_lineno(file) for file in data.measured_files()}
        self.told.write_text(json.dumps({"seconds": self.seconds, "lines": lines}))
        return code

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self.coverage.switch_context(item.nodeid)
        begun = time.monotonic()
        done = yield
        self.seconds[item.nodeid] = time.monotonic() - begun
        return done
