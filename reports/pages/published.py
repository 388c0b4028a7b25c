"""What the public copy carries: the published cells, and the digest of the snapshot, which the city cannot take back.

No rows: those behind hidden cells would undo the hiding, whatever the cases were called (decision 62).
"""

import json
from typing import Any

from django.utils.translation import gettext as _

from reports.figures.snapshot import Snapshot
from reports.pages.main import MAIN, hidden_alone, hidden_main
from reports.pages.pdf import Enclosed
from reports.suppression.report import COUNTS, GROUPED, STEPS, Marks, code_of, decide, flat
from reports.suppression.rows import OTHERS, Hidden, Row, merge_small

FORMAT = "tuntas-published-1"
SAME = ("city", "period", "scope", "built_at", "ledger", "definitions", "labels")


def published_file(snapshot: Snapshot, marks: Marks | None = None) -> Enclosed:
    """As JSON in one spelling. `marks`: what was decided to be hidden."""
    words_about = _(
        "The published figures, what they mean, and the digest of the rows that they were counted from"
    )
    text = json.dumps(
        published(snapshot, marks), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return Enclosed("tuntas-published.json", words_about, f"{text}\n", snapshot.built_at, "application/json")


def published(snapshot: Snapshot, marks: Marks | None = None) -> dict[str, Any]:
    data = snapshot.public_data()
    figures = data["figures"]
    decided = marks or decide(figures)[0]
    now, before = hidden_main(decided.main), hidden_main(hidden_alone(figures["previous"]))
    return {
        "format": FORMAT,
        "snapshot": snapshot.digest,
        **{name: data[name] for name in SAME},
        "figures": _shown(figures, now) | {"previous": _shown(figures["previous"], before)},
        "hidden": {"now": sorted(now), "before": sorted(before)},
        "tables": _tables(figures, decided),
    }


def _shown(figures: dict[str, Any], hidden: Hidden) -> dict[str, Any]:
    values = flat(figures)
    return {code: None if code in hidden else values[code] for code in MAIN}


def _tables(figures: dict[str, Any], marks: Marks) -> dict[str, Any]:
    """{table: {"columns", "rows"}}; None is a hidden count, `_others` several small rows together."""
    whole = flat(figures)
    main = [[code, None if code in marks.main else whole[code]] for code in COUNTS]
    found = {"figures": {"columns": ["figure", "value"], "rows": main}}
    for name, key in (GROUPED | {STEPS: "from"}).items():
        rows: list[Row] = figures.get(name, [])
        shown = rows if name == STEPS else merge_small(rows, key)
        if shown:
            found[name] = _table(name, key, shown, marks)
    return found


def _table(name: str, key: str, rows: list[Row], marks: Marks) -> dict[str, Any]:
    columns = ("received",) if marks.is_one_way else COUNTS
    cells = []
    for row in rows:
        code, values = code_of(row, key), flat(row)
        hidden = marks.hidden(name, code)
        shown = [None if column in hidden else values[column] for column in columns]
        cells.append(["_others" if code == OTHERS else code, *shown])
    return {"columns": [key, *columns], "rows": cells}
