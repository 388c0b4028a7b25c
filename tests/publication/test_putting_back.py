"""A city that lost its files has the published papers again, to the byte or not at all."""

import json
from collections.abc import Callable
from gzip import compress
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from complaints.files import keeping
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.outside import heads_file
from complaints.ledger.verify import verify_ledger
from config.emptying import guards_away
from reports.evaluation.bundle import evaluation_file
from reports.pages.bound import Bound
from reports.publication import printing
from reports.publication.models import Report, ReportPaper, ReportSnapshot, ReportStep, SnapshotPiece
from reports.publication.models.frozen import PaperState
from reports.publication.services import publishing, reviewing
from reports.publication.watching import files_missing
from tests import factories
from tests.module_rows import ModuleRows
from tests.publication.people import DAY, FIRST_DAY, Office, make_office, print_all, print_quickly, reviewed
from tests.shared import NOON, on_disk

LATER = FIRST_DAY + 10 * DAY
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made", "quick_print", "in_english")]


@pytest.fixture
def quick_print(monkeypatch: pytest.MonkeyPatch) -> None:
    print_quickly(monkeypatch)


def make_printed() -> Office:
    office = make_office()
    with pytest.MonkeyPatch.context() as patch:
        print_quickly(patch)
        reviewed(office)
        print_all(LATER)
    return office


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Office:
    return module_rows.make(make_printed)


@pytest.fixture
def papers(made: Office, db: None) -> dict[str, ReportPaper]:
    publishing.publish(Report.objects.get().pk, actor=made.sari, now=LATER)
    return {paper.language: paper for paper in ReportPaper.objects.all()}


def told(*files: Path) -> tuple[dict[str, Any], int]:
    """What the command says of each language, and how it ends."""
    out, status = StringIO(), 0
    try:
        call_command("put_back_papers", *map(str, files), "--json", stdout=out, stderr=StringIO())
    except SystemExit as end:
        status = int(str(end.code))
    return {each["language"]: each for each in json.loads(out.getvalue())["reports"]}, status


def test_what_is_lost_or_altered_is_printed_again_and_whole_files_are_left_alone(
    papers: dict[str, ReportPaper], client: Client
) -> None:
    lost, altered = (on_disk(papers[language].stored) for language in ("id", "en"))
    was = {path: path.read_bytes() for path in (lost, altered)}
    lost.unlink()
    altered.write_bytes(b"%PDF-1.7 lain")
    for language, paper in papers.items():
        answer = client.get(f"/reports/2026-q3/{language}.pdf")
        page = answer.content.decode()
        assert answer.status_code == 404 and "cannot be handed out just now" in page and paper.sha256 in page
    missing = evaluation_file(Report.objects.get(), "en")
    assert b"report/2026-q3-id.pdf" not in missing
    found, status = told()
    assert {language: each["outcome"] for language, each in found.items()} == {
        "id": "put_back",
        "en": "put_back",
    }
    assert status == 0 and {path: path.read_bytes() for path in was} == was and not list(files_missing(NOON))
    steps = ReportStep.objects.filter(kind="put_back").order_by("pk")
    assert [(step.data["language"], bool(step.data["lay"])) for step in steps] == [
        ("id", False),
        ("en", True),
    ]
    before = lost.stat().st_ino
    assert told() == ({}, 0) and lost.stat().st_ino == before and steps.count() == 2
    assert verify_ledger().ok
    assert evaluation_file(Report.objects.get(), "en") != missing


