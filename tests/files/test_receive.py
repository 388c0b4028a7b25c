"""Uploads: what is taken, what is refused and with which words, and what is left of a file."""

import errno
import io
import signal
import subprocess
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image
from pytest_django import Settings

from complaints.files import child, storage
from complaints.files.thumbnails import thumbnail
from complaints.models import Attachment, Complaint
from tests.files.samples import CANARY, SIZE, bomb_png, locked_pdf, many_pages, sample, upload
from tests.filing.form import PATH, hidden, minimal, open_city, opened, walked
from tests.shared import path_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def take(upload: SimpleUploadedFile) -> Attachment:
    return storage.receive(upload, digest="d", now=NOW)


def refusal(upload: SimpleUploadedFile) -> str:
    with translation.override("en"), pytest.raises(storage.FileRefused) as refused:
        take(upload)
    assert not Attachment.objects.exists()
    return str(refused.value)


@pytest.mark.parametrize(
    ("kind", "name", "shown", "content_type"),
    [
        ("jpg", "foto.JPEG", "foto.jpg", "image/jpeg"),
        ("png", "foto.png", "foto.png", "image/png"),
        ("webp", "foto.webp", "foto.webp", "image/webp"),
        ("heic", "IMG_1.HEIC", "IMG_1.jpg", "image/jpeg"),
        ("heic", "IMG_1.heif", "IMG_1.jpg", "image/jpeg"),
        ("heix", "IMG_2.HEIC", "IMG_2.jpg", "image/jpeg"),  # ten bits, as new telephones take them
        ("heic", "IMG_3.jpg", "IMG_3.jpg", "image/jpeg"),
        ("jpg", "unduhan.jfif", "unduhan.jpg", "image/jpeg"),
        ("pdf", "surat.pdf", "surat.pdf", "application/pdf"),
    ],
)
def test_photos_and_pdfs_are_taken_without_their_metadata(
    kind: str, name: str, shown: str, content_type: str
) -> None:
    assert CANARY.encode() in sample(kind) or kind in ("heic", "heix", "pdf")
    kept = take(upload(kind, name))
    data = storage.read(kept)
    assert (kept.name, kept.content_type, kept.size) == (shown, content_type, len(data))
    for trace in (CANARY.encode(), b"Exif", b"GPS", b"xmpmeta", b"/JavaScript", b"/Launch", b"/EmbeddedFile"):
        assert trace not in data


def test_a_photo_is_turned_the_way_it_was_held() -> None:
    data = storage.read(take(upload("jpg")))
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (SIZE[1], SIZE[0])
        assert not picture.getexif()


def test_a_large_photo_is_shrunk_to_what_a_screen_shows() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4000, 1000)).save(out, "JPEG")
    data = storage.read(take(upload("jpg", data=out.getvalue())))
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (2560, 640)


def test_a_large_webp_is_taken_and_waits_for_the_worker() -> None:
    out = io.BytesIO()
    Image.new("RGB", (6300, 6300)).save(out, "WEBP", method=0)
    file = storage.receive(upload("webp", data=out.getvalue()), digest="d", now=NOW, may_wait=True)
    key = storage.make_received_safe(file).key
    with Image.open(path_of(key)) as picture:
        assert file.is_waiting and picture.size == (2560, 2560)


def test_a_refusal_says_what_is_wrong() -> None:
    assert "called .png, but what is in it is JPG" in refusal(upload("", "foto.png", sample("jpg")))
    assert "more than 300 pages" in refusal(upload("pdf", data=many_pages(301)))


def test_a_small_picture_is_small_whatever_it_is_of() -> None:
    for kind in ("jpg", "png", "webp"):
        data = thumbnail(storage.read(take(upload(kind))))
        with Image.open(io.BytesIO(data)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (SIZE[1], SIZE[0]))
    with pytest.raises(storage.FileDamaged):
        thumbnail(b"not a picture")


def test_a_pdf_keeps_its_pages_and_loses_what_can_act() -> None:
    data = storage.read(take(upload("pdf")))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages"}
        assert "/Annots" not in pdf.pages[0].obj
        assert "/AA" not in pdf.pages[0].obj
        assert pdf.pages[0].get_images()
        jpeg = next(iter(pdf.pages[0].get_images().values())).read_raw_bytes()
        assert CANARY.encode() not in jpeg
        with Image.open(io.BytesIO(jpeg)) as picture:
            picture.load()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("foto.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("letter.docx", b"PK\x03\x04" + b"\0" * 100),
        ("tool.exe", b"MZ" + b"\0" * 100),
        ("foto.png", b"GIF89a/*" + b"\0" * 100),
        ("foto.png", sample("jpg")),
        ("foto.pdf", sample("png")),
        ("foto.jpg.exe", sample("jpg")),
        ("foto", sample("jpg")),
        ("page.html", b"\xff\xd8\xff\xe0<script>alert(1)</script>"),
    ],
)
def test_only_what_is_a_photo_or_pdf_by_bytes_and_by_name_is_taken(name: str, data: bytes) -> None:
    assert "Only photos" in refusal(upload("", name, data))


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("jpg", b"", "empty"),
        ("jpg", b"\xff\xd8\xff\xe0" + b"x" * 5000, "damaged"),
        ("jpg", sample("jpg")[:300], "damaged"),
        ("pdf", b"%PDF-1.7\n" + b"x" * 5000, "damaged"),
        ("pdf", locked_pdf(), "password"),
        ("png", bomb_png(), "too many pixels"),
        ("png", bomb_png(8000, 5001), "too many pixels"),
        ("jpg", sample("jpg") + b"\0" * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(kind: str, data: bytes, words: str) -> None:
    assert words in refusal(upload(kind, data=data))


def test_a_picture_that_is_also_a_script_comes_out_as_a_picture_only() -> None:
    polyglot = sample("jpg") + b"<script>alert(1)</script>"
    assert b"<script>" not in storage.read(take(upload("jpg", data=polyglot)))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/foto.jpg", "foto.jpg"),
        ("..\\..\\foto.jpg", "foto.jpg"),
        ("a\r\nb: c.jpg", "ab: c.jpg"),
        ("\u202egpj.exe.jpg", "gpj.exe.jpg"),
        ("-rf.jpg", "-rf.jpg"),
        (".jpg", "jpg"),
        ("   .jpg", "jpg"),
        ("e\u0301.jpg", "é.jpg"),
        ("x" * 300 + ".jpg", "x" * 120 + ".jpg"),
        ('a";filename="b.html.jpg', 'a";filename="b.html.jpg'),
    ],
)
def test_names_are_made_safe_to_show(name: str, shown: str) -> None:
    assert storage.clean_name(name) == shown


