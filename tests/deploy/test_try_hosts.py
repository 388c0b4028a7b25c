"""`script/try_hosts` on a machine that permits no network namespaces, or not all that belongs to them."""

import importlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.test_docs import ROOT

TRY = """
set -euo pipefail
say() { printf '%s\\n' "$*"; }
id() { echo 0; }
. script/networks.sh
make_networks web1 web2
echo "$network|${addresses[web1]}|${addresses[web2]}"
"""


@pytest.mark.parametrize("refused", ["netns add", "type bridge", "type veth", "address add"])
def test_what_is_not_permitted_is_said_and_all_hosts_are_on_this_one(refused: str, tmp_path: Path) -> None:
    """What was made until then is taken away."""
    program = tmp_path / "ip"
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *"{refused}"*) echo "Operation not permitted" >&2; exit 2;; esac\n'
        f'case "$*" in "netns add "*) echo "$3" >>{tmp_path}/there;; "netns list") cat {tmp_path}/there;;'
        f' "netns delete "*) sed -i "/^$3$/d" {tmp_path}/there;; esac\n'
    )
    program.chmod(0o755)
    (tmp_path / "there").touch()
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", TRY],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    said, addresses = done.stdout.splitlines()
    assert "No network namespaces here (Operation not permitted)" in said
    assert addresses == "|127.0.0.1|127.0.0.1"
    assert (tmp_path / "there").read_text() == ""


def test_what_lies_within_the_spread_is_called_noise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(ROOT / "script")
    compared = importlib.import_module("hosts_compared")
    one, three = compared.Measured(), compared.Measured()
    for measured, figures in ((one, (50.0, 40.0, 45.0)), (three, (46.0, 90.0, 60.0))):
        for figure in figures:
            measured.add("filings a second", figure)
        measured.add_spent("processor: {}, ms", {"site": 0.5 if measured is one else 0.6}, 100)
    compared.tell({1: one, 3: three})
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| filings a second | 45.0 (40.0 to 50.0) | 60.0 (46.0 to 90.0) | noise |",
        "| processor: site, ms | 5.0 (5.0 to 5.0) | 6.0 (6.0 to 6.0) |  |",
    ]
