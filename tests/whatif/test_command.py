"""manage.py what_if."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from complaints.services import handling
from tests import factories
from tests.factories import DAY, FRIDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LONG_AGO = FRIDAY - 400 * DAY
FIRST, LAST = str((LONG_AGO - DAY).date()), str((LONG_AGO + 40 * DAY).date())
TEXT = '[targets.complaint]\nresolution = "2 working_days"\n'


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    path = tmp_path / "proposal.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*args: object) -> str:
    out = StringIO()
    call_command("what_if", *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def case() -> None:
    done = factories.in_progress(LONG_AGO)
    officer = factories.officer_of(done)
    handling.resolve(done.pk, actor=officer, now=LONG_AGO + 10 * DAY, answer="Sudah")


def test_the_figures_as_json_are_those_the_readme_names(case: None, proposal: Path) -> None:
    result = json.loads(run("--from", FIRST, "--to", LAST, "--proposal", proposal, "--json"))
    readme = (Path(__file__).resolve().parent.parent.parent / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith("| `what_if "))
    assert {key.strip(" `") for key in row.rstrip(" |").rpartition("|")[2].split(",")} == set(result)
    assert result["columns"]["in_force"]["late"]["resolution"] == 0
    assert result["columns"]["proposed"]["late"]["resolution"] == 1


def test_without_json_it_answers_in_sentences(case: None, proposal: Path) -> None:
    said = run("--from", FIRST, "--to", LAST, "--proposal", proposal)
    assert "1 case instead of 0 would have missed the promised resolution" in said
    assert "behaviour is not modelled" in said


def test_an_agency_below_another_counts_with_it(case: None, proposal: Path) -> None:
    factories.make_agency("ABOVE")
    said = run("--from", FIRST, "--to", LAST, "--proposal", proposal, "--agency", "ABOVE", "--json")
    assert json.loads(said)["cases"] == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--from", LAST, "--to", FIRST), "ends before it begins"),
        (("--from", "2999-01-01", "--to", "2999-02-01"), "must have begun"),
        (("--from", FIRST, "--to", LAST, "--agency", "NOBODY"), "no agency “NOBODY”"),
        (("--from", FIRST, "--to", LAST, "--proposal", "/nowhere.toml"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(proposal: Path, args: tuple, words: str) -> None:
    factories.make_city()
    rest = () if "--proposal" in args else ("--proposal", proposal)
    with pytest.raises(CommandError, match=words) as caught:
        run(*args, *rest)
    assert caught.value.returncode == 2


def test_a_mistake_in_the_file_is_named_with_its_place(proposal: Path) -> None:
    proposal.write_text("[targets.complaint]\nresolution = 3", encoding="utf-8")
    with pytest.raises(CommandError, match=r"targets\.complaint\.resolution"):
        run("--from", FIRST, "--to", LAST, "--proposal", proposal)
    proposal.write_text("[calendar.hours]\n" + "".join(f"{day} = []\n" for day in WEEK), encoding="utf-8")
    factories.make_city()
    with pytest.raises(CommandError, match="working hour"):
        run("--from", FIRST, "--to", LAST, "--proposal", proposal)


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
