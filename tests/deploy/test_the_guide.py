"""What the guide tells an administrator to type is there: blocks are a shell's, commands and their options exist."""

import re
import subprocess
from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class

from tests.test_docs import ROOT

PAGES = ("deploying", "operating", "backups", "scaling")
OURS = re.compile(r"\bmanage(?:\.py)? ([a-z_]+)((?: [^\n;&|#`]*)?)")
OPTION = re.compile(r"(?<=\s)--[a-z][a-z-]*")
NOT_SHELL = re.compile(r"proxy_|BACKUP_S3_")  # of nginx's file and the environment's


def text_of(guide: str) -> str:
    return (ROOT / "docs" / f"{guide}.md").read_text(encoding="utf-8")


def blocks(guide: str) -> Iterator[str]:
    """The indented ones, as they stand."""
    for found in re.finditer(r"(?:^|\n\n)((?: {4,}[^\n]*\n)+)", text_of(guide)):
        if not NOT_SHELL.search(found[1]) and not re.match(r" +[*-] ", found[1]):
            yield found[1]


@pytest.mark.parametrize("guide", PAGES)
def test_every_block_is_a_shells(guide: str) -> None:
    whole = "\n".join(blocks(guide))
    assert len(whole) > 20
    done = subprocess.run(["bash", "-n"], input=whole, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("guide", PAGES)
def test_every_command_is_there_with_its_options(guide: str) -> None:
    known, asked = get_commands(), 0
    typed = [*blocks(guide), *re.findall(r"`([^`\n]+)`", text_of(guide))]
    lines = (
        "\n".join(typed).replace("script/manage kupang", "manage").replace('script/manage "$city"', "manage")
    )
    for name, rest in OURS.findall(lines):
        assert name in known, f"{guide}: there is no command {name}"
        parser = load_command_class(known[name], name).create_parser("manage.py", name)
        options = {option for action in parser._actions for option in action.option_strings}
        wrong = set(OPTION.findall(rest)) - options
        assert not wrong, f"{guide}: {name} has no {wrong}"
        asked += 1
    assert asked or guide == "scaling"


@pytest.mark.parametrize("guide", PAGES)
def test_every_script_and_file_is_there(guide: str) -> None:
    named = set(re.findall(r"\b(script/\w+|docs/deploy/[\w.@-]+\w)", text_of(guide)))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
