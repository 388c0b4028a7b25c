"""What people in the demo city write, from fixtures/demo/phrases.json, and the pictures they send."""

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from accounts.models import User
from complaints.files.keeping import put_bytes
from complaints.files.storage import safe_name
from complaints.identity import Identity
from complaints.models import Attachment
from config.demo.reality import NOBODYS_NUMBERS

# How often people complain about what, beside the usual 3.
WEIGHTS = {
    "road-damage": 14,
    "waste": 13,
    "water-supply": 10,
    "street-light": 9,
    "drainage": 8,
    "id-documents": 8,
    "traffic-parking": 6,
    "social-aid": 6,
    "illegal-levy": 2,
    "abuse-of-authority": 1,
    "staff-discipline": 2,
    "women-and-children": 1,
}
_GROUNDS = ((168, 150, 128), (140, 146, 150), (120, 134, 110), (176, 160, 140))


@dataclass
class Words:
    """The phrases, and the wards that stand in for {ward}."""

    phrases: dict[str, Any]
    wards: list[str]
    oversight: dict[str, Any] = field(default_factory=dict)
    forums: dict[str, Any] = field(default_factory=dict)
    voices: dict[str, Any] = field(default_factory=dict)

    def weight(self, category: str) -> int:
        return WEIGHTS.get(category, 3) if category in self.phrases["categories"] else 0

    def complaint(self, category: str, rng: Random) -> tuple[str, str, str]:
        """Subject, description and place."""
        report = rng.choice(self.phrases["categories"][category]["reports"])
        place = self._place(rng)
        subject = report["subject"].replace("{place}", place)
        body = report["description"].replace("{place}", place)
        opening, closing = rng.choice(self.phrases["openings"]), rng.choice(self.phrases["closings"])
        return subject[:150], f"{opening}{body}{closing}", place

    def resolution(self, category: str, rng: Random) -> str:
        answers = self.phrases["categories"].get(category, {}).get("answers") or [
            "Laporan Anda sudah kami tindak lanjuti di {place}."
        ]
        return str(rng.choice(answers)).replace("{place}", self._place(rng))

    def identity(self, rng: Random) -> Identity:
        name = rng.choice(self.phrases["given_names"])
        mail = f"{name.lower()}{rng.randrange(100, 999)}@warga.example" if rng.random() < 0.6 else ""
        phone = f"{NOBODYS_NUMBERS}{rng.randrange(10**4):04d}" if rng.random() < 0.7 else ""
        return Identity(name=name, email=mail, phone=phone)

    def question(self, rng: Random) -> str:
        return self._one("questions", rng)

    def answer(self, rng: Random) -> str:
        return self._one("citizen_answers", rng)

    def note(self, rng: Random) -> str:
        return self._one("notes", rng)

    def hand_back(self, rng: Random) -> str:
        return self._one("hand_back_reasons", rng)

    def dispute(self, rng: Random) -> str:
        return self._one("dispute_reasons", rng)

    def comment(self, rating: int, rng: Random) -> str:
        return self._one("comments", rng) if rating > 2 else self._one("dispute_reasons", rng)

    def instruction(self, rng: Random) -> str:
        return self._one("instructions", rng)

    def referral(self, rng: Random) -> str:
        return "Hal ini bukan kewenangan pemerintah kota. Laporan kami limpahkan dan kami catat nomornya."

    def reassignment(self, rng: Random) -> str:
        return (
            "Sudah terlalu lama tanpa hasil. Laporan ini kami serahkan kepada unit yang dapat menanganinya."
        )

    def unfounded(self, rng: Random) -> str:
        return "Pekerjaan berjalan sesuai rencana dan pelapor sudah diberi kabar; tidak perlu tindakan lain."

    def photo(self, sender: User, at: datetime, rng: Random) -> Attachment:
        """A drawn picture of finished work, kept like an uploaded one."""
        data = _draw(rng)
        key = f"{rng.getrandbits(128):032x}"
        digest = put_bytes(data, safe_name(key))
        return Attachment.objects.create(
            key=key,
            name="foto-pekerjaan.jpg",
            content_type="image/jpeg",
            size=len(data),
            sha256=digest,
            added_by=sender,
            added_at=at,
        )

    def _one(self, name: str, rng: Random) -> str:
        return str(rng.choice(self.phrases[name]))

    def _place(self, rng: Random) -> str:
        return str(rng.choice(self.phrases["places"])).replace("{ward}", rng.choice(self.wards))


def _draw(rng: Random) -> bytes:
    """A road seen from above with a fresh patch on it."""
    image = Image.new("RGB", (480, 360), rng.choice(_GROUNDS))
    pen = ImageDraw.Draw(image)
    left = rng.randrange(80, 180)
    pen.rectangle((left, 0, left + 200, 360), fill=(96, 96, 100))
    for top in range(-20, 360, 70):
        pen.rectangle((left + 96, top, left + 104, top + 36), fill=(228, 222, 200))
    x, y = left + rng.randrange(20, 120), rng.randrange(60, 240)
    pen.rounded_rectangle((x, y, x + 70, y + 56), radius=12, fill=(52, 52, 56))
    out = BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()
