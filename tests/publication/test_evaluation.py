"""The file for who evaluates the city: made of a published report, the same bytes each time, without a person in it."""

import io
import re
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Agency, User
from accounts.roles import STAFF_ROLES, Role
from complaints.ledger.signing import sign_note
from reports.evaluation.bundle import evaluation_file
from reports.evaluation.content import Writer, as_public
from reports.opendata.models import PublicEdition
from reports.publication.models import Report
from reports.publication.services import publishing
from surveys.aftercase.models import AfterCaseTerm
from tests.factories import make_agency, make_user
from tests.module_rows import ModuleRows
from tests.publication.people import (
    DAY,
    FIRST_DAY,
    Office,
    make_office,
    print_all,
    print_quickly,
    published,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office", "in_english")]
URL = "/staff/reports/evaluation/"


def make_published() -> tuple[Office, int]:
    office = make_office()
    with pytest.MonkeyPatch.context() as patch:
        print_quickly(patch)
        row = published(office)
        print_all(FIRST_DAY + 9 * DAY)
    return office, row.pk


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> tuple[Office, int]:
    return module_rows.make(make_published)


@pytest.fixture(scope="module")
def office(made: tuple[Office, int]) -> Office:
    return made[0]


@pytest.fixture
def report(made: tuple[Office, int]) -> Report:
    return Report.objects.get(pk=made[1])


def members(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_each_criterion_leads_to_evidence_that_is_in_the_file_and_signed(report: Report) -> None:
    found = members(evaluation_file(report, "en"))
    index = found["index.html"].decode()
    for title in (
        "Time limits in force",
        "People appointed",
        "Channels",
        "Corrective actions",
        "Published reports",
    ):
        assert title in index
    linked = set(re.findall(r'href="([^"#:]+)"', index))
    assert linked == found.keys() - {"index.html", "key.txt", "MANIFEST.txt"}
    assert {f"report/{report.code}-{language}.pdf" for language in ("id", "en")} <= linked
    manifest = found["MANIFEST.txt"].decode()
    hashed = {name: sha256(content).hexdigest() for name, content in found.items() if name != "MANIFEST.txt"}
    assert all(f"{digest}  {name}\n" in manifest for name, digest in hashed.items())
    assert report.latest_text.snapshot.digest in manifest
    assert manifest == sign_note(manifest.partition("\n\n")[0] + "\n")
    assert "14 working days" in found["policy/time-limits.csv"].decode()
    assert found["people/people.csv"].decode().splitlines()[1:] == [
        "Verifier,2,2,–",
        "Agency head,1,1,1",
        "Supervisor,3,3,–",
    ]


def test_the_same_report_gives_the_same_bytes_and_names_nobody(report: Report, office: Office) -> None:
    once = evaluation_file(report, "id")
    User.objects.filter(pk=office.sari.pk).update(name="Orang Lain", is_active=False)
    Agency.objects.update(name="Dinas dengan nama baru", name_en="")
    assert evaluation_file(report, "id") == once
    text = b"".join(members(once).values()).decode(errors="replace")
    assert "Batas waktu yang berlaku" in text
    for user in User.objects.all():
        assert user.email not in text
    assert not any(name in text for name in ("Wati", "Rudi", "Lena", "Hana", "Orang Lain"))


def test_small_counts_are_hidden_as_in_public(report: Report) -> None:
    figures = members(evaluation_file(report, "en"))["figures/main-figures.csv"].decode()
    assert figures.splitlines()[1].startswith("Received,12,")  # nothing but how many there were
    assert all(line.split(",")[1] == "*" for line in figures.splitlines()[2:10])


def test_a_public_table_is_printed_with_names_and_what_is_hidden() -> None:
    rows = [["PUPR", 50, None, 40, 3], ["_others", 12, None, None, None], ["", 6, None, None, None]]
    columns = ["agency", "received", "met_target", "late", "not_yet_due"]
    tables = {"by_agency": {"columns": columns, "rows": rows}}
    edition = PublicEdition(tables=tables, labels={"agency": {"PUPR": {"id": "Dinas", "en": "Roads"}}})
    table = as_public(edition, "by_agency", "Agencies")
    assert [words for words, _is_number in table.heads] == ["Agency", "Received", "In time", "Late"]
    assert list(table.rows) == [
        ["Roads", "50", "*", "40"],
        ["All others", "12", "*", "*"],
        ["Not yet with an agency", "6", "*", "*"],
    ]


def test_supervisors_and_the_head_of_the_complaints_desk_reach_it(report: Report) -> None:
    desk = make_agency("ORG")
    AfterCaseTerm.objects.create(valid_from="2018-01-01", unit=desk)
    reaches = {
        role: make_user(role, make_agency("DLHK") if role == Role.AGENCY_HEAD else None)
        for role in STAFF_ROLES
    }
    expected = {user: 200 if role == Role.SUPERVISOR else 403 for role, user in reaches.items()}
    expected[make_user(Role.AGENCY_HEAD, desk)] = 200
    for user, status in expected.items():
        client = Client()
        client.force_login(user)
        for path in (URL, f"{URL}{report.code}/en.zip"):
            assert client.get(path).status_code == status, (user.role, path)
        if role_reads(client):
            assert (URL in client.get("/staff/reports/").content.decode()) == (status == 200)
    assert Client().get(URL).status_code == 302


def role_reads(client: Client) -> bool:
    return client.get("/staff/reports/").status_code == 200


def test_only_what_is_published_and_holds_has_one(report: Report, office: Office, tmp_path: Path) -> None:
    client = Client()
    client.force_login(office.sari)
    call_command(
        "evaluation_file", report.code, "--out", str(tmp_path), "--language", "en", stdout=io.StringIO()
    )
    (path,) = tmp_path.glob("*.zip")
    assert path.read_bytes() == client.get(f"{URL}{report.code}/en.zip").content
    publishing.withdraw(
        report.pk, actor=office.sari, now=FIRST_DAY + 10 * DAY, reason="figures", words="Angka keliru"
    )
    again = Report.objects.get(replaces=report)  # begun at once, and not published yet
    for code in (report.code, again.code):
        assert client.get(f"{URL}{code}/id.zip").status_code == 404
        with pytest.raises(CommandError):
            call_command("evaluation_file", code, "--out", str(tmp_path))
    assert "No report of the city is published yet" in client.get(URL).content.decode()


def test_a_group_of_which_too_few_answered_is_in_no_table(report: Report) -> None:
    """Of it there would be how few were asked."""
    writer = Writer(report)
    assert writer.frozen is not None
    row = {"quarter": "2026-04-01", "by": "unit", "code": "PUPR", "asked": 1, "answers": None}
    whole = row | {"by": "whole", "code": "", "asked": 44, "answers": 18, "solved_yes": 15, "solved_no": 3}
    writer.frozen.figures |= {"after_case": [row, whole]}
    made = writer.voices()
    assert [line[3] for line in made.tables[0].rows] == ["44"]
    assert "PUPR" not in writer.files["voices/after-case.csv"]
