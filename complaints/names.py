"""Names beside the rows of a list, from the process's memory: a join for each costs the database more than the row.

They are at most a minute old, like all of the catalogue.
"""

from collections.abc import Iterable

from django.db.models import Model

from accounts.models import Agency, User
from complaints.catalogue import catalogue
from complaints.models import Area, Category, Complaint

SHOWN: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "category": (Category, ("code", "name_id", "name_en")),
    "area": (Area, ("code", "name")),
    "agency": (Agency, ("code", "name", "name_en", "short_name")),
    "handler": (User, ("name", "email")),
}


def with_names(cases: Iterable[Complaint]) -> list[Complaint]:
    """The cases of `for_list()`, each with its category, area, agency and handler; a query for each kind of which one
    was never seen in this minute."""
    listed = list(cases)
    for field, (model, columns) in SHOWN.items():
        known = catalogue().names[field]
        keys = {key for case in listed if (key := getattr(case, f"{field}_id")) is not None}
        if missing := keys - known.keys():
            rows = model._base_manager.filter(pk__in=missing).only("pk", *columns)
            known.update({row.pk: row for row in rows})
        for case in listed:
            key = getattr(case, f"{field}_id")
            case._state.fields_cache[field] = None if key is None else known[key]
    return listed
