"""What the documents say is there: files, headings, commands, settings, the states' diagram."""

import importlib.util
import json
import os
import pydoc
import re
import subprocess
import sys
from dataclasses import fields
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import call_command, get_commands
from django.utils import translation

from complaints.history.untold import UNTOLD
from complaints.importing.storing import Result
from complaints.integrity import check_integrity
from complaints.states import Verb
from escalation.sweep import SweepResult

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "fixtures" / "README.md"])
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = ROOT / "docs" / "pictures"
OURS = ("accounts", "complaints", "config", "escalation", "reports", "surveys")
# Read from the environment, but nobody's to set.
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "OPENBLAS_NUM_THREADS", "PATH"}


def words_of(page: Path) -> str:
    """Without blocks of code, in which brackets are no links."""
    return re.sub(
        r"^```.*?^```|^    .*?$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )


def links_of(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", words_of(page))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors_of(page: Path) -> set[str]:
    """The headings of a page as they are addressed."""
    headings = re.findall(r"^#+ (.+)$", words_of(page), flags=re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for link in links_of(document):
        path, _hash, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if PICTURES in target.parents:
            continue
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert not broken


def test_pictures_are_those_the_readme_shows() -> None:
    if not PICTURES.exists():
        pytest.skip("no pictures have been made yet")
    shown = {Path(link).name for link in links_of(ROOT / "README.md") if link.startswith("docs/pictures/")}
    assert shown == {path.name for path in PICTURES.iterdir()}


def test_every_page_in_docs_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for link in links_of(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            pages = sorted(target.glob("*.md")) if target.is_dir() else [target]
            waiting += [each for each in pages if each.suffix == ".md" and each not in reached]
    assert set(PAGES) <= reached


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_commands_and_scripts_that_a_page_names_exist(document: Path) -> None:
    source = document.read_text(encoding="utf-8")
    commands = set(re.findall(r"manage(?:\.py)? ([a-z][a-z_]+_[a-z_]+|check|migrate|sweep|worker)\b", source))
    missing = commands - set(get_commands())
    scripts = {
        name for name in re.findall(r"\bscript/([a-z_.]+\w)", source) if not (ROOT / "script" / name).exists()
    }
    assert not missing
    # What is not built yet may be named where that is said.
    assert not scripts - ({"drill"} if document.name == "status.md" else set())


def test_every_command_of_ours_is_in_the_readme() -> None:
    ours = {name for name, app in get_commands().items() if app in OURS}
    listed = set(re.findall(r"^\| `([a-z_]+)[ `]", README.partition("## Commands")[2], flags=re.MULTILINE))
    assert listed == ours


def keys_said_of(command: str) -> set[str]:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{command} "))
    said = row.replace("\\|", "/").split("|")[3]
    return set(re.findall(r"`([a-z_]+)`", re.sub(r"\(.*?\)", "", said)))


def test_what_the_history_does_not_hold_fast_is_said_in_the_words_of_the_page() -> None:
    page = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
    with translation.override("en"):
        for each in UNTOLD:
            assert f"- {each.what}. {each.why}\n" in page


@pytest.mark.django_db
def test_the_readme_names_the_keys_that_commands_print() -> None:
    assert keys_said_of("sweep") == {field.name for field in fields(SweepResult)}
    assert keys_said_of("import_complaints") == set(Result().as_json())
    for command in ("verify_ledger", "check_integrity"):
        out = StringIO()
        call_command(command, "--json", stdout=out)
        assert keys_said_of(command) == set(json.loads(out.getvalue()))


@pytest.mark.django_db
def test_every_check_of_integrity_is_explained() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    explained = page.partition("## check_integrity")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z_]+)`", explained)) >= set(check_integrity())


def settings_in_code() -> set[str]:
    found: set[str] = set()
    for path in [*(ROOT / "config").glob("*.py"), *(ROOT / "complaints").glob("*.py")]:
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"""\benv(?:iron)?\.\w+\(\s*["']([A-Z_]+)["']""", source))
    return found - NOT_SETTINGS


def test_the_readme_names_the_settings_that_the_code_reads_and_no_others() -> None:
    table = README.partition("## Environment")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[A-Z_`, ]+) \|", table, flags=re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"[A-Z_]+", cell)} == settings_in_code()


def test_the_example_environment_sets_what_the_code_reads() -> None:
    example = (ROOT / "docs" / "deploy" / "tuntas.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE)) <= settings_in_code()


def test_what_a_template_says_it_takes_is_there() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        for comment in re.findall(r"{#.*?#}", template.read_text(encoding="utf-8")):
            for name in re.findall(r"\b[a-z][\w.]*\.[A-Z]\w*", comment):
                assert pydoc.locate(name), f"{name_of(template)}: {name}"


def draw_states() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw_states", ROOT / "script" / "draw_states.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_diagram_of_states_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert draw_states().redrawn(page) == page, "run script/draw_states.py"


def test_the_diagram_is_drawn_by_the_command_that_the_documents_name() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "script/draw_states.py", "check"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def test_every_transition_says_what_it_needs() -> None:
    assert set(draw_states().NEEDS) == set(Verb)


def test_a_decision_says_context_decision_and_consequences_on_one_screen() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(set(numbers)) == len(numbers)  # a number is given once; gaps are those of work under way
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.startswith("## ")] == [
            "## Context",
            "## Decision",
            "## Consequences",
        ]
        assert len(lines) <= 30, page.name
