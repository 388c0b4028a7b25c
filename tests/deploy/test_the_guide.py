"""What the guide tells an administrator to type is there: blocks are a shell's, commands and their options exist."""

import importlib.util
import itertools
import re
import subprocess
import sys
from types import ModuleType

import pytest
from django.core.management import get_commands, load_command_class

from tests.test_docs import ROOT

PAGES = ("deploying", "operating", "backups", "scaling")
OURS = re.compile(r"\bmanage(?:\.py)? ([a-z_]+)((?: [^\n;&|#`]*)?)")
OPTION = re.compile(r"(?<=\s)--[a-z][a-z-]*")
NOT_SHELL = re.compile(r"proxy_|BACKUP_S3_")  # of nginx's file and the environment's


def program() -> ModuleType:
    """script/guide.py, which finds the blocks for script/try_guide too."""
    spec = importlib.util.spec_from_file_location("guide", ROOT / "script" / "guide.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["guide"] = module  # its dataclass looks its module up
    spec.loader.exec_module(module)
    return module


GUIDE = program()


def blocks(guide: str) -> list[str]:
    return [block for block in GUIDE.blocks(guide) if not NOT_SHELL.search(block)]


@pytest.mark.parametrize("guide", PAGES)
def test_every_block_is_a_shells(guide: str) -> None:
    whole = "\n".join(blocks(guide))
    assert len(whole) > 20
    done = subprocess.run(["bash", "-n"], input=whole, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("guide", PAGES)
def test_every_command_is_there_with_its_options(guide: str) -> None:
    known, asked = get_commands(), 0
    typed = [*blocks(guide), *re.findall(r"`([^`\n]+)`", GUIDE.text_of(guide))]
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
    named = set(re.findall(r"\b(script/\w+|docs/deploy/[\w.@-]+\w)", GUIDE.text_of(guide)))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("guide", GUIDE.PLAN)
def test_each_block_is_tried_or_it_is_said_why_not(guide: str) -> None:
    """script/try_guide leaves no block out silently."""
    assert GUIDE.unplanned(guide) == []
    assert [part.begins for part in GUIDE.PLAN[guide] if bool(part.stage) == bool(part.why)] == []


def test_each_stage_is_run_and_each_answer_is_there() -> None:
    runs = (ROOT / "script/try_guide").read_text(encoding="utf-8")
    answers = (ROOT / "script/guide_answers.sh").read_text(encoding="utf-8")
    parts = [part for parts in GUIDE.PLAN.values() for part in parts if part.stage]
    assert {part.stage for part in parts} - set(re.findall(r'stage "?([a-z ]+?)"? "', runs)) == set()
    asked = {name for part in parts for name in (part.before, part.after) if name}
    assert asked - set(re.findall(r"^([a-z_]+)\(\)", answers, re.MULTILINE)) == set()


def test_what_is_typed_is_what_the_page_says() -> None:
    typed = list(
        GUIDE.lines_of("    one TAG \\\n        FILE  # why\n    two FILE.csv [--agency CODE] --json\n")
    )
    assert typed == ['one "${TAG}" "${FILE}" # why', "two FILE.csv --json"]


def test_in_a_line_of_several_commands_no_failure_is_passed_over() -> None:
    """Each line is asked how it ended before the next begins."""
    lines = "\n".join(GUIDE.script("guide")).splitlines()
    own = ("begin_block", "end_block", "done_so")
    for line, after in itertools.pairwise(lines):
        assert line.startswith(own) or "done_so $?" in line or after.startswith("done_so $?"), line


@pytest.mark.parametrize("path", ["docs/deploying.md", "script/install"])
def test_the_first_administrator_is_there_when_settings_are_put_on_record(path: str) -> None:
    """Made after load_city they are in no history, and verify_ledger ends with 1 each night."""
    text = (ROOT / path).read_text(encoding="utf-8")
    assert text.index("manage createsuperuser") < text.index("manage load_city")
