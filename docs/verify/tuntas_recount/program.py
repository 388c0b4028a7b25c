"""From the arguments to the answer."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from tuntas_recount import cases, course, offices, owed, printed, published, rows, satisfaction
from tuntas_recount.compare import Comparison
from tuntas_recount.data import sheets
from tuntas_recount.pdf import Pdf, Unreadable, text
from tuntas_recount.words import words_of

ARCHIVE, PUBLIC = "tuntas-snapshot.json", "tuntas-published.json"
FORMAT = 3
COUNTS = {**cases.COUNTS, **course.COUNTS, **offices.COUNTS, **owed.COUNTS, **satisfaction.COUNTS}
MOST_SHOWN = 200
# What the report's table of main figures shows, in its order.
MAIN = [
    *(
        "received",
        "met_target",
        "late",
        "not_yet_due",
        "on_time_share",
        "met_target_extended",
        "late_extended",
    ),
    *("on_time_share_extended", "late_ended", "on_time_share_ended", "ended", "open", "waiting_for_citizen"),
    *("end_unknown", "hours_to_end_median", "hours_to_end_p90", "hours_to_end_mean"),
    *("hours_without_pauses_median", "hours_without_pauses_p90"),
]
Result = dict[str, Any]


def recount(content: bytes, digest: str = "") -> Result:
    """What came of it; Unreadable where it is no report that can be counted again."""
    pdf = Pdf(content)
    files = pdf.files()
    name = next((name for name in (ARCHIVE, PUBLIC) if name in files), None)
    if name is None:
        raise Unreadable("it carries no data of a report")
    data = json.loads(files[name])
    own = hashlib.sha256(files[name]).hexdigest()
    comparison = Comparison()
    words = words_of(pdf)
    part = list[str]()
    if name == ARCHIVE:
        left_out = count_again(data, comparison)
    else:
        left_out, part = published.check(data, comparison)
    snapshot = own if name == ARCHIVE else str(data["snapshot"])
    comparison.compare("digest on paper", snapshot if snapshot in words else "(another one)", snapshot)
    comparison.compare("number of the file", pdf.trailer["/ID"][0].hex(), own[:32])
    if digest:
        comparison.compare("digest that you know", digest.lower(), snapshot)
    language = text(pdf.get(pdf.trailer["/Root"])["/Lang"])
    printed.check(data, words, language, comparison, codes=MAIN)
    return {
        "figures": comparison.figures,
        "ok": not comparison.differs,
        "differs": [each._asdict() for each in comparison.differs[:MOST_SHOWN]],
        "edition": "archive" if name == ARCHIVE else "public",
        "snapshot": snapshot,
        "period": data["period"],
        "not_recounted": left_out,
        "in_part": part,
    }


def count_again(data: dict[str, Any], comparison: Comparison) -> list[str]:
    """Counts every figure from the rows; returns the codes of those that this program does not know."""
    if data.get("format") != FORMAT:
        raise Unreadable(f"data of the format {data.get('format')}; this program reads {FORMAT}")
    figures, left_out = data["figures"], []
    for sheet, of, prefix in zip(
        sheets(data), (figures, figures["previous"]), ("", "previous."), strict=True
    ):
        rows.check(sheet, prefix, comparison)
        for code in data["definitions"]:
            if code not in COUNTS:
                left_out += [] if prefix else [code]
                continue
            comparison.compare(prefix + code, of.get(code, "(missing)"), COUNTS[code](sheet))
    return sorted(left_out)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("tuntas_recount", description="Counts the figures of a report again.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="the result as JSON")
    parser.add_argument("--digest", default="", help="the digest of the data that you know from elsewhere")
    chosen = parser.parse_args(arguments)
    try:
        result = recount(chosen.file.read_bytes(), chosen.digest)
    except Exception as why:  # noqa: BLE001 - hostile input ends in a sentence, never in a traceback
        said = (
            str(why)
            if isinstance(why, (Unreadable, OSError))
            else f"damaged, or not what it should be: {why!r}"
        )
        result = {"figures": 0, "ok": False, "differs": [], "error": _plain(said)[:300]}
    if chosen.json:
        sys.stdout.write(json.dumps(result, ensure_ascii=True, allow_nan=False, default=str) + "\n")
    else:
        sys.stdout.write(_in_words(result))
    return 2 if "error" in result else 0 if result["ok"] else 1


def _in_words(result: Result) -> str:
    if "error" in result:
        return f"CANNOT BE CHECKED: {result['error']}\n"
    period = result["period"]
    lines = [
        f"Report of {period['from']} to {period['to']}, {result['edition']} copy.",
        f"Data: {result['snapshot']}",
    ]
    lines.append(f"{result['figures']} figures compared, {len(result['differs'])} differ.")
    lines += [
        f"  {each['figure']}: printed {each['printed']!r}, counted {each['recounted']!r}"
        for each in result["differs"]
    ]
    if result["not_recounted"]:
        lines.append(f"Not counted here: {', '.join(result['not_recounted'])}")
    if result["in_part"]:
        lines.append(f"In part, since cells are hidden: {', '.join(result['in_part'])}")
    if result["edition"] == "public":
        lines.append(
            "This copy has no rows: what adds up was added up. The copy for the archive shows the rest."
        )
    return "".join(f"{_plain(line)}\n" for line in [*lines, "OK" if result["ok"] else "DOES NOT AGREE"])


def _plain(line: str) -> str:
    """Without what would command a terminal."""
    return "".join(char if char.isprintable() else "?" for char in line)
