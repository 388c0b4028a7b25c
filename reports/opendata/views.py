"""The files of what is published, for everybody. They never change, so whoever has one may keep it."""

import re
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from complaints.csv_out import csv_stream
from reports.opendata.catalogue import Pages, catalogue
from reports.opendata.models import PublicEdition, Series
from reports.opendata.package import HIDDEN, csv_of, descriptor, json_of

Answer = TypeVar("Answer", bound=HttpResponseBase)
KEEP = "public, max-age=86400"
IN_CATALOGUE = 400  # on a page; thirty years of months
DCAT = "application/ld+json; charset=utf-8"
PAGE = re.compile(r"[1-9][0-9]{0,5}")
INDENT = {"indent": 1, "ensure_ascii": False}


@require_safe
def report_data(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Files of a report, which stay when it is withdrawn: they are out, and another version says why."""
    return _file(_edition(Series.REPORT, code), name)


@require_safe
def statistics_data(request: HttpRequest, block: str, name: str) -> HttpResponse:
    return _file(_edition(Series.STATISTICS, f"statistics-{block}"), name)


def _edition(series: str, code: str) -> PublicEdition:
    edition = PublicEdition.objects.public().filter(series=series, code=code).defer("cells", "marks").first()
    if edition is None:
        raise Http404
    return edition


def _file(edition: PublicEdition, name: str) -> HttpResponse:
    response: HttpResponse
    if name == "datapackage.json":
        response = JsonResponse(descriptor(edition), json_dumps_params=INDENT)
    elif name == "data.json":
        response = JsonResponse(json_of(edition), json_dumps_params=INDENT)
    elif name.removesuffix(".csv") in edition.tables and name.endswith(".csv"):
        response = HttpResponse(
            csv_of(edition, name.removesuffix(".csv")), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{edition.code}-{name}"'
    else:
        raise Http404
    return _open(response)


@require_safe
def days(request: HttpRequest) -> HttpResponseBase:
    """How many came in on each day of every month that was published, in one file."""
    months = PublicEdition.objects.statistics().filter(tables__has_key="by_day").order_by("first")
    rows = (
        [day, HIDDEN if count is None else count]
        for tables in months.values_list("tables", flat=True).iterator(chunk_size=100)
        for day, count in tables["by_day"]["rows"]
    )
    return _open(csv_stream("days.csv", ["day", "received"], rows), "public, max-age=3600")


@require_safe
def statistics_catalogue(request: HttpRequest) -> HttpResponse:
    """The newest first; `page` says which part of a long one, and what comes next stands in it. 404 past its end."""
    rows = PublicEdition.objects.public().standing()
    asked = request.GET.get("page", "1")
    page = Pages(int(asked) if PAGE.fullmatch(asked) else 0, IN_CATALOGUE, rows.count())
    if not 1 <= page.number <= page.last:
        raise Http404
    first = (page.number - 1) * page.size
    editions: Any = rows.defer("cells", "marks").order_by("-last", "pk")[first : first + page.size]
    content = catalogue(editions, f"{request.scheme}://{request.get_host()}", page)
    response = JsonResponse(content, json_dumps_params=INDENT, content_type=DCAT)
    return _open(response, "public, max-age=3600")


def _open(response: Answer, keep: str = KEEP) -> Answer:
    """Pages of others may read it too, and no browser runs it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = keep
    return response
