"""`script/manage` reads a city's settings as systemd does."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError

import manage
from tests.test_docs import ROOT

SCRIPT = (ROOT / "script" / "manage").read_text(encoding="utf-8")


def told(tmp_path: Path, settings: str) -> subprocess.CompletedProcess[str]:
    """What a command sees, with /etc/tuntas and the command's program put elsewhere."""
    (tmp_path / "kupang.env").write_text(settings)
    program = SCRIPT.replace("/etc/tuntas", str(tmp_path)).replace(".venv/bin/python manage.py", "env")
    program = program.replace('"$user" ]', '"$(id -un)" ]')
    (tmp_path / "script").mkdir(exist_ok=True)
    script = tmp_path / "script" / "manage"
    script.write_text(program)
    return subprocess.run(["bash", str(script), "kupang", "-0"], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=plain", "plain"),
        ("NAME=", ""),
        ("NAME=a b  ", "a b"),
        ('NAME="Tuntas <a@b.example>"', "Tuntas <a@b.example>"),
        ("NAME='$HOME & more'", "$HOME & more"),
        ("NAME=smtp://u:p$x&y@host", "smtp://u:p$x&y@host"),
        ("NAME=$(touch /tmp/no)`id`", "$(touch /tmp/no)`id`"),
        ("# NAME=1\n; NAME=2\n\nNAME=3", "3"),
    ],
)
def test_a_value_is_what_systemd_would_make_of_it(tmp_path: Path, line: str, value: str) -> None:
    said = dict(pair.split("=", 1) for pair in told(tmp_path, line).stdout.split("\0") if "=" in pair)
    assert said["NAME"] == value
    assert said["CITY"] == "kupang" and said["DATA_DIR"] == "/var/lib/tuntas/kupang"


@pytest.mark.parametrize("line", ["export NAME=1", "NAME = 1", "name=1", "NAME=a\\\nb", "rm -rf /"])
def test_a_line_that_is_no_setting_is_refused(tmp_path: Path, line: str) -> None:
    said = told(tmp_path, line)
    assert said.returncode == 1 and "NAME=VALUE" in said.stderr


def test_a_city_without_settings_is_told(tmp_path: Path) -> None:
    told(tmp_path, "")
    (tmp_path / "kupang.env").unlink()
    script = tmp_path / "script" / "manage"
    said = subprocess.run(
        ["bash", str(script), "kupang", "check"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 1 and "is not there" in said.stderr


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes every command fail with what the database says."""

    def fail(said: str, *arguments: str) -> None:
        def failed(arguments: list[str]) -> None:
            raise OperationalError(said)

        monkeypatch.setattr(manage, "execute_from_command_line", failed)
        monkeypatch.setattr(sys, "argv", ["manage.py", "import_complaints", *arguments])

    return fail


def test_a_database_that_is_locked_or_away_is_told_in_a_sentence_and_by_the_exit_status(
    failing: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing("database is locked")
    with pytest.raises(SystemExit) as ended:
        manage.main()
    assert ended.value.code == 75
    assert "cannot be used just now: database is locked" in capsys.readouterr().err


@pytest.mark.parametrize(
    "told", [("database is locked", "--traceback"), ("no such table: accounts_user",)], ids=str
)
def test_whoever_asks_for_it_and_what_to_try_again_does_not_mend_is_shown_whole(
    failing: Callable[..., None], told: tuple[str, ...]
) -> None:
    failing(*told)
    with pytest.raises(OperationalError):
        manage.main()
