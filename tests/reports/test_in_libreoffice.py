"""Open data opened by LibreOffice, where it is installed: no cell becomes a formula."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from complaints.csv_out import csv_text

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: nobody opened the CSV"),
]
NAMES = ("=1+1", "＝1+1", " =1+1", "\t=1+1", "+1", "-1+1", "@SUM(A1)", ";=1+1", "Dinas Sosial")


def test_no_name_in_open_data_becomes_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "by_agency.csv"
    file.write_text(csv_text(("agency", "received"), [(name, 12) for name in NAMES]), encoding="utf-8")
    assert SOFFICE is not None
    command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    subprocess.run(
        [*command, "--convert-to", "xlsx", "--outdir", str(tmp_path), str(file)], check=True, timeout=120
    )
    with zipfile.ZipFile(tmp_path / "by_agency.xlsx") as book:
        (sheet,) = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        cells = book.read(sheet).decode()
    assert cells.count("<row ") == len(NAMES) + 1
    assert "<f>" not in cells and "<f " not in cells
