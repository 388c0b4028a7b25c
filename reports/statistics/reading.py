"""The figures of a block out of the roll-up, in the shape of a report's: so one rule hides what is small."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Agency, User
from complaints.catalogue import catalogue
from complaints.choices import with_children
from complaints.clock.city_time import start_of
from complaints.clock.kept import share
from complaints.models import Area, Category, Complaint
from complaints.models.complaint import Complaints
from escalation.oversight.durations import ended_times, middles_of
from escalation.oversight.offices import medians, stays_of
from escalation.stays.counting import COLUMNS as STAYS_COUNTED
from reports.opendata.services import Labels
from reports.statistics.blocks import Block
from reports.statistics.counting import (
    DIMENSIONS,
    Counted,
    Rows,
    StayRows,
    Trees,
    count,
    count_stays,
    times_of,
)
from reports.statistics.models import COUNTED, REASONS, RollUp, RollUpStay
from reports.suppression.columns import STAYS

MOST_TIMES = 100_000  # the database takes a fifth of a second to put so many in order
Figures = dict[str, Any]
Found = dict[tuple[str, str], list[int]]  # dimension and code
Times = dict[str, list[int]]  # by agency


def figures_of(
    blocks: Sequence[Block], scope: str = "", code: str = "", *, counted: Sequence[Counted] = ()
) -> list[Figures]:
    """The figures of each block, in two queries for all; or as they were `counted` for somebody, block by block."""
    if counted:
        return [
            _figures(_of_scope(each.rows, scope, code)) | _times(_stays_of(each.stays, scope, code))
            for each in counted
        ]
    both = zip(_read(blocks, scope, code), _read_stays(blocks, scope, code), strict=True)
    return [_figures(found) | _times(times) for found, times in both]


def _of_scope(rows: Rows, scope: str, code: str) -> Found:
    return {key[2:]: counts for key, counts in rows.items() if key[:2] == (scope, code)}


def _stays_of(rows: StayRows, scope: str, code: str) -> Times:
    return {key[2]: counts for key, counts in rows.items() if key[:2] == (scope, code)}


def _within_months(blocks: Sequence[Block], scope: str, code: str) -> dict[str, Any]:
    months = {
        "month__gte": min(each.first for each in blocks),
        "month__lte": max(each.last for each in blocks),
    }
    return months | {"scope": scope, "scope_code": code}


def _read_stays(blocks: Sequence[Block], scope: str, code: str) -> list[Times]:
    rows = RollUpStay.objects.filter(**_within_months(blocks, scope, code)).order_by()
    found: list[Times] = [defaultdict(lambda: [0] * len(STAYS_COUNTED)) for _block in blocks]
    for month, agency, *counts in rows.values_list("month", "agency", *STAYS_COUNTED):
        for block, each in zip(blocks, found, strict=True):
            if block.first <= month <= block.last:
                _add(each[agency], counts)
    return found


def _read(blocks: Sequence[Block], scope: str, code: str) -> list[Found]:
    rows = RollUp.objects.filter(**_within_months(blocks, scope, code))
    found: list[Found] = [defaultdict(lambda: [0] * len(COUNTED)) for _block in blocks]
    fields = ("month", "dimension", "code", *COUNTED)
    for month, dimension, of, *counts in rows.order_by().values_list(*fields):
        for block, each in zip(blocks, found, strict=True):
            if block.first <= month <= block.last:
                _add(each[dimension, of], counts)
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


def _times(found: Times) -> Figures:
    """As the report has them, but for how long they took."""
    rows: list[Figures] = [
        {"agency": code} | dict(zip(STAYS_COUNTED, counts, strict=True)) for code, counts in found.items()
    ]
    for row in rows:
        row["share"] = share(row["in_time"], row["in_time"] + row["late"])
    return {STAYS: sorted(rows, key=lambda row: (-row["stays"], row["agency"]))}


def row_of(counts: Iterable[int]) -> Figures:
    row: Figures = dict(zip(COUNTED, counts, strict=True))
    row["excluded"] = {reason: row.pop(reason) for reason in REASONS}
    row["open"] = row["received"] - row["ended"]
    row["on_time_share"] = share(row["met_target"], row["met_target"] + row["late"])
    row["on_time_share_extended"] = share(
        row["met_target_extended"], row["met_target_extended"] + row["late_extended"]
    )
    return row


def seen_by(user: User, blocks: Sequence[Block], now: datetime) -> list[Counted]:
    """The cases of each block that this person may see, counted now; empty where they may see all, for whom the
    roll-up says the same. Taking off it what they may not see would not do: such a case may have changed since it was
    counted, and then the rest would tell of it."""
    if not _within(Complaint.objects.kept_from(user), blocks[0], blocks[-1]).exists():
        return []
    trees, cases = Trees.read(), Complaint.objects.visible_to(user)
    return [
        Counted(
            count(_within(cases, block, block), now, trees),
            count_stays(times_of(_within(_with_times(user), block, block)), now, trees),
        )
        for block in blocks
    ]


def hours_with(figures: Figures, user: User, block: Block, scope: str, code: str) -> dict[str, float]:
    """How long the middle time was with each agency, by its code, of the times in these figures that are over; asked
    of their rows. Nothing of more than MOST_TIMES."""
    if not 0 < sum(row["stays"] for row in figures[STAYS]) <= MOST_TIMES:
        return {}
    stays = stays_of(_within(_with_times(user), block, block))
    if scope == "agency":
        stays = stays.filter(agency__in=Agency.objects.get(code=code).with_descendants())
    elif scope == "area":
        stays = stays.filter(complaint__area__in=with_children(catalogue().areas, code))
    found = medians(middles_of(ended_times(stays)))
    codes = dict(Agency.objects.filter(pk__in=found).values_list("pk", "code")) if found else {}
    return {codes[key]: hours for key, hours in found.items() if key is not None}


def _with_times(user: User) -> Complaints:
    """What an agency handed on is out of its scope and stays in its figures; what does not exist for the reader does
    not."""
    return Complaint.objects.exclude(pk__in=Complaint.objects.kept_from(user).order_by().values("pk"))


def _within(cases: Complaints, first: Block, last: Block) -> Complaints:
    start, end = start_of(first.first), start_of(last.last + timedelta(1))
    return cases.filter(received_at__gte=start, received_at__lt=end)


def labels_of(figures: Mapping[str, Any]) -> Labels:
    """What the codes are called, in both languages."""

    def codes(*names: str) -> set[str]:
        return {row[name] for name in names for row in figures.get(f"by_{name}", ())}

    offices = {row["agency"] for row in figures.get(STAYS, ())}
    agencies = Agency.objects.filter(code__in=codes("agency") | offices)
    categories = Category.objects.filter(code__in=codes("category"))
    areas = Area.objects.filter(code__in=codes("area", "district"))
    places = {row.code: {"id": row.name, "en": row.name} for row in areas}
    return {
        "agency": {row.code: {"id": row.name, "en": row.name_en or row.name} for row in agencies},
        "category": {row.code: {"id": row.name_id, "en": row.name_en or row.name_id} for row in categories},
        "area": places,
        "district": places,
    }
