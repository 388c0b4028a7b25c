"""What belongs to what: units to offices, wards to districts, and how many people live there."""

from typing import Any

from django.conf import settings

from accounts.models import Agency
from complaints.models import Area
from reports.figures.reading.scope import Scope
from reports.figures.tables import Rows


def rows_of_places(scope: Scope) -> dict[str, Rows]:
    return {"agencies": sorted(_agencies(scope)), "areas": sorted(_areas(), key=lambda row: row[0])}


def _agencies(scope: Scope) -> Rows:
    """Each agency with its office: the one directly below the mayor or, in the report of an agency, below that."""
    parents = dict(Agency.objects.values_list("pk", "parent_id"))
    top = scope.agency.pk if scope.agency is not None else None
    own = scope.agencies if scope.agency is not None else list(parents)
    rows: Rows = []
    for pk in own:
        office, seen = pk, {pk}
        while office != top and (above := parents[office]) not in (None, top) and above not in seen:
            office = above
            seen.add(office)
        rows.append((scope.codes.agencies[pk], scope.codes.agencies[office]))
    return rows


def _areas() -> Rows:
    """Each area with its district; the city and its districts are their own. Residents where the city says so."""
    residents = settings.CITY.residents
    rows: Rows = []
    for code, level, parent in Area.objects.order_by("code").values_list("code", "level", "parent__code"):
        district = parent if level == Area.Level.WARD and parent else code
        rows.append((code, level, district, residents.get(code)))
    return rows


MAP_VERSION = 1


def map_of_districts() -> dict[str, Any]:
    """Where the middle of each district lies, as latitude and longitude; of one without it nothing."""
    districts = Area.objects.filter(
        level=Area.Level.DISTRICT, latitude__isnull=False, longitude__isnull=False
    ).order_by("code")
    middles = districts.values_list("code", "latitude", "longitude")
    return {"version": MAP_VERSION, "districts": {code: [north, east] for code, north, east in middles}}
