"""Small files of every kind, made on the spot, with metadata in them that must not come out again."""

import io
import os
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, PngImagePlugin

CANARY = "CNRY-metadata"
SIZE = (60, 40)


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = CANARY
    exif[0x0112] = 6  # the camera was held upright: the picture has to be turned
    position = exif.get_ifd(0x8825)
    position[1], position[2] = "S", (10.0, 9.0, 36.0)
    return exif


@lru_cache
def sample(kind: str) -> bytes:
    """Bytes of a good file of this kind: jpg, png, webp, heic, heix or pdf."""
    out = io.BytesIO()
    if kind == "heix":
        deep = pillow_heif.from_bytes(mode="RGB;16", size=SIZE, data=b"\x30\x75" * (SIZE[0] * SIZE[1] * 3))
        deep.save(out)
        return out.getvalue()
    if kind == "pdf":
        _pdf().save(out)
        return out.getvalue()
    picture = Image.new("RGB", SIZE, "#9b2d23")
    options: dict[str, Any] = {"exif": _exif()}
    if kind == "jpg":
        options["comment"] = CANARY.encode()
    if kind == "png":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", CANARY)
    if kind == "heic":
        pillow_heif.register_heif_opener()
    picture.save(out, format={"jpg": "JPEG", "heic": "HEIF"}.get(kind, kind.upper()), **options)
    return out.getvalue()


def _pdf() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0]
    jpeg = pdf.make_stream(sample("jpg"))
    jpeg.Type, jpeg.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    jpeg.Width, jpeg.Height, jpeg.BitsPerComponent = *SIZE, 8
    jpeg.ColorSpace, jpeg.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    name = page.add_resource(jpeg, pikepdf.Name.XObject)
    page.contents_add(f"q 100 0 0 100 20 20 cm {name} Do Q".encode())
    page.AA = pikepdf.Dictionary(O=_action(pikepdf.Name.JavaScript))
    page.Annots = pikepdf.Array([_link(pdf)])
    pdf.Root.OpenAction = _action(pikepdf.Name.JavaScript)
    pdf.docinfo["/Author"] = CANARY
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [CANARY]
    pdf.attachments["payload.exe"] = CANARY.encode()
    return pdf


def _action(kind: pikepdf.Name) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=kind, JS=f"app.alert('{CANARY}')")


def _link(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 10, 10],
            A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=CANARY),
        )
    )


def locked_pdf() -> bytes:
    out = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return out.getvalue()


def many_pages(count: int) -> bytes:
    out = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for _page in range(count - 1):
        pdf.pages.append(pdf.pages[0])
    pdf.save(out)
    return out.getvalue()


def bomb_png(width: int = 13_000, height: int = 13_000) -> bytes:
    """A small file that says it is a huge picture."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def as_old_as_the_clock_says(folder: Path) -> None:
    """The disk dates its files by the machine's clock, and the tests stand still at theirs, which will have been."""
    moment = timezone.now().timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))


def upload(kind: str, name: str = "", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name or f"foto.{kind}", sample(kind) if data is None else data)