def test_on_disk_a_file_has_a_name_and_mode_of_ours(tmp_path: Path) -> None:
    kept = take(upload("png", "../../rahasia.png"))
    path = path_of(kept.key)
    assert path.is_relative_to(tmp_path)
    assert "rahasia" not in str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_child_process_is_given_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    run = subprocess.run

    def watched(*args: Any, **options: Any) -> Any:
        seen.update(options)
        return run(*args, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    take(upload("jpg"))
    assert set(seen["env"]) == {"PATH", "PYTHONDONTWRITEBYTECODE"}


def test_files_wait_with_the_form_through_errors_and_the_summary(client: Client) -> None:
    open_city()
    failed = client.post(
        PATH, opened(client) | {"description": "", "attachments": [upload("jpg"), upload("png")]}
    )
    assert failed.status_code == 422
    assert "foto.jpg" in failed.content.decode()
    kept = hidden(failed.content.decode())
    key = Attachment.objects.get(name="foto.png").key
    review = walked(client, kept | minimal(step="review", drop=key))
    assert "foto.jpg" in review.content.decode()
    assert "foto.png" not in review.content.decode()
    client.post(PATH, hidden(review.content.decode()) | {"step": "send"})
    assert [file.name for file in Complaint.objects.get().attachments.all()] == ["foto.jpg"]
    assert not path_of(key).exists()


def test_a_bad_file_is_named_and_the_good_one_is_kept(client: Client) -> None:
    open_city()
    client.cookies["django_language"] = "en"
    bad = SimpleUploadedFile("<b>virus.exe", b"MZ")
    answer = client.post(PATH, opened(client) | minimal(attachments=[upload("jpg"), bad]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "&lt;b&gt;virus.exe" in page
    assert "foto.jpg" in page
    assert not Complaint.objects.exists()


def test_nobody_can_take_the_draft_files_of_another(client: Client) -> None:
    open_city()
    client.post(PATH, opened(client) | minimal(step="review", attachments=upload("jpg")))
    key = Attachment.objects.get().key
    stranger = Client()
    stranger.post(PATH, opened(stranger) | minimal(drop=key, attachments=key))
    assert Attachment.objects.get().complaint is None
    assert stranger.get(f"/files/{key}/").status_code == 404
    assert Complaint.objects.get().attachments.count() == 0


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_without_room_for_files_or_with_a_failing_disk_the_report_is_kept_and_words_alone_still_arrive(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    open_city()

    def full(*args: object, **options: object) -> None:
        raise OSError(error, "the disk")

    monkeypatch.setattr(storage, "_sanitise_and_store", full)
    data = opened(client) | minimal()
    answer = client.post(PATH, data | {"attachments": upload("jpg")})
    assert answer.status_code == 507
    assert "Jalan berlubang di depan pasar." in answer.content.decode()
    assert client.post(PATH, data).status_code == 201


def _bomb(times: int = 3) -> bytes:
    """A page whose contents unpack, again and again, to more than any machine has."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    data = b" " * 50_000_000
    for _time in range(times):
        data = zlib.compress(data, 9)
    packed = pdf.make_stream(data)
    packed.write(data, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * times))
    pdf.pages[0].Contents = packed
    pdf.pages[0].Annots = pikepdf.Array([])
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_file_that_takes_too_long_is_refused_with_the_true_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = subprocess.CompletedProcess([], -signal.SIGXCPU, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: killed)
    with translation.override("en"), pytest.raises(storage.FileRefused, match="too long"):
        storage.receive(upload("pdf"), digest="a", now=NOW)


def test_what_unpacks_without_end_is_over_within_the_bounds_of_its_process() -> None:
    file = SimpleUploadedFile("surat.pdf", _bomb())
    with suppress(storage.FileRefused):
        storage.receive(file, digest="a", now=NOW)
    assert len(_bomb()) < 100_000


def test_where_all_places_are_taken_the_report_is_kept_and_nobody_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_city()
    data = opened(client) | minimal()
    taken = BoundedSemaphore(1)
    taken.acquire()
    with monkeypatch.context() as busy:
        busy.setattr(child, "_at_work", taken)
        answer = client.post(PATH, data | {"attachments": upload("jpg")})
    assert answer.status_code == 503
    assert "Jalan berlubang di depan pasar." in answer.content.decode()
    assert client.post(PATH, data | {"attachments": upload("jpg")}).status_code == 201


def test_a_network_has_so_many_files_an_hour(client: Client, settings: Settings) -> None:
    settings.FILES_PER_HOUR = 2
    open_city()
    data = opened(client) | minimal()
    assert (
        client.post(PATH, data | {"attachments": [upload("jpg"), upload("png"), upload("pdf")]}).status_code
        == 503
    )
    assert client.post(PATH, data | {"attachments": [upload("jpg"), upload("png")]}).status_code == 201
