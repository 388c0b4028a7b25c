"""What nobody needs any more goes after a day; what belongs to a case stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from complaints.files import storage
from complaints.integrity import strays
from complaints.models import Attachment
from tests.factories import file_complaint
from tests.files.samples import as_old_as_the_clock_says, upload
from tests.shared import path_of

pytestmark = pytest.mark.django_db


def test_old_drafts_and_stray_files_go_and_all_else_stays(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    old = now - timedelta(hours=25)
    stale = storage.receive(upload("jpg"), digest="a", now=old)
    fresh = storage.receive(upload("jpg"), digest="b", now=now - timedelta(hours=23))
    kept = storage.receive(upload("jpg"), digest="c", now=old)
    case = file_complaint()
    Attachment.objects.filter(pk=kept.pk).update(complaint=case, draft_digest="")
    stray, half = tmp_path / "ab" / ("ab" + "0" * 30), tmp_path / "tmp" / "x.in"
    for path in (stray, half):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    young = tmp_path / "ab" / ("ab" + "1" * 30)
    young.write_bytes(b"x")
    for path in (stray, half, path_of(kept.key)):
        os.utime(path, (old.timestamp(), old.timestamp()))
    os.utime(young, (now.timestamp(), now.timestamp()))  # the disk has a clock of its own

    assert storage.collect_garbage(now) == 3

    assert not path_of(stale.key).exists()
    assert not stray.exists()
    assert not half.exists()
    assert young.exists()
    assert storage.read(fresh)
    assert storage.read(kept)
    assert set(Attachment.objects.values_list("pk", flat=True)) == {fresh.pk, kept.pk}
    assert storage.collect_garbage(now) == 0


def test_a_file_that_becomes_a_cases_while_old_drafts_are_swept_stays(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = file_complaint()
    file = storage.receive(upload("jpg"), digest="a", now=timezone.now())

    def filed_meanwhile(rows: QuerySet[Attachment], using: str) -> int:
        """Between what was read and the deletion."""
        Attachment.objects.filter(pk=file.pk).update(complaint=case, draft_digest="")
        return delete(rows, using)

    delete = QuerySet._raw_delete
    monkeypatch.setattr(QuerySet, "_raw_delete", filed_meanwhile)
    storage.discard(file)
    assert Attachment.objects.filter(pk=file.pk, complaint=case).exists()
    assert storage.read(file)


def test_a_draft_is_deleted_by_one_statement_that_holds_its_condition() -> None:
    """Of two, the second would delete what became a case's in between."""
    file = storage.receive(upload("jpg"), digest="a", now=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        storage.discard(file)
    (statement,) = [query["sql"] for query in asked]
    assert statement.startswith("DELETE") and '"complaint_id" IS NULL' in statement


def test_a_stray_file_is_named_once_it_is_a_day_old(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    stray = tmp_path / "ab" / ("ab" + "0" * 30)
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    as_old_as_the_clock_says(tmp_path)
    assert list(strays(now)) == []
    assert list(strays(now + timedelta(hours=27))) == ["ab/ab0000…"]
