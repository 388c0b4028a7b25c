"""Pictures made on the spot: each seed another scene, with when and where its camera says it was taken."""

import io
from datetime import datetime
from hashlib import sha256
from random import Random
from secrets import token_hex
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageEnhance

from complaints.models import Attachment
from tests.factories import FRIDAY, HOUR
from tests.shared import path_of

HERE, THERE = (-10.1600, 123.6070), (-10.2000, 123.6070)  # some 4.4 km apart


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    draw = Random(seed)
    picture = Image.new("RGB", size, tuple(draw.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(picture)
    for _each in range(14):
        at = [draw.randrange(size[0]), draw.randrange(size[1])]
        to = [at[0] + draw.randrange(20, 300), at[1] + draw.randrange(20, 240)]
        pen.rectangle((*at, *to), fill=tuple(draw.randrange(256) for _ in range(3)))
    return picture


def again(picture: Image.Image) -> Image.Image:
    """The same made smaller and brighter, as it comes back from a chat."""
    return ImageEnhance.Brightness(picture.resize((400, 300))).enhance(1.15)


def kept(
    picture: Image.Image,
    shows: str = "",
    *,
    at: datetime | None = None,
    position: tuple[float, float] | None = None,
    quality: int = 85,
) -> Attachment:
    """As if it had been received: a draft with its bytes."""
    data = photo(picture, quality=quality).read()
    key, (latitude, longitude) = token_hex(16), position or (None, None)
    path_of(key).parent.mkdir(parents=True, exist_ok=True)
    path_of(key).write_bytes(data)
    return Attachment.objects.create(
        draft_digest="d" * 64,
        key=key,
        name="foto.jpg",
        content_type="image/jpeg",
        size=len(data),
        sha256=sha256(data).hexdigest(),
        added_at=FRIDAY + 3 * HOUR,
        shows=shows,
        taken_at=at,
        taken_latitude=latitude,
        taken_longitude=longitude,
    )


def photo(
    picture: Image.Image,
    name: str = "foto.jpg",
    *,
    at: str = "",
    offset: str = "",
    position: tuple[float, float] | None = None,
    quality: int = 85,
) -> SimpleUploadedFile:
    """A JPEG as a telephone sends it; `at` is "2026:11:20 10:00:00"."""
    exif = Image.Exif()
    if at:
        exif.get_ifd(0x8769).update({0x9003: at} | ({0x9011: offset} if offset else {}))
    if position:
        exif.get_ifd(0x8825).update(_gps(position))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def _gps(position: tuple[float, float]) -> dict[int, Any]:
    def parts(value: float) -> tuple[float, float, float]:
        degrees, rest = divmod(abs(value) * 3600, 3600)
        return degrees, rest // 60, rest % 60

    latitude, longitude = position
    sides = ("S" if latitude < 0 else "N", "W" if longitude < 0 else "E")
    return {1: sides[0], 2: parts(latitude), 3: sides[1], 4: parts(longitude)}
