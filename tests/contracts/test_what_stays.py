"""What scripts of others rely on: addresses, commands with their options, keys of JSON, fields of the public form.

Whatever is listed here stays; more may come. `addresses.txt` has the path of every page but those of the
administration and of signing in.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.urls import get_resolver

from complaints.public.forms.filing import FilingForm
from tests import factories

pytestmark = pytest.mark.long

HERE = Path(__file__).resolve().parent
OPTIONS: dict[str, set[str]] = {
    "build_report": {"--from", "--to", "--agency", "--out", "--language", "--public", "--json"},
    "check_integrity": {"--json"},
    "checkpoint_ledger": {"--json"},
    "demo_signins": set(),
    "erase_contact": {"number", "--reason", "--by", "--words"},
    "erase_person": {"number", "--reason", "--by"},
    "export_ledger": {"--out", "--json"},
    "import_complaints": {"file", "--mapping", "--dry-run", "--escalate", "--json"},
    "import_thread": {"file", "--forum", "--json"},
    "ledger_key": set(),
    "load_city": set(),
    "move_deadlines": {"--reason", "--agency"},
    "seed_demo": {"--cases", "--seed", "--now"},
    "survey_index": {"file", "--order", "--population", "--json"},
    "sweep": {"--now", "--json"},
    "verify_ledger": {"--json", "--head", "--heads-file", "--no-files", "--processes"},
    "what_if": {"--from", "--to", "--proposal", "--agency", "--json"},
    "worker": {"--once"},
}
KEYS: dict[str, set[str]] = {
    "sweep": {"due", "warned", "escalated", "lapsed", "closed", "failed", "seconds"}
    | {"planned", "recommendations", "commitments", "proposals", "inputs"},
    "verify_ledger": {"events", "ok", "first_bad"},
    "check_integrity": {"ok"},
    "checkpoint_ledger": {"size"},
}
FIGURES = {
    "received",
    "ended",
    "open",
    "with_target",
    "met_target",
    "on_time_share",
    "hours_to_end_median",
    "hours_to_end_p90",
    "hours_to_end_mean",
    "by_agency",
}
FORM_FIELDS = {
    "subject",
    "description",
    "category",
    "service",
    "area",
    "location",
    "happened_on",
    "anonymous",
    "confidential",
    "name",
    "email",
    "phone",
    "attachments",
}


def addresses(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, path)
        else:
            yield path


def test_every_address_is_where_it_was() -> None:
    listed = set((HERE / "addresses.txt").read_text("utf-8").split())
    assert listed
    assert listed - set(addresses(get_resolver())) == set()


@pytest.mark.parametrize("name", OPTIONS)
def test_every_command_takes_what_it_took(name: str) -> None:
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    taken = {option for action in parser._actions for option in (action.option_strings or [action.dest])}
    assert OPTIONS[name] - taken == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", KEYS)
def test_every_key_of_json_is_there(name: str) -> None:
    factories.file_complaint()
    if name == "verify_ledger":
        call_command("checkpoint_ledger", stdout=StringIO())
    out = StringIO()
    with suppress(SystemExit):  # nobody works in this city, which check_integrity says
        call_command(name, "--json", stdout=out)
    assert KEYS[name] - set(json.loads(out.getvalue())) == set()


@pytest.mark.django_db
def test_a_report_says_where_it_is_and_its_figures(tmp_path: Path) -> None:
    factories.file_complaint()
    out = StringIO()
    days = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
    call_command("build_report", **days, out=tmp_path, json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert {"pdf", "snapshot", "digest", "figures"} - set(told) == set()
    assert FIGURES - set(told["figures"]) == set()


@pytest.mark.django_db
def test_an_import_says_what_came_of_the_file(tmp_path: Path) -> None:
    columns = "case_enquiry_id,open_dt,target_dt,closed_dt,case_status,case_title,subject,type,queue,"
    columns += "neighborhood,location_zipcode,latitude,longitude,source"
    (tmp_path / "none.csv").write_text(f"{columns}\n", "utf-8")
    mapping = HERE.parent.parent / "fixtures" / "mappings" / "boston_311.toml"
    out = StringIO()
    call_command("import_complaints", tmp_path / "none.csv", mapping=mapping, json=True, stdout=out)
    assert {"read", "created", "duplicates", "rejected"} - set(json.loads(out.getvalue())) == set()


def test_the_public_form_has_its_fields() -> None:
    assert set(FilingForm.base_fields) >= FORM_FIELDS
