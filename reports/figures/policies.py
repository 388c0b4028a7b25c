"""Which policy was in force: what was promised in a period, and by which calendar it was counted."""

from typing import Any

from complaints.models import OfficeCalendar, ServiceLevel
from complaints.models.policy import Stage
from reports.figures.periods import Period


def policies_in(period: Period) -> dict[str, Any]:
    """The targets in force on a day of the period, and how often each calendar had been changed."""
    return {
        "service_levels": [_service_level(row) for row in _in_force(period)],
        "calendars": [
            {"agency": code or "", "revision": revision}
            for code, revision in OfficeCalendar.objects.order_by("agency__code", "pk").values_list(
                "agency__code", "revision"
            )
        ],
    }


def _in_force(period: Period) -> list[ServiceLevel]:
    """Of each kind and category those that begin in the period, and the one in force on its first day."""
    rows = ServiceLevel.objects.filter(valid_from__lte=period.last).select_related("category")
    found, begun = [], set()
    for row in rows.order_by("kind", "category__code", "-valid_from"):
        key = row.kind, row.category_id
        if key not in begun:
            found.append(row)
        if row.valid_from <= period.first:
            begun.add(key)
    return sorted(
        found, key=lambda row: (row.kind, row.category.code if row.category else "", row.valid_from)
    )


def _service_level(row: ServiceLevel) -> dict[str, Any]:
    targets = row.targets()
    return {
        "kind": row.kind,
        "category": row.category.code if row.category else "",
        "valid_from": row.valid_from.isoformat(),
        "note": row.note,
        "targets": {stage: targets[stage] for stage in Stage.values},
    }
