"""All that is published as one catalogue (DCAT 3 as JSON-LD), as a CKAN portal of province or country harvests it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.opendata.models import PublicEdition, Series
from reports.opendata.package import LICENCE, TITLES, title_of

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA = {"csv": "text/csv", "json": "application/json"}
IANA = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class Pages:
    """Page `number`, from 1 on, of so many `items` by `size` a page."""

    number: int
    size: int
    items: int

    @property
    def last(self) -> int:
        return max(1, -(-self.items // self.size))


def file_address(edition: PublicEdition, name: str) -> str:
    if edition.series == Series.REPORT:
        return reverse("reports:report-data", args=[edition.code, name])
    return reverse("reports:statistics-data", args=[edition.code.removeprefix("statistics-"), name])


def catalogue(editions: Iterable[PublicEdition], base: str, page: Pages | None = None) -> dict[str, Any]:
    """`base`: scheme and host of this site, since a catalogue is read elsewhere. `page`: which part of it this is,
    where it has several."""
    with override("id"):
        return {
            "@context": CONTEXT,
            "@id": f"{base}{reverse('reports:statistics-catalogue')}",
            "@type": "dcat:Catalog",
            "dct:title": _("Open data on complaints to %(city)s") % {"city": settings.CITY.government_id},
            "dct:publisher": _publisher(base),
            "dct:language": "id",
            "dcat:dataset": [_dataset(each, base) for each in editions],
            **({"hydra:view": _view(base, page)} if page is not None and page.last > 1 else {}),
        }


def _view(base: str, page: Pages) -> dict[str, Any]:
    """Where the other pages are, as harvesters follow them: by Hydra's name of today, and by the one before it, which
    ckanext-dcat reads."""
    home = f"{base}{reverse('reports:statistics-catalogue')}"

    def link(number: int) -> dict[str, str]:
        return {"@id": f"{home}?page={number}"}

    view: dict[str, Any] = link(page.number) | {
        "@type": ["hydra:PartialCollectionView", "hydra:PagedCollection"],
        "hydra:totalItems": page.items,
        "hydra:itemsPerPage": page.size,
        "hydra:first": link(1),
        "hydra:last": link(page.last),
    }
    if page.number > 1:
        view["hydra:previous"] = link(page.number - 1)
    if page.number < page.last:
        view |= {"hydra:next": link(page.number + 1), "hydra:nextPage": link(page.number + 1)}
    return view


def _publisher(base: str) -> dict[str, Any]:
    return {"@id": f"{base}/", "@type": "foaf:Agent", "foaf:name": settings.CITY.government_id}


def _dataset(edition: PublicEdition, base: str) -> dict[str, Any]:
    home = f"{base}{file_address(edition, 'datapackage.json')}"
    return {
        "@id": home,
        "@type": "dcat:Dataset",
        "dct:identifier": edition.code,
        "dct:title": title_of(edition),
        "dct:description": _("Counts of the cases received in the period; counts of one to four are hidden."),
        "dct:issued": _moment(edition),
        "dct:modified": _moment(edition),
        "dct:publisher": _publisher(base),
        "dct:license": {"@id": LICENCE["path"]},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:date", "@value": edition.first.isoformat()},
            "dcat:endDate": {"@type": "xsd:date", "@value": edition.last.isoformat()},
        },
        "dcat:keyword": ["pengaduan", "pelayanan publik"],
        "dcat:distribution": [
            *(
                _file(edition, base, f"{name}.csv", "csv", _(TITLES.get(name, name)))
                for name in edition.tables
            ),
            _file(edition, base, "data.json", "json", _("All tables as JSON")),
        ],
    }


def _moment(edition: PublicEdition) -> dict[str, str]:
    at = (edition.published_at or edition.stood_at).astimezone(UTC).isoformat(timespec="seconds")
    return {"@type": "xsd:dateTime", "@value": at}


def _file(edition: PublicEdition, base: str, name: str, kind: str, title: str) -> dict[str, Any]:
    address = f"{base}{file_address(edition, name)}"
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": title,
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"{IANA}{MEDIA[kind]}"},
        "dct:format": kind.upper(),
    }
