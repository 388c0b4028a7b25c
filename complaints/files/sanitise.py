"""Makes one uploaded file harmless: `python -m complaints.files.sanitise KIND SOURCE TARGET [later] [capture]`, run as
a child.

Pictures are decoded and encoded anew without metadata, PDFs rewritten without scripts, actions, embedded
files and metadata. Knows no Django and none of the site's secrets; memory and time are limited, so that a
hostile file ends this process and nothing else. Prints {"ok": true} or {"ok": false, "why": CODE} and ends; with
`capture` also what the camera wrote into a picture of when and where it was taken, {"taken": …}.

Each file has a process of its own, and most are photos: what reads the other kinds is loaded for them alone.
"""

import json
import resource
import sys
import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

MB = 1024 * 1024


class Bounds(NamedTuple):
    """What one file may take. `pixels` by kind: measured so that a picture takes what `memory` says, and no more."""

    memory: int  # address space, in bytes: what the libraries map without using it is in it
    seconds: int  # of a processor
    pixels: Mapping[str, int]


# While somebody waits for the answer: about 300 MB and 5 s. A PNG with an alpha channel counts five thirds.
NOW = Bounds(448 * MB, 5, {"jpg": 60_000_000, "png": 40_000_000, "webp": 16_000_000, "heic": 36_000_000})
# By the worker, one at a time, while the file waits.
LATER = Bounds(960 * MB, 30, {"jpg": 120_000_000, "png": 80_000_000, "webp": 48_000_000, "heic": 80_000_000})
PDF_BYTES = 352 * MB  # of address space, in the request
RESULT_BYTES = 40 * 1024 * 1024
LONGEST_SIDE = 2560  # pixels; a street sign on a photo stays readable
MAX_PAGES = 300

FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA"), "WEBP": ("RGB", "RGBA")}

TURNS = {  # the EXIF note of how the camera was held, and what puts the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What a page is drawn from. Annotations are drawn into it first; whatever else hangs on a page is left behind.
PAGE_PARTS = frozenset(
    [
        "/Type",
        "/Parent",
        "/Contents",
        "/Resources",
        "/MediaBox",
        "/CropBox",
        "/BleedBox",
        "/TrimBox",
        "/ArtBox",
        "/Rotate",
        "/UserUnit",
        "/Group",
    ]
)
# What may hang on a picture or a drawing inside the page and is not needed to draw it.
STREAM_EXTRAS = [
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/StructParents",
    "/StructParent",
    "/AF",
    "/OPI",
    "/Ref",
]
METADATA_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})  # JPEG: EXIF and XMP, IPTC, comments


class Refused(Exception):
    """The file cannot be taken; the code says why."""


