"""Which column of a file is which element, by its header. Pure: no Django."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# In the order of the regulation; `ELEMENTS[7]` is U8. Keys are those of `Element`.
ELEMENTS = (
    "requirements",
    "procedure",
    "time",
    "cost",
    "product",
    "competence",
    "behaviour",
    "complaints",
    "facilities",
)
ORDERS = {
    "regulation": ELEMENTS,
    "questionnaire": (*ELEMENTS[:7], "facilities", "complaints"),  # as the printed questionnaire asks them
}
# Words in headers that say which element it is, whatever its number.
WORDS = {
    "requirements": ("persyaratan", "requirement"),
    "procedure": ("prosedur", "mekanisme", "procedure"),
    "time": ("waktu", "completion time"),
    "cost": ("biaya", "tarif", "cost"),
    "product": ("produk", "product"),
    "competence": ("kompetensi", "competence"),
    "behaviour": ("perilaku", "behaviour", "behavior"),
    "complaints": ("pengaduan", "aduan", "complaint"),
    "facilities": ("sarana", "prasarana", "facilit"),
}
NUMBERED = re.compile(r"^(?:u|unsur)[\s._-]*([1-9])(?!\d)", re.IGNORECASE)
UNSPOKEN = re.compile(
    r"^(no|nomor|no[._\s]*responden|nomor[._\s]*responden|responden(t)?|id|respondent[._\s]*(no|id)?)\.?$",
    re.IGNORECASE,
)


class ColumnsUnclear(ValueError):
    """Two columns for one element."""


@dataclass(frozen=True)
class Columns:
    """`items`: element by column, in the order of the regulation. `assumed`: U8 and U9 were told apart by
    `order` alone. `unread`: columns of nothing that is counted."""

    items: dict[str, str]
    assumed: bool
    unread: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        return [element for element in ELEMENTS if element not in self.items.values()]


def find_columns(headers: Iterable[str], order: str = "regulation") -> Columns:
    """Which header is which element: by key, by its words, else by its number in `order`.

    Raises ColumnsUnclear where two headers are the same element.
    """
    known = [(header, *_element(header, order)) for header in headers]
    found: dict[str, str] = {}
    unread, by_number = [], set()
    # A header that says only words, such as "Stempel waktu", gives way to one with a number or a key.
    for header, element, how in sorted(known, key=lambda each: each[2] == "words"):
        if element is None or (how == "words" and element in found):
            if not UNSPOKEN.match(header.strip()):
                unread.append(header)
        elif element in found:
            raise ColumnsUnclear(f"“{found[element]}” and “{header}” are the same element ({element})")
        else:
            found[element] = header
            if how == "number":
                by_number.add(element)
    items = {found[element]: element for element in ELEMENTS if element in found}
    return Columns(items, bool(by_number & {"complaints", "facilities"}), tuple(unread))


def _element(header: str, order: str) -> tuple[str | None, str]:
    """The element and how it was found: key, number and words, number, words."""
    text = header.strip().lower()
    if text in ELEMENTS:
        return text, "key"
    spoken = [element for element, words in WORDS.items() if any(word in text for word in words)]
    number = NUMBERED.match(text)
    if len(spoken) == 1:
        return spoken[0], "number and words" if number else "words"
    return (ORDERS[order][int(number[1]) - 1], "number") if number else (None, "")
