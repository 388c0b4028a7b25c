"""Which stored pictures look alike, whoever sent them, though they were made smaller, brighter or encoded anew.

Of each picture the worker works out a perceptual hash of 64 bits, kept as four bands of sixteen. Two hashes that differ
in at most seven bits have a band in which they differ in at most one (seven among four), so all that are near are among
those that have one of 68 values in an indexed column: the four bands and each with one bit turned.
"""

import io
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from PIL import Image

from complaints.files.storage import FileDamaged, read
from complaints.models import Attachment
from complaints.models.attachment import PICTURES

BANDS, WIDTH = 4, 16
NEAR = 2 * BANDS - 1  # bits
BATCH = 25  # pictures a turn of the worker
# One colour all over, black or white, is like every other: such a hash has nearly no bits, or nearly all.
TELLING = range(8, BANDS * WIDTH - 7)
SIDE = 256  # pixels to which a JPEG is decoded; the hash is of 32

Hash = tuple[int, int, int, int]


def hash_of(data: bytes) -> Hash | None:
    """The bands of a picture; None where it cannot be read, or tells nothing."""
    import imagehash

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
            picture.draft("L", (SIDE, SIDE))
            bits = imagehash.phash(picture).hash.flatten()
    except (OSError, ValueError):
        return None
    if int(bits.sum()) not in TELLING:
        return None
    one, two, three, four = (
        int("".join("1" if bit else "0" for bit in bits[at : at + WIDTH]), 2)
        for at in range(0, BANDS * WIDTH, WIDTH)
    )
    return one, two, three, four


def bands(picture: Attachment) -> Hash | None:
    found = (picture.phash_1, picture.phash_2, picture.phash_3, picture.phash_4)
    return None if None in found else found  # type: ignore[return-value]


def bits_between(one: Hash, other: Hash | None) -> int:
    """In how many bits they differ; in all, where there is nothing to compare."""
    if other is None:
        return BANDS * WIDTH
    return sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))


def near(hashes: Iterable[Hash]) -> QuerySet[Attachment]:
    """The pictures of cases that may be near one of these: a few, among which `bits_between` decides."""
    values: list[set[int]] = [set(), set(), set(), set()]
    for each in hashes:
        for band, value in enumerate(each):
            values[band] |= {value, *(value ^ (1 << bit) for bit in range(WIDTH))}
    found = Q()
    for number, of_band in enumerate(values, start=1):
        found |= Q(**{f"phash_{number}__in": sorted(of_band)})
    return Attachment.objects.filter(found, complaint__isnull=False)


def hash_waiting(now: datetime) -> int:
    """Works out the hashes of the oldest pictures that have none; how many. A damaged file is looked at once."""
    waiting = Attachment.objects.filter(is_hashed=False, is_waiting=False, content_type__in=PICTURES)
    pictures = list(waiting.order_by("pk")[:BATCH])
    for picture in pictures:
        try:
            found = hash_of(read(picture))
        except FileDamaged:
            found = None
        columns = dict(zip(("phash_1", "phash_2", "phash_3", "phash_4"), found or (), strict=False))
        Attachment.objects.filter(pk=picture.pk).update(is_hashed=True, **columns)
    return len(pictures)
