"""Whether the main figures stand on the pages as they stand in the data: name, value and the value before, in a row."""

from __future__ import annotations

import re
from typing import Any

from tuntas_recount.compare import Comparison

HIDDEN, NONE = "*", "–"
FEW = 20  # of fewer than these a share is printed as two numbers
SPACES = re.compile(r"\s+")
# What each share divides: the first by both together.
SHARES = {
    "on_time_share": ("met_target", "late"),
    "on_time_share_extended": ("met_target_extended", "late_extended"),
    "on_time_share_ended": ("met_target", "late_ended"),
}
# Words and marks of the two languages: "3 of 7", hours, days; what parts thousands, what parts the decimals.
LANGUAGES = {"id": ("dari", "jam", "hari", ".", ","), "en": ("of", "hours", "days", ",", ".")}


class Printer:
    """Values as the paper shows them, without spaces."""

    def __init__(self, language: str) -> None:
        self.of, self.hours, self.days, self.thousands, self.decimals = LANGUAGES[language]

    def number(self, value: float, places: int = 0) -> str:
        whole, _point, rest = f"{value:,.{places}f}".partition(".")
        return whole.replace(",", self.thousands) + (self.decimals + rest if rest else "")

    def share(self, part: int, rest: int) -> str:
        whole = part + rest
        if whole >= FEW:
            return f"{self.number(100 * part / whole, 1)}%"
        return f"{part}{self.of}{whole}" if whole else NONE

    def duration(self, hours: float | None) -> str:
        if hours is None:
            return NONE
        if hours < 48:
            return f"{self.number(hours, 1)}{self.hours}"
        return f"{self.number(hours / 24, 1)}{self.days}"

    def value(self, code: str, unit: str, figures: dict[str, Any], hidden: list[str]) -> str | None:
        """None of what is printed in another way."""
        if code in hidden:
            return HIDDEN
        if code in SHARES:
            part, rest = (figures.get(name) for name in SHARES[code])
            return HIDDEN if part is None or rest is None else self.share(part, rest)
        value = figures.get(code)
        if unit == "hours":
            return self.duration(value)
        if unit == "count":
            return HIDDEN if value is None else self.number(value)
        return None


def check(
    data: dict[str, Any], words: str, language: str, comparison: Comparison, *, codes: list[str]
) -> None:
    """Each of `codes` in its row of the table of main figures."""
    printer, figures = Printer(language), data["figures"]
    hidden = data.get("hidden", {"now": [], "before": []})
    both = (figures, hidden["now"]), (figures["previous"], hidden["before"])
    for code in codes:
        about = data["definitions"].get(code)
        if about is None:
            continue
        shown = [printer.value(code, about["unit"], of, out) for of, out in both]
        if None in shown or (shown[0] == HIDDEN and shown[1] in (HIDDEN, NONE, "0")):
            continue  # a row that says nothing is not printed
        row = SPACES.sub("", "".join([about["name"][language], *(str(each) for each in shown)]))
        comparison.compare(f"{code} on paper", row if row in words else "(not so)", row)
