"""`script/release`: a version, a changelog's entry and a tag that its maker signed, which `script/upgrade` takes and no
other. In a repository of the test, with a key that is made for it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.test_upgrade import PYTHON, ROOT, SAYS, called, upgrade

ENTRY = "The second milestone.\n\n### Added\n\n- A queue.\n\n#### Small print\n\n- None.\n"
CHANGES = f"# Changelog\n\n## [Unreleased]\n\n{ENTRY}\n## [0.1.0] - 2026-11-22\n\n- The first.\n"
TESTS = '#!/bin/sh\n[ -z "$RED" ]\n'


def run(place: Path, *program: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        program, cwd=place, env=os.environ | env, capture_output=True, text=True, check=False
    )


def git(place: Path, *arguments: str) -> str:
    done = run(place, "git", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody's clone of a project at 0.1.0, with a key of theirs."""
    code = tmp_path / "code"
    for path, text in {
        "script/test": TESTS,
        "pyproject.toml": '[project]\nname = "tuntas"\nversion = "0.1.0"\n',
        "CHANGELOG.md": CHANGES,
        "locale/id/LC_MESSAGES/django.po": "",
        "script/manage": SAYS + 'echo \'{"folder": "/b/1"}\'\n',
    }.items():
        (code / path).parent.mkdir(parents=True, exist_ok=True)
        (code / path).write_text(text)
        (code / path).chmod(0o755)
    for name in ("release", "upgrade"):
        shutil.copy(ROOT / "script" / name, code / "script" / name)
    key = tmp_path / "key"
    run(tmp_path, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
    (tmp_path / "signers").write_text(f"publisher@example.org {key.with_suffix('.pub').read_text()}")
    git(code, "init", "-q", "-b", "main")
    for name, value in {
        "user.name": "P",
        "user.email": "publisher@example.org",
        "gpg.format": "ssh",
        "user.signingkey": str(key),
        "gpg.ssh.allowedSignersFile": str(tmp_path / "signers"),
    }.items():
        git(code, "config", name, value)
    git(code, "add", "-A")
    git(code, "commit", "-qm", "As it stands")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("TUNTAS_ETC", str(tmp_path / "etc"))
    monkeypatch.setenv("TUNTAS_STATE", str(tmp_path / "state"))
    return code


def release(place: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return run(place, "script/release", *arguments, **env)


def refused(place: Path, said: str, *arguments: str, **env: str) -> None:
    before = git(place, "rev-parse", "HEAD")
    done = release(place, *arguments, **env)
    assert done.returncode and said in done.stderr + done.stdout, done
    assert (git(place, "rev-parse", "HEAD"), git(place, "tag")) == (before, "")


def test_a_release_is_a_version_an_entry_and_a_signed_tag_that_upgrade_takes(place: Path) -> None:
    done = release(place, "0.2.0")
    assert done.returncode == 0, done.stderr
    assert "SHA256:" in done.stdout  # which key it was
    assert 'version = "0.2.0"' in (place / "pyproject.toml").read_text()
    changes = (place / "CHANGELOG.md").read_text()
    assert re.search(
        r"## \[Unreleased\]\n\n## \[0\.2\.0\] - \d{4}-\d\d-\d\d\n\nThe second milestone\.", changes
    )
    assert "## [0.1.0] - 2026-11-22" in changes
    message = git(
        place, "for-each-ref", "--format=%(contents:subject)\n\n%(contents:body)", "refs/tags/v0.2.0"
    )
    assert message.strip() == f"Tuntas 0.2.0\n\n{ENTRY}".strip()
    git(place, "verify-tag", "v0.2.0")
    assert not git(place, "status", "--porcelain")
    refused_again = release(place, "0.2.0")
    assert "does not follow 0.2.0" in refused_again.stderr

    host = a_host(place)
    # The signed tag under the name of a later one: what runs would be older than it says.
    git(host, "update-ref", "refs/tags/v9.9.9", git(place, "rev-parse", "v0.2.0"))
    lied = upgrade(host, "v9.9.9")
    assert lied.returncode and "was signed as v0.2.0" in lied.stderr and not called(host)
    refuses_a_stranger(place, host)
    assert upgrade(host, "v0.2.0").returncode == 0
    assert 'version = "0.2.0"' in (host / "pyproject.toml").read_text()


def a_host(place: Path) -> Path:
    """Which runs the release of before, and knows the publisher's key."""
    host = place.parent / "host"
    git(place.parent, "clone", "-q", str(place), str(host))
    git(host, "config", "gpg.ssh.allowedSignersFile", str(place.parent / "signers"))
    git(host, "checkout", "-q", "HEAD~")
    for name, text in {"python": PYTHON, "pybabel": SAYS}.items():
        (host / ".venv/bin").mkdir(parents=True, exist_ok=True)
        (host / ".venv/bin" / name).write_text(text)
        (host / ".venv/bin" / name).chmod(0o755)
    (place.parent / "etc").mkdir()
    (place.parent / "etc/kupang.env").touch()
    return host


def refuses_a_stranger(place: Path, host: Path) -> None:
    """A tag that a key signed which this host does not know; and any, where it knows nobody."""
    signers, other = place.parent / "signers", place.parent / "other"
    known = signers.read_text()
    run(place, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other))
    for tag, key in (("v0.3.0", other), ("v0.4.0", place.parent / "key")):
        git(place, "-c", f"user.signingkey={key}", "tag", "-s", "-m", tag, tag)
    stranger = upgrade(host, "v0.3.0")
    assert stranger.returncode and "not signed by a key that this host knows" in stranger.stderr
    signers.write_text("")
    assert "not signed by a key" in upgrade(host, "v0.4.0").stderr and not called(host)
    signers.write_text(known)


def test_nothing_is_released_that_should_not_be(place: Path) -> None:
    refused(place, "three numbers", "v0.2.0")
    refused(place, "does not follow 0.1.0", "0.0.9")
    refused(place, "--tested", "--help")
    refused(place, "script/test is red", "0.2.0", RED="1")
    (place / "note").touch()
    refused(place, "commit first", "0.2.0")
    (place / "note").unlink()
    key = git(place, "config", "user.signingkey")
    git(place, "config", "user.signingkey", f"{key}.gone")
    refused(place, "nothing was changed", "--tested", "0.2.0", RED="1")
    assert 'version = "0.1.0"' in (place / "pyproject.toml").read_text()
    git(place, "config", "--unset", "user.signingkey")
    refused(place, "no key to sign with", "0.2.0")
    git(place, "config", "user.signingkey", key)
    (place / "CHANGELOG.md").write_text(CHANGES.replace(ENTRY, ""))
    git(place, "commit", "-qam", "Nothing new")
    refused(place, "nothing under [Unreleased]", "0.2.0")