def test_other_bytes_are_never_put_in_its_place_but_a_copy_is(
    papers: dict[str, ReportPaper], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = on_disk(papers["id"].stored)
    copy, other = tmp_path / "copy.pdf", tmp_path / "other.pdf"
    copy.write_bytes(path.read_bytes())
    other.write_bytes(b"%PDF-1.7 lain")
    path.unlink()
    monkeypatch.setattr(printing, "report_pdf", lambda *_of, **_more: b"%PDF-other")
    found, status = told(other)
    assert (found["id"]["outcome"], found["id"]["differs"], status) == ("other_bytes", {}, 1)
    with_other = papers["id"].printed_with | {"weasyprint": "69.0"}
    ReportPaper.objects.filter(pk=papers["id"].pk).update(printed_with=with_other)
    assert list(told()[0]["id"]["differs"]) == ["weasyprint"]
    ReportPaper.objects.filter(pk=papers["id"].pk).update(printed_with={})
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("put_back_papers", stdout=out, stderr=StringIO())
    assert "NOT put back" in out.getvalue() and "not known" in out.getvalue()
    assert not path.exists() and not ReportStep.objects.filter(kind="put_back").exists()
    found, status = told(other, copy)
    assert (found["id"]["outcome"], status) == ("copy_put_back", 0)
    assert path.read_bytes() == copy.read_bytes()


def test_it_says_what_was_altered(papers: dict[str, ReportPaper]) -> None:
    for paper in papers.values():
        on_disk(paper.stored).unlink()
    ReportPaper.objects.filter(language="en").update(sha256="0" * 64)
    with guards_away(connection):
        SnapshotPiece.objects.update(content=b"\x1f\x8b lain")
    found, status = told()
    assert {name: each["outcome"] for name, each in found.items()} == {
        "id": "snapshot_altered",
        "en": "row_altered",
    }
    assert status == 1 and len(list(files_missing(NOON))) == 2
    with guards_away(connection):  # whole, and of a format that this version does not read
        snapshot = ReportSnapshot.objects.get()
        content, digest = _of_another_format()
        SnapshotPiece.objects.filter(number=0).update(content=content)
        ReportSnapshot.objects.filter(pk=snapshot.pk).update(digest=digest)
    assert told()[0]["id"]["outcome"] == "older_version"


def _of_another_format() -> tuple[bytes, str]:
    text = b'{"figures":{},"format":1}'
    return compress(text), sha256(text).hexdigest()


def test_what_nobody_has_been_told_of_is_printed_anew(made: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reviewed report, with other fonts by now."""
    paper = ReportPaper.objects.get(language="id")
    keeping.remove(paper.stored)
    monkeypatch.setattr(printing, "report_pdf", lambda *_of, **_more: b"%PDF-other")
    found, status = told()
    assert (found["id"]["outcome"], status) == ("printed_anew", 0)
    print_all(NOON)
    paper.refresh_from_db()
    assert paper.state == PaperState.READY and on_disk(paper.stored).read_bytes() == b"%PDF-other"


def test_a_site_that_moved_prints_the_address_of_then(
    made: Office, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def with_address(*_of: object, bound: Bound, **_more: object) -> bytes:
        return f"%PDF-{bound.check_url}".encode()

    monkeypatch.setattr(printing, "report_pdf", with_address)
    rows = ReportPaper.objects.filter(language="id")
    paper = rows.get()
    rows.update(sha256=sha256(printing.pdf_of(paper.text, "id")).hexdigest())
    settings.BASE_URL = "https://pindah.example"
    found, status = told()
    assert (found["id"]["outcome"], status) == ("put_back", 0)
    assert b"pindah" not in on_disk(paper.stored).read_bytes()


def test_what_is_given_back_while_it_is_printed_leaves_no_file(
    made: Office, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    report = Report.objects.get()
    reviewing.give_back(report.pk, actor=made.second, now=LATER, why="Sekali lagi.")
    reviewing.review(report.pk, actor=made.second, now=LATER, seen=1)
    paper = ReportPaper.objects.earliest("pk")

    def given_back(*_of: object, **_more: object) -> bytes:
        reviewing.give_back(report.pk, actor=made.second, now=LATER, why="Belum.")
        return b"%PDF-late"

    monkeypatch.setattr(printing, "report_pdf", given_back)
    with django_capture_on_commit_callbacks(execute=True):
        printing.print_reports(LATER)
    assert not ReportPaper.objects.exists() and not on_disk(paper.stored).exists()


def test_an_older_copy_takes_no_paper_back_until_somebody_says_what_is_lost(
    papers: dict[str, ReportPaper],
) -> None:
    """The step of it would go into a history that the signed one has left behind."""
    lost = on_disk(papers["id"].stored)
    lost.unlink()
    before = transaction.savepoint()
    factories.file_complaint()
    make_checkpoint(LATER)
    transaction.savepoint_rollback(before)
    with pytest.raises(CommandError, match="older copy") as refused:
        told()
    assert refused.value.returncode == 2 and not lost.exists()
    heads_file().unlink()
    assert told()[1] == 0 and lost.exists()
