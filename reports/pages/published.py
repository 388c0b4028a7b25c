"""What the public copy carries: the published cells, and the digest of the snapshot, which the city cannot take back.

No rows: those behind hidden cells would undo the hiding, whatever the cases were called (decision 62).
"""

import json
from typing import Any

from django.utils.translation import gettext as _

from reports.figures.snapshot import Snapshot
from reports.pages.main import MAIN, hidden_before, hidden_main
from reports.pages.pdf import Enclosed
from reports.suppression.report import Marks, decide
from reports.suppression.rows import Hidden, flat
from reports.suppression.tables import public_tables

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
    now, before = hidden_main(decided.main), hidden_before(figures, marks)
    return {
        "format": FORMAT,
        "snapshot": snapshot.digest,
        **{name: data[name] for name in SAME},
        "figures": _shown(figures, now) | {"previous": _shown(figures["previous"], before)},
        "hidden": {"now": sorted(now), "before": sorted(before)},
        "tables": public_tables(figures, decided),
    }


def _shown(figures: dict[str, Any], hidden: Hidden) -> dict[str, Any]:
    values = flat(figures)
    return {code: None if code in hidden else values[code] for code in MAIN}