def limit_resources(kind: str, bounds: Bounds) -> None:
    memory = PDF_BYTES if kind == "pdf" and bounds == NOW else bounds.memory
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (RESULT_BYTES, RESULT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _know(kind: str) -> None:
    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener()


def clean_picture(kind: str, source: Path, target: Path, bounds: Bounds) -> None:
    """Decodes with the one decoder of its type, turns and shrinks, encodes without metadata. HEIC becomes JPEG."""
    _know(kind)
    Image.MAX_IMAGE_PIXELS = max(LATER.pixels.values())
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        # `open` reads the header only: what is too large is refused before a pixel is decoded.
        with Image.open(source, formats=[FORMATS[kind]]) as picture:
            check_pixels(picture, kind, bounds)
            write_picture(picture, "JPEG" if kind == "heic" else FORMATS[kind], target)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused("too_many_pixels") from error


def check_pixels(picture: Image.Image, kind: str, bounds: Bounds) -> None:
    """ "too_heavy" for now; "too_many_pixels" for the worker too."""
    pixels = picture.width * picture.height
    if kind == "png" and ("A" in picture.getbands() or "transparency" in picture.info):
        pixels = pixels * 5 // 3
    if pixels > LATER.pixels[kind]:
        raise Refused("too_many_pixels")
    if pixels > bounds.pixels[kind]:
        raise Refused("too_heavy")


def write_picture(picture: Image.Image, form: str, target: Path) -> None:
    turn = TURNS.get(picture.getexif().get(0x0112, 1))
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded smaller at once
    clean: Image.Image = picture
    if clean.mode not in MODES[form]:
        alpha = form != "JPEG" and ("transparency" in clean.info or clean.mode == "PA")
        clean = clean.convert("RGBA" if alpha else "RGB")
    clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if turn is not None:
        clean = clean.transpose(turn)
    # A new picture out of the pixels alone: an encoder takes comments and profiles from the old one's `info`.
    bare = Image.new(clean.mode, clean.size)
    bare.paste(clean)
    bare.save(target, format=form, **({} if form == "PNG" else {"quality": 85}))


def taken(picture: Image.Image) -> dict[str, object]:
    """Time, its zone and position (degrees north and east) as the camera wrote them; nothing of it is checked here."""
    exif = picture.getexif()
    of_camera = exif.get_ifd(0x8769)
    told: dict[str, object] = {"at": str(of_camera.get(0x9003, "")), "offset": str(of_camera.get(0x9011, ""))}
    position = exif.get_ifd(0x8825)
    if all(number in position for number in (1, 2, 3, 4)):
        told["position"] = [_degrees(position[2], position[1]), _degrees(position[4], position[3])]
    return told


def _degrees(parts: tuple[float, float, float], side: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    whole = degrees + minutes / 60 + seconds / 3600
    return -whole if str(side).strip("\0 ") in ("S", "W") else whole


def read_taken(kind: str, source: Path) -> dict[str, object]:
    """As above; empty where a file says nothing that makes sense."""
    _know(kind)
    try:
        with Image.open(source, formats=[FORMATS[kind]]) as picture:
            return taken(picture)
    except Exception:  # noqa: BLE001 - what a camera wrote is no reason to refuse its picture
        return {}


def clean_pdf(source: Path, target: Path) -> None:
    """Copies the pages, and only what they are drawn from, into a new file."""
    import pikepdf

    try:
        with pikepdf.open(source) as original:
            if original.is_encrypted:
                raise Refused("encrypted")
            if len(original.pages) > MAX_PAGES:
                raise Refused("too_many_pages")
            if not original.pages:
                raise Refused("unreadable")
            original.generate_appearance_streams()
            original.flatten_annotations("all")
            with pikepdf.new() as clean:
                clean.pages.extend(original.pages)
                for page in clean.pages:
                    for part in set(page.obj.keys()) - PAGE_PARTS:
                        del page.obj[part]
                for thing in clean.objects:
                    strip_object(thing)
                clean.save(target, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error


def strip_object(thing: Any) -> None:
    """Takes from a picture or drawing of a PDF what it is not drawn from."""
    import pikepdf

    if not isinstance(thing, pikepdf.Stream):
        return
    for part in STREAM_EXTRAS:
        if part in thing:
            del thing[part]
    filters = thing.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if names[-1] == "/DCTDecode":
        data = thing.read_raw_bytes()
        if names == ["/FlateDecode", "/DCTDecode"]:
            data = zlib.decompress(data)
        elif len(names) > 1:
            raise Refused("unreadable")
        thing.write(bare_jpeg(data), filter=pikepdf.Name.DCTDecode)


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG without the segments in which cameras say where and when; unchanged where it makes no sense."""
    if data[:2] != b"\xff\xd8":
        return data
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:  # from here on it is picture
            break
        if marker not in METADATA_SEGMENTS:
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    return b"".join([*kept, data[at:]])


def clean(kind: str, source: Path, target: Path, bounds: Bounds = NOW) -> None:
    """Writes the harmless copy of `source` to `target`. Raises Refused."""
    try:
        if kind == "pdf":
            clean_pdf(source, target)
        else:
            clean_picture(kind, source, target, bounds)
    except Refused:
        raise
    except MemoryError as error:
        raise Refused("too_much_memory") from error
    except Exception as error:  # whatever a decoder says of a broken file, it is a broken file
        raise Refused("unreadable") from error


def main(arguments: list[str]) -> int:
    kind, source, target, *more = arguments
    bounds = LATER if "later" in more else NOW
    limit_resources(kind, bounds)
    try:
        clean(kind, Path(source), Path(target), bounds)
    except Refused as refused:
        sys.stdout.write(json.dumps({"ok": False, "why": str(refused)}))
        return 0
    result: dict[str, object] = {"ok": True}
    if "capture" in more and kind in FORMATS:
        result["taken"] = read_taken(kind, Path(source))
    sys.stdout.write(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
