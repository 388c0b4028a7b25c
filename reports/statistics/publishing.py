"""Freezes the statistics of each month, quarter and year a week after it is over, once and for everybody.

Figures that moved from day to day would tell of each case that came or was answered since yesterday, so the public ones
stand still (decision 63).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min

from complaints.clock.city_time import day_of
from reports.opendata.models import PublicEdition, Series
from reports.opendata.services import prepare_figures, release
from reports.statistics.blocks import Block, finished
from reports.statistics.models import RollUpMonth
from reports.statistics.reading import figures_of, labels_of
from reports.suppression.cells import Cells
from reports.suppression.editions import Edition

DAYS_AFTER = 7  # what came in on paper is typed in by then
PREFIX = "statistics-"


def code_of(block: Block) -> str:
    return f"{PREFIX}{block.code}"


def publish_blocks(now: datetime, *, most: int = 4) -> int:
    """Publishes what is over and was not published yet, oldest first; how many. The worker's job."""
    done = 0
    for block in waiting(now)[:most]:
        publish(block, now)
        done += 1
    return done


def waiting(now: datetime) -> list[Block]:
    """Blocks that are over, of which every month is counted, and that are not out."""
    span = RollUpMonth.objects.aggregate(first=Min("month"), last=Max("month"))
    if span["first"] is None:
        return []
    until = min(day_of(now) - timedelta(DAYS_AFTER), span["last"])
    out = set(PublicEdition.objects.statistics().values_list("code", flat=True))
    return [block for block in finished(span["first"], until) if code_of(block) not in out]


def publish(block: Block, now: datetime) -> PublicEdition:
    """As the roll-up has it now. Where something cannot be protected beside all that is out, only the number of cases
    is published: the worker does not stop for it, and that tells of nobody."""
    (figures,) = figures_of([block])
    edition = Edition(code_of(block), block.first, block.last, "", str(Series.STATISTICS), Cells())
    figures["by_day"] = _every_day(block, figures["by_day"]) if block.kind == "month" else []
    prepared = prepare_figures(edition, figures, labels_of(figures), now)
    if prepared.weak:
        prepared = prepare_figures(edition, figures, {}, now, is_bare=True)
    return release(prepared, now=now)


def _every_day(block: Block, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Days on which nothing came say so."""
    known = {row["day"]: row["received"] for row in rows}
    days = [(block.first + timedelta(n)).isoformat() for n in range(block.period.days)]
    return [{"day": day, "received": known.get(day, 0)} for day in days]
