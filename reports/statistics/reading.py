"""The figures of a block out of the roll-up, in the shape of a report's: so one rule hides what is small."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Agency, User
from complaints.clock.city_time import start_of
from complaints.clock.kept import share
from complaints.models import Area, Category, Complaint
from complaints.models.complaint import Complaints
from reports.opendata.services import Labels
from reports.statistics.blocks import Block
from reports.statistics.counting import DIMENSIONS, Rows, Trees, count
from reports.statistics.models import COUNTED, REASONS, RollUp

Figures = dict[str, Any]
Found = dict[tuple[str, str], list[int]]  # dimension and code


def figures_of(
    blocks: Sequence[Block], scope: str = "", code: str = "", *, without: Sequence[Rows] = ()
) -> list[Figures]:
    """The figures of each block, in one query for all. `without`: what is to be taken off each of them."""
    return [_figures(found) for found in _read(blocks, scope, code, without)]


def _read(blocks: Sequence[Block], scope: str, code: str, without: Sequence[Rows]) -> list[Found]:
    rows = RollUp.objects.filter(
        scope=scope,
        scope_code=code,
        month__gte=min(block.first for block in blocks),
        month__lte=max(block.last for block in blocks),
    )
    found: list[Found] = [defaultdict(lambda: [0] * len(COUNTED)) for _block in blocks]
    fields = ("month", "dimension", "code", *COUNTED)
    for month, dimension, of, *counts in rows.order_by().values_list(*fields):
        for block, each in zip(blocks, found, strict=True):
            if block.first <= month <= block.last:
                _add(each[dimension, of], counts)
    for each, unseen in zip(found, without, strict=False):
        for (its_scope, its_code, dimension, of), counts in unseen.items():
            if (its_scope, its_code) == (scope, code):
                _add(each[dimension, of], [-value for value in counts])
    return found


def _add(counts: list[int], more: Iterable[int]) -> None:
    for n, value in enumerate(more):
        counts[n] += value


def _figures(found: Found) -> Figures:
    figures = row_of(found.get(("", ""), [0] * len(COUNTED)))
    for dimension in DIMENSIONS:
        rows = [
            {dimension: code} | row_of(counts)
            for (of, code), counts in found.items()
            if of == dimension and counts[0] > 0
        ]
        figures[f"by_{dimension}"] = sorted(rows, key=lambda row: (-row["received"], row[dimension]))
    days = [{"day": code, "received": counts[0]} for (of, code), counts in found.items() if of == "day"]
    figures["by_day"] = sorted(days, key=lambda row: str(row["day"]))
    return figures


def row_of(counts: Iterable[int]) -> Figures:
    row: Figures = dict(zip(COUNTED, counts, strict=True))
    row["excluded"] = {reason: row.pop(reason) for reason in REASONS}
    row["open"] = row["received"] - row["ended"]
    row["on_time_share"] = share(row["met_target"], row["met_target"] + row["late"])
    row["on_time_share_extended"] = share(
        row["met_target_extended"], row["met_target_extended"] + row["late_extended"]
    )
    return row


def unseen_by(user: User, blocks: Sequence[Block], now: datetime) -> list[Rows]:
    """What this person may not see of the cases of each block, counted as the roll-up counts: the few that are about
    them, and oversight complaints. Nobody learns of a case from a sum."""
    cases = Complaint.objects.kept_from(user)
    if not _within(cases, min(blocks), max(blocks, key=lambda block: block.last)).exists():
        return []
    trees = Trees.read()
    return [count(_within(cases, block, block), now, trees, days=False) for block in blocks]


def _within(cases: Complaints, first: Block, last: Block) -> Complaints:
    start, end = start_of(first.first), start_of(last.last + timedelta(1))
    return cases.filter(received_at__gte=start, received_at__lt=end)


def labels_of(figures: Mapping[str, Any]) -> Labels:
    """What the codes are called, in both languages."""

    def codes(*names: str) -> set[str]:
        return {row[name] for name in names for row in figures.get(f"by_{name}", ())}

    agencies = Agency.objects.filter(code__in=codes("agency"))
    categories = Category.objects.filter(code__in=codes("category"))
    areas = Area.objects.filter(code__in=codes("area", "district"))
    places = {row.code: {"id": row.name, "en": row.name} for row in areas}
    return {
        "agency": {row.code: {"id": row.name, "en": row.name_en or row.name} for row in agencies},
        "category": {row.code: {"id": row.name_id, "en": row.name_en or row.name_id} for row in categories},
        "area": places,
        "district": places,
    }
