"""Excel, OpenDocument, JSON lines, old encodings, titles above the headings: what a city's office has at hand."""

import gzip
import io
import json
import zipfile
from datetime import date, datetime

import pytest
from django.utils import translation

from complaints.importing.lines import BrokenFile
from complaints.importing.running import import_file
from complaints.models import Complaint
from tests.factories import FRIDAY
from tests.importing.files import GOOD, HEADINGS, OPEN, mapping
from tests.importing.workbooks import ods, xlsx

pytestmark = pytest.mark.django_db
ROWS = [HEADINGS.split(","), GOOD.split(","), OPEN.split(",")]


def take(path, **changes):
    with translation.override("en"):
        return import_file(path, mapping(**changes), now=FRIDAY)


def text(separator=",", encoding="utf-8"):
    return "\r\n".join(separator.join(row) for row in ROWS).encode(encoding)


def zipped(name, content, *others):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        folder.writestr("__MACOSX/._" + name, b"x")
        for each in (name, *others):
            folder.writestr(each, content)
    return out.getvalue()


OBJECTS = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
ANSWER = {"meta": {"pages": [{"n": 1}]}, "result": {"records": OBJECTS}}  # of an interface


FILES = {
    "semicolons": text(";"),
    "tabs": text("\t"),
    "bars": text("|"),
    "utf-16 with a mark": text("\t", "utf-16"),
    "utf-16 without": text(",", "utf-16-le"),
    "old windows": text(";").replace(b"Deep", "Déép".encode("cp1252")),
    "excel": xlsx({"Data": ROWS}),
    "excel, first sheet another": xlsx({"Sampul": [["Pemerintah Kota"]], "Data": ROWS}),
    "opendocument": ods({"Data": ROWS}),
    "json lines": "\n".join(map(json.dumps, OBJECTS)).encode(),
    "json": json.dumps(OBJECTS).encode(),
    "json in an object, on one line": json.dumps({"data": OBJECTS}).encode(),
    "json in an object, as it is printed": json.dumps(ANSWER, indent=2).encode(),
    "excel in a zip": zipped("export.xlsx", xlsx({"Data": ROWS})),
    "gzip in a zip": zipped("export.csv.gz", gzip.compress(text())),
    "titles above": b"LAPORAN PENGADUAN 2026\r\n\r\n" + text(),
    "titles above, excel": xlsx({"Data": [["LAPORAN", "", ""], [], *ROWS]}),
    "a total below": text() + b"\r\n,,,,,,,,,,\r\n",
    "headings repeated, as on paper": text() + b"\r\n" + HEADINGS.encode(),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_file_is_read_as_what_it_is(tmp_path, content):
    path = tmp_path / "unduhan"
    path.write_bytes(content)
    result = take(path)
    assert (result.created, result.rejected) == (2, [])
    assert Complaint.objects.get(source_id="1").received_at.isoformat() == "2026-01-05T00:00:00+00:00"


def test_the_list_that_was_found_in_an_object_is_said_and_a_case_alone_is_no_outer_object(tmp_path):
    path = tmp_path / "jawaban.json"
    path.write_bytes(json.dumps(ANSWER).encode())
    assert take(path).told == "JSON, utf-8, the list “result.records” in it"
    path.write_bytes(json.dumps(OBJECTS[1] | {"no": "3", "files": [{"name": "a"}]}).encode())
    assert take(path).created == 1


def test_accents_of_an_old_file_come_out_right(tmp_path):
    path = tmp_path / "unduhan.csv"
    path.write_bytes(FILES["old windows"])
    assert "cp1252" in take(path).told
    assert Complaint.objects.get(source_id="1").description == "Déép hole"


def test_a_number_with_a_point_and_nothing_behind_it_is_the_number(tmp_path):
    (tmp_path / "export.json").write_text(json.dumps([OBJECTS[0] | {"no": 5.0}]), encoding="utf-8")
    take(tmp_path / "export.json")
    assert Complaint.objects.get().source_id == "5"


def test_separators_that_only_the_headings_end_in_cut_no_record_off(tmp_path):
    lines = [";".join(row) for row in ROWS]
    path = tmp_path / "export.csv"
    path.write_text("\n".join([lines[0] + ";;", lines[1], lines[2] + ";;"]), encoding="utf-8")
    result = take(path)
    assert (result.created, result.rejected) == (2, [])
    path.write_text("\n".join([lines[0] + ";;", lines[1].replace("1;", "3;", 1).rpartition(";")[0]]), "utf-8")
    assert len(take(path).rejected) == 1


def test_cells_that_are_dates_and_numbers_are_read_as_such(tmp_path):
    opened, closed = (datetime.fromisoformat(f"2026-01-{day} 08:00") for day in ("05", "10"))
    row = [1, opened, date(2026, 1, 20), closed, *GOOD.split(",")[4:]]
    path = tmp_path / "export.xlsx"
    path.write_bytes(xlsx({"Data": [ROWS[0], row]}))
    assert take(path, dates=["%d/%m/%Y"]).rejected == []
    case = Complaint.objects.get(source_id="1")
    assert case.received_at.isoformat() == "2026-01-05T00:00:00+00:00"
    assert case.target_at.isoformat() == "2026-01-20T15:59:59+00:00"  # the end of that day in Kupang


def test_several_sheets_are_read_and_lines_say_of_which(tmp_path):
    bad = [["3", "someday", *OPEN.split(",")[2:]]]
    path = tmp_path / "export.xlsx"
    path.write_bytes(xlsx({"Januari": ROWS, "Februari": [ROWS[0], *bad], "Rekap": [["total", "2"]]}))
    result = take(path)
    assert result.created == 2
    assert [reason for _line, reason in result.rejected] == [
        "sheet “Februari”: “someday” is not a date (received_at)"
    ]
    assert "3 sheets" in result.told and "“Januari”, “Februari”" in result.told


def test_one_sheet_may_be_named(tmp_path):
    path = tmp_path / "export.xlsx"
    path.write_bytes(xlsx({"Januari": ROWS[:2], "Februari": [ROWS[0], ROWS[2]]}))
    assert take(path, sheet="februari").created == 1
    with pytest.raises(BrokenFile, match="no sheet “Maret” but “Januari”, “Februari”"):
        take(path, sheet="Maret")


def test_a_heading_above_several_columns_belongs_to_each(tmp_path):
    above = ["", "Tanggal", "", "", "", "", "", "", "", "", ""]
    below = ["no", "masuk", "batas", "selesai", *ROWS[0][4:]]
    columns = mapping().columns | {
        "received_at": ("Tanggal masuk",),
        "target_at": ("batas",),
        "ended_at": ("Tanggal Selesai",),
    }
    path = tmp_path / "export.xlsx"
    path.write_bytes(xlsx({"Data": [["Laporan"], above, below, *ROWS[1:]]}))
    named = {name: list(headings) for name, headings in columns.items()}
    assert take(path, columns=named).created == 2


WRONG = {
    "PDF": (b"%PDF-1.7 x", "This is a PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "web page": (b"<html><table><tr><td>no</td></tr></table></html>", "a web page"),
    "excel without the columns": (
        xlsx({"Data": [["a", "b"]], "Rekap": [["c"]]}),
        "an Excel file with 2 sheets. None of the first 30 rows",
    ),
    "zip with two": (zipped("a.csv", b"x", "b.csv"), "ZIP file with 2 files"),
    "half an excel": (xlsx({"Data": ROWS})[:900], "damaged"),
    "nothing": (b"", "empty"),
    "an object without a list": (
        b'{"ok": true,\n "data": {"1": {}}}',
        "one object .“ok”, “data”.. There is no list",
    ),
    "half an object": (json.dumps(ANSWER, indent=2)[:90].encode(), "not readable as JSON"),
}


@pytest.mark.parametrize(("content", "told"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_told_by_what_it_is(tmp_path, content, told):
    path = tmp_path / "export.xlsx"
    path.write_bytes(content)
    with pytest.raises(BrokenFile, match=f"(?i){told}"):
        take(path)
    assert not Complaint.objects.exists()
