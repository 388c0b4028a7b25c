"""A small picture of a stored one, so that a page with photos opens on a slow line."""

import io

from PIL import Image

from complaints.files.storage import FileDamaged

SIDE = 320  # pixels of the longer side: sharp at half of that on a telephone
CONTENT_TYPE = "image/jpeg"


def thumbnail(data: bytes) -> bytes:
    """A JPEG of what is stored: pictures that sanitise.py made, so none is larger than its LONGEST_SIDE.

    Raises FileDamaged where it is no picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
            picture.draft("RGB", (SIDE * 2, SIDE * 2))  # a JPEG is decoded smaller at once
            picture.thumbnail((SIDE, SIDE))
            small = Image.new("RGB", picture.size, "white")
            seen = picture.convert("RGBA")
            small.paste(seen, mask=seen.getchannel("A"))
    except (OSError, ValueError) as error:
        raise FileDamaged from error
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return out.getvalue()
