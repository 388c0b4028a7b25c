"""Names beside the rows of a list and on a case page, from the memory of the process: a join for each costs the
database more than the row.

They are at most a minute old, like all of the catalogue.
"""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db.models import Model

from accounts.models import Agency, User
from complaints.catalogue import catalogue
from complaints.models import Area, Category, RejectReason, Service

Row = TypeVar("Row", bound=Model)
Named = tuple[type[Model], tuple[str, ...]]

AGENCY: Named = (Agency, ("code", "name", "name_en", "short_name"))
PERSON: Named = (User, ("name", "email"))
NAMES: dict[str, Named] = {
    "category": (Category, ("code", "name_id", "name_en", "agency_id", "needs_evidence")),
    "area": (Area, ("code", "name", "parent__name")),
    "agency": AGENCY,
    "handler": PERSON,
    "service": (Service, ("name_id", "name_en")),
    "entered_by": PERSON,
    "referred_to": AGENCY,
    "actor": (User, ("name", "email", "agency__short_name")),
}
REASON = ("code", "name_id", "name_en")
IN_LISTS = ("category", "area", "agency", "handler")
OF_A_CASE = (*IN_LISTS, "service", "entered_by", "referred_to")


def with_names(rows: Iterable[Row], fields: Collection[str] = IN_LISTS) -> list[Row]:
    """The cases, each with its category, area, agency and handler, or the rows with what `fields` names; a query for
    each kind of which one was never seen in this minute."""
    listed, names = list(rows), catalogue().names
    for field in fields:
        keys = {key for row in listed if (key := getattr(row, f"{field}_id")) is not None}
        known = _known(names[field], *NAMES[field], "pk", keys)
        for row in listed:
            key = getattr(row, f"{field}_id")
            row._state.fields_cache[field] = None if key is None else known[key]
    return listed


def agencies_of_codes(codes: Collection[str]) -> dict[str, Agency]:
    """Those that there are, by code."""
    found: dict[str, Agency] = _known(catalogue().names["agency of code"], *AGENCY, "code", codes)
    return found


def reasons_of_codes(codes: Collection[str]) -> dict[str, RejectReason]:
    """Those that there are, by code."""
    found: dict[str, RejectReason] = _known(
        catalogue().names["reason of code"], RejectReason, REASON, "code", codes
    )
    return found


def people_of_keys(keys: Collection[int]) -> dict[int, User]:
    """Those that there are, by key."""
    found: dict[int, User] = _known(catalogue().names["person"], *PERSON, "pk", keys)
    return found


def _known(
    known: dict[Any, Any], model: type[Model], columns: tuple[str, ...], by: str, keys: Collection[Any]
) -> Any:
    if missing := set(keys) - known.keys():
        rows = model._base_manager.filter(**{f"{by}__in": missing}).only("pk", *columns)
        if above := [name.partition("__")[0] for name in columns if "__" in name]:
            rows = rows.select_related(*above)
        known.update(dict.fromkeys(missing) | {getattr(row, by): row for row in rows})
    return {key: row for key in keys if (row := known[key]) is not None}
