"""A published edition as files: CSV by table, one JSON, and a description of both (Data Package, version 2)."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from complaints.csv_out import csv_lines
from reports.opendata.models import PublicEdition, Series
from reports.suppression.tables import OTHERS_CODE, Table

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
HIDDEN = "*"
Address = Callable[[str], str]  # of a file, by its name

TITLES = {
    "figures": gettext_noop("The whole"),
    "by_agency": gettext_noop("By agency"),
    "by_time_with": gettext_noop("Agencies by the time a case was with them"),
    "by_service": gettext_noop("By service"),
    "by_category": gettext_noop("By category"),
    "by_area": gettext_noop("By ward"),
    "by_district": gettext_noop("By district"),
    "by_channel": gettext_noop("By channel"),
    "by_kind": gettext_noop("By kind"),
    "by_state": gettext_noop("By state"),
    "by_step": gettext_noop("Over time"),
    "by_day": gettext_noop("By day"),
    "ended_how": gettext_noop("How cases ended"),
    "rejected": gettext_noop("Rejected, by reason"),
    "open_by_age": gettext_noop("Open cases by age"),
    "hours_to_end_bands": gettext_noop("Ended cases by the time they took"),
}
WORDS = {
    "received": gettext_noop("Cases received"),
    "ended": gettext_noop("Cases that were answered or are over in another way"),
    "open": gettext_noop("Cases that wait for an answer"),
    "met_target": gettext_noop("Answered within the first promise"),
    "late": gettext_noop("Answered after the first promise, or still waiting past it"),
    "not_yet_due": gettext_noop("Open, and the promise is still to come"),
    "met_target_extended": gettext_noop(
        "Answered within the promise, if more time that was given counts as promised"
    ),
    "late_extended": gettext_noop("Late, if more time that was given counts as promised"),
    "no_target": gettext_noop("Without a promise"),
    "standing_still": gettext_noop("Standing still while the citizen is asked"),
    "rejected": gettext_noop("Rejected within the promise"),
    "merged": gettext_noop("Merged within the promise"),
    "referred": gettext_noop("Referred within the promise"),
    "withdrawn": gettext_noop("Withdrawn within the promise"),
    "lapsed": gettext_noop("Lapsed within the promise"),
    "stays": gettext_noop("Times that a case was with the agency"),
    "in_time": gettext_noop("Answered within the promised time, counted from when the case came there"),
    "handed_on": gettext_noop("Given back within the time of the first answer, since it was not its own"),
    "rest": gettext_noop("Neither answered in time nor late nor handed on"),
    "count": gettext_noop("Cases"),
    "figure": gettext_noop("Code of the figure"),
    "value": gettext_noop("Its value; hours for times"),
    "name": gettext_noop("Name"),
}
GROUPS = {"reason": "reason"}  # of which labels a column is, where it is not called as they are
DAYS, TEXTS = {"day", "from", "to"}, {"figure", "name", "agency", "service", "category", "area", "district"}
TEXTS |= {"channel", "kind", "state", "how", "reason"}


def named(edition: PublicEdition, name: str) -> Table:
    """A table with the names beside the codes, in Indonesian, as the city calls them."""
    table: Table = edition.tables[name]
    columns: list[str] = table["columns"]
    labels = edition.labels.get(columns[0])
    if not labels:
        return table
    rows = [[row[0], _name(labels, row[0]), *row[1:]] for row in table["rows"]]
    return {"columns": [columns[0], "name", *columns[1:]], "rows": rows}


def _name(labels: dict[str, dict[str, str]], code: str) -> str:
    if code == OTHERS_CODE:
        with override("id"):
            return _("All others")
    return labels.get(code, {}).get("id", "")


def csv_of(edition: PublicEdition, name: str) -> str:
    """Hidden counts are an asterisk, which the description calls a missing value."""
    table = named(edition, name)
    rows = ([HIDDEN if value is None else value for value in row] for row in table["rows"])
    return "".join(csv_lines(table["columns"], rows))


def json_of(edition: PublicEdition) -> dict[str, Any]:
    return {
        "code": edition.code,
        "from": edition.first.isoformat(),
        "to": edition.last.isoformat(),
        "stood_at": edition.stood_at.astimezone(UTC).isoformat(timespec="seconds"),
        "scope": edition.scope,
        "hidden": None,
        "tables": {
            name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
            for name in edition.tables
            if (table := named(edition, name))
        },
    }


def title_of(edition: PublicEdition) -> str:
    """Of what, and of which of the several tellings of one period."""
    period = f"{edition.first.isoformat()} – {edition.last.isoformat()}"
    title = _("Complaints to %(city)s, %(period)s") % {"city": settings.CITY.government_id, "period": period}
    agency = edition.labels.get("agency", {}).get(edition.scope, {}).get("id") or edition.scope
    told = Series(edition.series).label if edition.series == Series.REPORT else ""
    return " · ".join(str(each) for each in (title, agency, told) if each)


def descriptor(edition: PublicEdition) -> dict[str, Any]:
    """What the files are, for people and programs. Indonesian, the language of the city's open data."""
    with override("id"):
        return {
            "$schema": PROFILE,
            "name": f"tuntas-{settings.CITY.code}-{edition.code}",
            "id": f"tuntas:{settings.CITY.code}:{edition.code}",
            "title": title_of(edition),
            "description": _(
                "Counts of the cases received in the period, as they stood when it was published. Counts of one to "
                "four are hidden (*), and as many more as it takes that none can be worked out."
            ),
            "version": "1.0.0",
            "created": (edition.published_at or edition.stood_at)
            .astimezone(UTC)
            .isoformat(timespec="seconds")
            .replace("+00:00", "Z"),
            "licenses": [LICENCE],
            "contributors": [{"title": settings.CITY.government_id, "roles": ["publisher"]}],
            "resources": [_resource(edition, name) for name in edition.tables],
        }


def _resource(edition: PublicEdition, name: str) -> dict[str, Any]:
    table = named(edition, name)
    return {
        "name": name.replace("_", "-"),
        "path": f"{name}.csv",
        "title": _(TITLES.get(name, name)),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"header": True, "delimiter": ",", "lineTerminator": "\r\n"},
        "schema": {
            "fields": [_field(column) for column in table["columns"]],
            "missingValues": [{"value": "", "label": "unknown"}, {"value": HIDDEN, "label": "hidden"}],
            "primaryKey": [table["columns"][0]],
        },
    }


def _field(column: str) -> dict[str, Any]:
    if column in DAYS:
        kind = "date"
    elif column in TEXTS:
        kind = "string"
    else:
        kind = "number" if column == "value" else "integer"
    field: dict[str, Any] = {"name": column, "type": kind}
    if column in WORDS:
        field["description"] = _(WORDS[column])
    return field
