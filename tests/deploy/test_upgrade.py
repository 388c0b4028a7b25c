"""`script/upgrade`: a copy before anything is changed, a signed tag or none, and a way back. Over a checkout whose
programs only write down that they were called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAYS = '#!/bin/sh\necho "$*" >>"$CALLS"\n'
MANAGE = SAYS + (
    'case "$2" in backup) [ -z "$FULL" ] || exit 1; echo \'{"folder": "/var/backups/kupang/tuntas-kupang-1"}\';; '
    'migrate) [ -z "$BROKEN" ] || exit 1;; esac\n'
)
PYTHON = (
    '#!/bin/sh\ncase "$1" in -c) shift; exec python3 -c "$@";; esac\n'
    + SAYS.partition("\n")[2]
    + '[ -z "$NO_PACKAGES" ]\n'
)

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="units and users are root's")


def git(place: Path, *arguments: str) -> str:
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    done = subprocess.run(["git", *name, *arguments], cwd=place, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout at its first release, with a second one to go to."""
    code, etc = tmp_path / "code", tmp_path / "etc"
    for path, text in {
        "script/manage": MANAGE,
        ".venv/bin/python": PYTHON,
        ".venv/bin/pybabel": SAYS,
    }.items():
        (code / path).parent.mkdir(parents=True, exist_ok=True)
        (code / path).write_text(text)
        (code / path).chmod(0o755)
    shutil.copy(ROOT / "script/upgrade", code / "script/upgrade")
    (code / "locale/id/LC_MESSAGES").mkdir(parents=True)
    (code / "locale/id/LC_MESSAGES/django.po").touch()
    etc.mkdir()
    (etc / "kupang.env").touch()
    git(code, "init", "-q")
    for release in ("v1", "v2", "v3"):
        (code / "release").write_text(release)
        git(code, "add", "-A")
        git(code, "commit", "-qm", release)
        git(code, "tag", release)
    git(code, "checkout", "-q", "v1")
    git(code, "remote", "add", "origin", str(code))
    monkeypatch.setenv("TUNTAS_ETC", str(etc))
    monkeypatch.setenv("TUNTAS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    return code


def upgrade(place: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    program = [str(place / "script/upgrade"), *arguments]
    return subprocess.run(program, env=os.environ | env, capture_output=True, text=True, check=False)


def called(place: Path) -> list[str]:
    path = place.parent / "calls"
    return [line.removeprefix("kupang ") for line in path.read_text().splitlines()] if path.exists() else []


def release(place: Path) -> str:
    return (place / "release").read_text()


def test_a_copy_is_made_first_and_the_city_is_asked_last(place: Path) -> None:
    done = upgrade(place, "--unsigned", "v2")
    assert (done.returncode, release(place)) == (0, "v2"), done.stderr
    names = [call.split()[0] for call in called(place) if not call.startswith("-")]
    manage = ["check", "migrate", "load_city", "record_rows", "collectstatic"]
    assert names == ["backup", *manage, "check_integrity"]


def test_an_unsigned_tag_is_refused(place: Path) -> None:
    done = upgrade(place, "v2")
    assert (done.returncode, release(place), called(place)) == (1, "v1", [])
    assert "not signed" in done.stderr
    assert "no tag v9" in upgrade(place, "v9").stderr


def test_without_a_copy_nothing_is_changed(place: Path) -> None:
    done = upgrade(place, "--unsigned", "v2", FULL="1")
    assert (done.returncode, release(place)) == (1, "v1")
    assert "nothing was changed" in done.stderr


def test_the_way_back_is_said_and_taken(place: Path) -> None:
    assert "no upgrade was made" in upgrade(place, "--back").stderr
    done = upgrade(place, "--unsigned", "v2", BROKEN="1")
    assert (done.returncode, release(place)) == (1, "v2")
    assert "script/upgrade --back" in done.stderr
    back = upgrade(place, "--back")
    assert (back.returncode, release(place)) == (0, "v1"), back.stderr
    assert "script/manage kupang restore /var/backups/kupang/tuntas-kupang-1" in back.stdout
    assert "FILES_S3" not in back.stdout


def test_the_way_back_is_into_another_folder_of_an_object_store(place: Path) -> None:
    """A copy is put into an empty one only; as the line says it, run."""
    file = place.parent / "etc/kupang.env"
    file.write_text("FILES_S3_BUCKET=files\nPORT=8000\nFILES_S3_FOLDER=kupang")
    assert upgrade(place, "--unsigned", "v2").returncode == 0
    line = next(line for line in upgrade(place, "--back").stdout.splitlines() if "FILES_S3" in line)
    subprocess.run(["sh", "-c", line], check=True)
    assert file.read_text() == "FILES_S3_BUCKET=files\nPORT=8000\nFILES_S3_FOLDER=tuntas-kupang-1\n"


def test_code_that_was_changed_by_hand_is_left_alone(place: Path) -> None:
    (place / "release").write_text("by hand")
    assert "changed by hand" in upgrade(place, "--unsigned", "v2").stderr
    assert release(place) == "by hand"


def test_what_stopped_half_way_is_said_gone_on_with_and_not_mixed_with_another(place: Path) -> None:
    """Without the index of packages neither code nor database is whole, and the copies of before are the way back."""
    stopped = upgrade(place, "--unsigned", "v2", NO_PACKAGES="1")
    assert (stopped.returncode, release(place)) == (1, "v2")
    assert "script/upgrade --back" in stopped.stderr
    another = upgrade(place, "--unsigned", "v3")
    assert "stopped half way: go on with v2" in another.stderr
    assert [call.split()[0] for call in called(place)].count("backup") == 1
    done = upgrade(place, "--unsigned", "v2")
    assert done.returncode == 0, done.stderr
    names = [call.split()[0] for call in called(place)]
    assert (names.count("backup"), names[-1]) == (1, "check_integrity")
    assert "what runs already" in upgrade(place, "--unsigned", "v2").stderr

    # The next one cannot copy: the way back of the last one is there still.
    assert upgrade(place, "--unsigned", "v3", FULL="1").returncode == 1
    assert "tuntas-kupang-1" in upgrade(place, "--back").stdout
    assert release(place) == "v1"


def test_an_older_release_is_no_upgrade(place: Path) -> None:
    git(place, "checkout", "-q", "v2")
    done = upgrade(place, "--unsigned", "v1")
    assert (done.returncode, release(place), called(place)) == (1, "v2", [])
    assert "older than what runs" in done.stderr
