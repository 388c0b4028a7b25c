"""Where the disk is full a report is not built: one sentence says so, and nothing lies around."""

import tempfile
from datetime import date
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from reports.documents.writing import write_together
from reports.figures import stored
from tests import factories


@pytest.mark.django_db
def test_a_report_for_which_there_is_no_room_is_refused_in_a_sentence(monkeypatch, tmp_path):
    factories.make_city()
    factories.file_complaint()
    days = {"first": date(2026, 11, 1), "last": date(2026, 11, 30), "out": tmp_path / "out"}
    monkeypatch.setattr(stored, "TemporaryFile", partial(open, "/dev/full", "w+b"))
    with pytest.raises(CommandError, match="No space left on device") as refused:
        call_command("build_report", **days, verbosity=0)
    assert refused.value.returncode == 2
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
    with pytest.raises(CommandError, match=r"TMPDIR .*: No usable temporary directory"):
        call_command("build_report", **days, verbosity=0)
    assert not (tmp_path / "out").exists()


def test_of_two_files_there_are_both_or_none(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    whole, nowhere = out / "report.pdf", out / "gone" / "rows.json"
    with pytest.raises(FileNotFoundError):
        write_together({whole: b"pdf", nowhere: b"rows"})
    assert list(out.iterdir()) == []
    write_together({whole: b"pdf"})
    with pytest.raises(FileNotFoundError):
        write_together({whole: b"other", nowhere: b"rows"})
    assert whole.read_bytes() == b"pdf"
    assert list(out.iterdir()) == [whole]
