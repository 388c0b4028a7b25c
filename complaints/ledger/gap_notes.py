"""The note of a gap: what was known outside, what the database holds after a restore, and why. Knows no Django.

Signed like a head; its first line keeps it from being taken for one (docs/ledger.md has the form).
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from complaints.ledger.notes import ROOT_BYTES, BadNote, TreeHead

TITLE = "tuntas-gap-1"
LONGEST_REASON = 300
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SIZE, _ROOT, _MOMENT = r"(?:0|[1-9]\d{0,17})", r"[A-Za-z0-9+/]{43}=", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_GAP = re.compile(
    rf"{TITLE}\norigin (?P<origin>\S+)\nknown (?P<known>{_SIZE}) (?P<known_root>{_ROOT}) (?P<known_at>{_MOMENT})\n"
    rf"until (?P<until>{_MOMENT})\nagrees (?P<agrees>{_SIZE})\nheld (?P<held>{_SIZE}) (?P<held_root>{_ROOT})\n"
    rf"numbers (?P<numbers>{_SIZE})\nacknowledged (?P<at>{_MOMENT})\nwhy (?P<why>[^\n]+)\n"
)
_SIGNED = re.compile(rf"^{_GAP.pattern}\n(?:— \S+ \S+\n)+", re.MULTILINE)


@dataclass(frozen=True)
class GapNote:
    """`known`: the largest head outside that the database does not lead to, the last of them signed `until`.

    Up to `agrees` events all heads outside fit; `held` events with `held_root` the database has. New cases get
    serials above `numbers`.
    """

    origin: str
    known: TreeHead
    until: datetime
    agrees: int
    held: int
    held_root: bytes
    numbers: int
    at: datetime
    why: str

    def covers(self, head: TreeHead) -> bool:
        """Whether `head` may be of the history that was lost."""
        return self.agrees < head.size <= self.known.size and head.at <= self.until

    def text(self) -> str:
        known, root = b64encode(self.known.root).decode(), b64encode(self.held_root).decode()
        lines = (
            TITLE,
            f"origin {self.origin}",
            f"known {self.known.size} {known} {_spell(self.known.at)}",
            f"until {_spell(self.until)}",
            f"agrees {self.agrees}",
            f"held {self.held} {root}",
            f"numbers {self.numbers}",
            f"acknowledged {_spell(self.at)}",
            f"why {self.why}",
        )
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "GapNote":
        """From the text of a note without its signature. Raises BadNote."""
        found = _GAP.fullmatch(text)
        if found is None:
            raise BadNote("not the note of a gap")
        try:
            roots = [b64decode(found[name], validate=True) for name in ("known_root", "held_root")]
            known = TreeHead(found["origin"], int(found["known"]), roots[0], _read(found["known_at"]))
            gap = cls(
                found["origin"], known, _read(found["until"]), int(found["agrees"]), int(found["held"]),
                roots[1], int(found["numbers"]), _read(found["at"]), found["why"],
            )  # fmt: skip
        except (ValueError, NotBase64) as error:
            raise BadNote("not the note of a gap") from error
        if gap.text() != text or any(len(root) != ROOT_BYTES for root in roots):
            raise BadNote("not the note of a gap")
        return gap


def find_gaps(text: str) -> Iterator[tuple[int, str]]:
    """The signed notes of gaps in a file, each with where it ends."""
    for found in _SIGNED.finditer(text):
        yield found.end(), found[0]


def text_of(note: str) -> str:
    """What a signed note of a gap says, without its signature."""
    return note.partition("\n\n")[0] + "\n"


def _spell(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_TIME)


def _read(text: str) -> datetime:
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
