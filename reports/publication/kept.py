"""What of a snapshot is kept beside it, small enough for a page: what the file for evaluators says besides the
published counts (decision 71). With it what stood on the day of the count and is in no snapshot: people, standards."""

from collections import Counter
from datetime import date
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q

from accounts.models import Agency, User
from complaints.models import Category, Service
from reports.figures.snapshot import Snapshot
from surveys.standards.in_force import standards_of
from surveys.standards.models import OWED

# Hidden where fewer than ten answered before they were frozen, or about agencies and what they owe.
TABLES = (
    *("recommendations", "recommendations_by_type", "promises", "promises_by_agency", "promises_kept"),
    *("satisfaction", "after_case", "call_backs", "forum_inputs", "forum_inputs_by_source"),
)
GROUPS = ("agency", "service", "reason")


def kept_for_evaluators(snapshot: Snapshot, today: date) -> dict[str, Any]:
    """Figures with their definitions, as `Frozen` reads them; the policies in force; `people`: agency, role, how many,
    how many of them can sign in; `standards`: agency, its services, how many have all parts owed, whether a pledge;
    `called`: the names of both, and of the categories of policies."""
    data = snapshot.data
    figures = {code: data["figures"][code] for code in TABLES}
    return {
        "figures": figures,
        "definitions": {code: data["definitions"][code] for code in figures},
        "labels": {group: data["labels"].get(group, {}) for group in GROUPS},
        "without": data["scope"]["without"],
        "policies": data["policies"],
        "people": (people := _people()),
        "standards": (standards := _standards(today)),
        "called": _called({row[0] for row in (*people, *standards)}, data["policies"]["service_levels"]),
        "stood_on": today.isoformat(),
    }


def _called(agencies: set[str], levels: list[dict[str, Any]]) -> dict[str, dict[str, dict[str, str]]]:
    """What agencies and categories are called on that day: of those that the labels of figures may not have."""
    offices = Agency.objects.filter(code__in=agencies)
    categories = Category.objects.filter(code__in={level["category"] for level in levels})
    return {
        "agency": {row.code: {"id": row.name, "en": row.name_en or row.name} for row in offices},
        "category": {row.code: {"id": row.name_id, "en": row.name_en or row.name_id} for row in categories},
    }


def _people() -> list[list[Any]]:
    counted = User.objects.filter(is_active=True).order_by("agency__code", "role")
    has_none = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    rows = counted.values_list("agency__code", "role").annotate(
        people=Count("pk"), able=Count("pk", filter=~has_none)
    )
    return [[agency or "", role, people, able] for agency, role, people, able in rows]


def _standards(today: date) -> list[list[Any]]:
    services, whole, pledged = Counter[str](), Counter[str](), set[str]()
    active = Service.objects.filter(is_active=True).select_related("agency").order_by("code")
    for standard in standards_of(list(active), today):
        agency = standard.service.agency.code
        services[agency] += 1
        whole[agency] += all(any(standard.parts[part].value.values()) for part in OWED)
        if any(standard.pledge.value.values()):
            pledged.add(agency)
    return [[code, services[code], whole[code], code in pledged] for code in sorted(services)]
