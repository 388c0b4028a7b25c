"""Figures counted again by the program that strangers run: what was changed afterwards is found."""

import ast
import io
import json
import random
import re
import subprocess
import sys
import zipfile
import zlib
from contextlib import contextmanager
from copy import deepcopy
from datetime import date

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from tuntas_recount import pdf
from tuntas_recount.compare import Comparison
from tuntas_recount.pdf import Pdf, Unreadable, unpack
from tuntas_recount.program import COUNTS, count_again
from tuntas_recount.words import words_of

from reports.figures.compute import compute
from reports.figures.definitions import FIGURES, frozen_definitions
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.figures.tables import COLUMNS, Tables
from reports.pages.report import report_pdf
from reports.recount.running import PACKAGE, program
from surveys.index.columns import ELEMENTS
from tests import factories
from tests.factories import DAY, FRIDAY, make_agency
from tests.reports import printed
from tests.reports.test_figures import BUILT, PERIOD, as_rows, made_up, made_up_clocks
from tests.reports.test_owed_and_said import made_up_rest, moments_of

pytestmark = pytest.mark.long

CALL_BACKS = [
    ("2025-07-01", 30, 30, 29, 1, 0, 0, 0, 0, 3),  # all of them answered
    ("2025-10-01", 120, 31, 15, 4, 3, 2, 3, 4, 9),
    ("2026-01-01", 12, 12, None, None, None, 1, 1, 1, None),
]


def said_to_show_by_the_digest_only():
    """The columns that no figure reads, as docs/recount.md lists them: {(table, column)}."""
    text = (settings.BASE_DIR / "docs" / "recount.md").read_text(encoding="utf-8")
    listed = text.partition("by the digest only:")[2].partition("\n-")[0]
    tables = [each for each in listed.split(";") if "`" in each]
    return {
        (name, column)
        for name, *columns in (re.findall(r"`(\w+)`", each) for each in tables)
        for column in columns
    }


