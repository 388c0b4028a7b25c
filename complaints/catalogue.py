"""What a form offers – categories, services, areas –, read once and kept in the process's memory.

A mark in the cache says that the memory is fresh; when it has run out after a minute, the next request reads
the tables again. So a change in the administration shows on the forms within a minute, at no cost to a page.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from complaints.models import Area, Category, Service

FRESH_SECONDS = 60
MARK = "catalogue"

Choices = list[tuple[Any, Any]]


@dataclass(frozen=True)
class Catalogue:
    """The active rows by code, in the order in which they are offered, and pages made from them."""

    mark: str
    categories: dict[str, Category]
    services: dict[str, Service]
    areas: dict[str, Area]
    pages: dict[Any, str] = field(default_factory=dict, compare=False)
    names: defaultdict[str, dict[Any, Any]] = field(
        default_factory=lambda: defaultdict(dict), compare=False
    )  # complaints/names.py

    @cached_property
    def category_groups(self) -> list[tuple[Category, list[Category]]]:
        """Top categories, each with those below it."""
        return _groups(self.categories.values())

    def category_choices(self) -> Choices:
        """For a pick list, by code, in the reader's language; a group without members is itself a choice."""
        choices: Choices = [("", _("Choose one"))]
        for top, below in self.category_groups:
            if below:
                choices.append((top.name, [(category.code, category.name) for category in below]))
            else:
                choices.append((top.code, top.name))
        return choices

    def service_choices(self) -> Choices:
        return [("", _("None in particular"))] + [(code, s.name) for code, s in self.services.items()]

    def area_choices(self) -> Choices:
        """Wards by district."""
        choices: Choices = [("", _("Choose a ward"))]
        for district, wards in _groups(self.areas.values()):
            if wards:
                choices.append((district.name, [(ward.code, ward.name) for ward in wards]))
            else:
                choices.append((district.code, district.name))
        return choices


_kept: Catalogue | None = None


def catalogue() -> Catalogue:
    """The catalogue, at most a minute old."""
    global _kept
    mark = cache.get(MARK)
    kept = _kept
    if kept is not None and mark == kept.mark:
        return kept
    try:
        read = _read(mark or token_hex(4))
    except DatabaseError:
        if kept is None:
            raise
        return kept  # while the database is away, the form still shows and keeps what is typed
    _kept = read
    if mark is None:
        cache.set(MARK, read.mark, FRESH_SECONDS)
    return read


def _read(mark: str) -> Catalogue:
    categories = Category.objects.filter(is_active=True).select_related("parent")
    services = Service.objects.filter(is_active=True, agency__is_active=True).select_related("agency")
    areas = Area.objects.filter(is_active=True).exclude(level=Area.Level.CITY).select_related("parent")
    return Catalogue(
        mark,
        {row.code: row for row in categories},
        {row.code: row for row in services},
        {row.code: row for row in areas},
    )


def _groups(rows: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    """Rows whose parent is not among them, each with its children; both in the order of `rows`."""
    rows = list(rows)
    present = {row.pk for row in rows}
    groups: dict[int, tuple[Any, list[Any]]] = {}
    for row in rows:
        if row.parent_id not in present:
            groups[row.pk] = (row, [])
    for row in rows:
        if row.parent_id in groups:
            groups[row.parent_id][1].append(row)
    return list(groups.values())