def made_up_data(seed, count):
    """Of every table, with all the odd combinations."""
    cases, before = made_up(seed, count), made_up(seed + 50, count // 3)
    for case in before:
        case["received_at"] -= 90 * DAY  # into the quarter before
    raised = [
        {
            "case": f"{n:05d}",
            "level": n % 3 + 1,
            "trigger": ("breach", "dispute")[n % 2],
            "state": ("raised", "decided")[n % 2],
            "decision": ("", "instruct")[n % 2],
        }
        for n in range(count // 4)
    ]
    now = as_rows(cases=cases, clocks=made_up_clocks(seed, cases), escalations=raised)
    then = as_rows(cases=before, clocks=made_up_clocks(seed + 50, before))
    voices = {"rounds": rounds(seed), "after_case": AFTER_CASE, "call_backs": CALL_BACKS}
    rest = made_up_rest(seed, cases) | voices if count else {}
    then |= {name: rest[name] for name in ("agencies", "areas") if rest}
    tables = Tables.of(now | rest, Tables.of(then))
    names = {code: {"id": f"Dinas {code}"} for code in ("PUPR", "DLHK", "DISHUB")}
    figures = compute(tables, PERIOD, BUILT, settings.CITY.tz)
    for row in [*figures["by_agency"], *figures["previous"]["by_agency"]]:
        row["code"], row["agency"] = row["agency"], names.get(row["agency"], {}).get("id", "")
    data = {
        "format": 3,
        "city": {"time_zone": settings.CITY.time_zone},
        "period": {"from": PERIOD.first.isoformat(), "to": PERIOD.last.isoformat()},
        "built_at": BUILT.isoformat(),
        "definitions": frozen_definitions(),
        "labels": {"agency": names},
        "figures": figures,
        "tables": tables.as_json(),
        "before": tables.before.as_json(),
    }
    return json.loads(json.dumps(data, default=list))


AFTER_CASE = [
    ("2026-01-01", "ending", "auto_closed", None, 20, 5, 5, 5, 5, 4, 16, 2),
    ("2026-01-01", "unit", "PUPR", 9, None, None, None, None, None, None, None, None),
]


def rounds(seed):
    dice = random.Random(seed)
    answers = [{key: dice.randint(1, 4) for key in ELEMENTS} for _n in range(30)]
    days = "2026-01-05", "2026-02-01"
    return [
        ("R1", "PUPR", "", *days, 100, None, len(answers), 0, moments_of(answers)),
        ("R9", "DLHK", "", *days, 100, None, None, None, None),
    ]


def differs(data):
    comparison = Comparison()
    count_again(data, comparison)
    return comparison.differs


@pytest.mark.parametrize(("seed", "count"), [(1, 400), (2, 300), (3, 1), (4, 0)])
def test_every_figure_comes_out_the_same_from_the_rows(seed, count):
    comparison = Comparison()
    left_out = count_again(made_up_data(seed, count), comparison)
    assert comparison.differs == []
    assert comparison.figures > 150
    assert left_out == []
    assert set(FIGURES) == set(COUNTS)


OTHERWISE = {
    "received_at": "2026-01-01T20:00:00Z",
    "ended_at": "2026-04-01T00:00:00Z",
    "target_at": None,
    "promised_at": None,
    "due_at": None,
    "stopped_at": None,
    "began_at": None,
    "until_at": "2026-04-01T00:00:00Z",
    "first_due_at": "2025-12-01T00:00:00Z",
    "state": "lapsed",
    "stopped_by": "handed_back",
}


@pytest.fixture(scope="module")
def small_data():
    return made_up_data(6, 40)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_row_changed_taken_out_or_put_in_is_found(small_data, name):
    """Whichever column of it, in at least one of the rows: a deadline moved from late to later changes no figure."""
    data, rows, silent = small_data, small_data["tables"][name]["rows"], said_to_show_by_the_digest_only()
    assert any(is_missed(data, rows, n) for n in range(len(rows)))
    with kept(rows):
        rows.append(rows[0])
        assert differs(data)
    for place, column in enumerate(COLUMNS[name]):
        is_silent = (name, column) in silent
        tried = rows[:3] if is_silent else rows
        found = any(
            is_found(data, row, place, value)
            for row in tried
            for value in others(data, name, column, row[place])
        )
        assert found is not is_silent, column


def is_missed(data, rows, n):
    with kept(rows):
        del rows[n]
        return bool(differs(data))


@contextmanager
def kept(rows):
    before = list(rows)
    yield
    rows[:] = before


def is_found(data, row, place, value):
    old, row[place] = row[place], value
    try:
        return value != old and bool(differs(data))
    except ValueError:  # it cannot be: the program says that the file is damaged
        return True
    finally:
        row[place] = old


# What the rows among themselves would not refuse.
CAN_BE = {
    ("carried", "received_at"): ["2025-06-01T00:00:00Z"],
    ("inputs", "on"): ["2026-01-02", "2026-01-03"],
}


def others(data, name, column, value):
    """What may stand there instead."""
    if (name, column) in CAN_BE:
        return CAN_BE[name, column]
    if column == "case" and name not in ("cases", "carried"):
        return [row[0] for row in data["tables"]["cases"]["rows"][:4]]
    if column in OTHERWISE and name in ("cases", "clocks", "carried", "stays"):
        return [OTHERWISE[column]]
    if isinstance(value, bool):
        return [not value]
    if column == "moments":
        return [value and value | {"sums": [[n + 1 for n in line] for line in value["sums"]]}]
    return ["another", "2026-01-02"] if isinstance(value, str) else [(value or 0) + 1]


def test_a_changed_figure_is_found_wherever_it_stands():
    data = made_up_data(7, 60)
    for change in (
        lambda figures: figures.update(late=figures["late"] - 1),
        lambda figures: figures["by_agency"][1].update(on_time_share=99.5),
        lambda figures: figures["by_agency"].pop(),
        lambda figures: figures["excluded"].update(merged=7),
        lambda figures: figures["previous"].update(hours_to_end_median=1.5),
        lambda figures: figures["stages"][2]["not_needed"].update(lapsed=99),
        lambda figures: figures.update(rating_mean=None),
    ):
        changed = deepcopy(data)
        change(changed["figures"])
        assert len(differs(changed)) >= 1


def test_it_shares_nothing_with_what_it_checks():
    for source in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {name.partition(".")[0] for name in names}
            assert roots <= sys.stdlib_module_names | {"tuntas_recount"}, source.name


# The paper itself


def make_report():
    agency = make_agency("PUPR")
    for _n in range(22):
        factories.closed(agency=agency, category=factories.make_category())
    factories.assigned(agency=agency)
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    return report_pdf(freeze(november, None, actor=None, now=FRIDAY + 2 * DAY), language="en")


@pytest.fixture(scope="module")
def paper(module_rows):
    return module_rows.make(make_report)


def run(path, *arguments):
    out = io.StringIO()
    code: int | str | None = 0
    try:
        call_command("recount_report", str(path), "--json", *arguments, stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, json.loads(out.getvalue())


def forged(paper, change):
    """The paper with other data in it, as whoever has an editor would do it."""
    with pikepdf.open(io.BytesIO(paper)) as document:
        spec = document.attachments["tuntas-snapshot.json"]
        data = json.loads(spec.get_file().read_bytes())
        change(data)
        spec.obj.EF.F.write(json.dumps(data).encode())
        document.save(out := io.BytesIO(), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.long
def test_the_command_says_that_everything_agrees(paper, tmp_path):
    (tmp_path / "r.pdf").write_bytes(paper)
    code, result = run(tmp_path / "r.pdf")
    assert (code, result["ok"], result["differs"], result["edition"]) == (0, True, [], "archive")
    assert result["figures"] > 300
    assert run(tmp_path / "r.pdf", "--digest", result["snapshot"])[0] == 0
    assert run(tmp_path / "r.pdf", "--digest", "0" * 64)[0] == 1


@pytest.mark.django_db
@pytest.mark.long
def test_the_command_says_what_differs(paper, tmp_path):
    def change(data):
        data["tables"]["cases"]["rows"].pop()

    (tmp_path / "r.pdf").write_bytes(forged(paper, change))
    code, result = run(tmp_path / "r.pdf")
    found = {each["figure"] for each in result["differs"]}
    assert (code, result["ok"]) == (1, False)
    assert {"received", "digest on paper", "number of the file"} <= found


@pytest.mark.django_db
@pytest.mark.long
def test_a_figure_painted_over_on_the_page_is_found(paper, tmp_path):
    """Somebody makes both data and figures fit, and leaves the page as it was, or the other way round."""

    def change(data):
        data["figures"]["received"] = 24

    (tmp_path / "r.pdf").write_bytes(forged(paper, change))
    found = {each["figure"] for each in run(tmp_path / "r.pdf")[1]["differs"]}
    assert {"received", "received on paper"} <= found


@pytest.mark.django_db
@pytest.mark.long
def test_what_cannot_be_counted_is_said_so(paper, tmp_path):
    empty = pikepdf.Pdf.new()
    empty.add_blank_page()
    empty.save(plain := io.BytesIO(), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for content in (
        b"%PDF-1.7\n" + b"x" * 999,
        paper + b"\n% more",
        paper[:-900],
        plain.getvalue(),
        paper + paper,
    ):
        (tmp_path / "r.pdf").write_bytes(content)
        code, result = run(tmp_path / "r.pdf")
        assert (code, result["ok"]) == (2, False)
        assert result["error"]
    with pytest.raises(CommandError):
        call_command("recount_report", str(tmp_path / "none.pdf"))


@pytest.mark.django_db
@pytest.mark.long
def test_anyone_drops_the_file_on_the_page(client, paper):
    client.cookies["django_language"] = "en"
    page = client.get("/reports/check/").content.decode()
    assert 'href="/ledger/"' in page
    assert 'href="/reports/check/"' in client.get("/ledger/").content.decode()
    assert "Check a report" in page
    file = SimpleUploadedFile("r.pdf", paper, "application/pdf")
    said = client.post("/reports/check/", {"file": file}).content.decode()
    assert "Everything agrees" in said
    other_file = SimpleUploadedFile("r.pdf", forged(paper, lambda data: data["figures"].update(late=99)))
    said = client.post("/reports/check/", {"file": other_file}).content.decode()
    assert "Something differs" in said
    assert '<code translate="no">late</code>' in said
    for content, words in (
        (b"GIF89a", "This is not a PDF"),
        (b"%PDF-1.7 nothing", "cannot be counted again"),
    ):
        answer = client.post("/reports/check/", {"file": SimpleUploadedFile("r.pdf", content)})
        assert words in answer.content.decode()


def test_the_program_alone_does_the_same(paper, tmp_path):
    """Downloaded, on a computer with nothing but Python."""
    (tmp_path / "tuntas_recount.pyz").write_bytes(program())
    (tmp_path / "r.pdf").write_bytes(paper)
    assert program() == program()
    assert zipfile.ZipFile(io.BytesIO(program())).testzip() is None
    command = [sys.executable, "-I", "-S", "tuntas_recount.pyz", "r.pdf"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "OK")


def test_words_and_files_are_read_as_another_reader_reads_them(paper):
    own = Pdf(paper)
    assert words_of(own) == printed.words_of(paper)
    with printed.open_pdf(paper) as document:
        expected = document.attachments["tuntas-snapshot.json"].get_file().read_bytes()
    assert own.files() == {"tuntas-snapshot.json": expected}


def test_what_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MOST", 10)
    packed = pdf.Stream({"/Filter": "/FlateDecode"}, zlib.compress(b"x" * 99))
    with pytest.raises(Unreadable, match="too large"):
        unpack(packed)
