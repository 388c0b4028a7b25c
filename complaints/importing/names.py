"""Finds the agencies, categories and areas that a file names, and makes those that are missing.

What is made belongs to the source: it is not active, so that another city's offices appear neither on the
citizen's form nor among those a case can be assigned to.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Agency
from complaints.history.rows import Table
from complaints.importing.mapping import Mapping
from complaints.importing.rows import Row
from complaints.ledger.settings import record_settings
from complaints.models import Area, Category, Complaint

Named = TypeVar("Named", Agency, Category)


class Names:
    """Remembers what was found, so that each name is looked up once."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._agencies: dict[str, Agency | None] = {"": None}
        self._categories: dict[str, Category | None] = {"": None}
        self._areas = _own_areas() if mapping.lookup["area"] == "city" else {}
        self._codes: dict[type[Agency] | type[Category], set[str]] = {Agency: set(), Category: set()}
        if mapping.lookup["agency"] == "city":
            for agency in Agency.objects.filter(is_active=True):
                for name in (agency.code, agency.name, agency.short_name):
                    self._agencies.setdefault(name.casefold(), agency)
        if mapping.lookup["category"] == "city":
            for category in Category.objects.filter(is_active=True):
                for name in (category.code, category.name_id, category.name_en):
                    self._categories.setdefault(name.casefold(), category)
        # After the city's own: a mapping that names them from now on finds them, whatever was made before.
        self._remember(self._agencies, Agency.objects.all(), "name")
        self._remember(self._categories, Category.objects.all(), "name_id")
        self._recognise()

    def learn(self, rows: Iterable[Row]) -> None:
        """Finds or makes all that these rows name."""
        for row in rows:
            self.agency(row.agency)
            self.category(row.category)
        record_settings(actor=None, now=timezone.now(), concerned=self._is_ours, only_new=True)

    def _is_ours(self, table: Table, row: dict[str, Any]) -> bool:
        """Made by an import from this source: nobody signs for a row that somebody else put in."""
        return table.model in (Agency, Category) and row["code"].startswith(f"{self._mapping.source}-")

    def agency(self, name: str) -> Agency | None:
        key = name.casefold()
        if key not in self._agencies:
            defaults = {"name": name, "short_name": _short(name, 60), "is_active": False}
            code = self._code(name, 40, self._codes[Agency])
            self._agencies[key] = Agency.objects.get_or_create(code=code, defaults=defaults)[0]
        return self._agencies[key]

    def known(self, name: str) -> Agency | None:
        """The agency of this name; nothing is made."""
        return self._agencies.get(name.casefold())

    def is_another(self, name: str, agency: Agency | None) -> bool:
        """Whether the file's name is not that of this agency; nothing is made."""
        known = self.known(name)
        return known is None or known != agency

    def is_another_category(self, name: str, category: Category | None) -> bool:
        known = self._categories.get(name.casefold())
        return known is None or known != category

    def category(self, name: str) -> Category | None:
        key = name.casefold()
        if key not in self._categories:
            defaults = {"name_id": name, "name_en": name, "is_active": False}
            code = self._code(name, 60, self._codes[Category])
            self._categories[key] = Category.objects.get_or_create(code=code, defaults=defaults)[0]
        return self._categories[key]

    @property
    def knows_areas(self) -> bool:
        """Whether places are looked for among the city's own."""
        return bool(self._areas)

    def place(self, row: Row) -> tuple[Area | None, str]:
        """The area that a row names, and its place in words: with the name of an area that is none of ours."""
        area, location = self._areas.get(row.area.casefold()), row.location
        if area is None and row.area and row.area.casefold() not in location.casefold():
            location = f"{row.area}, {location}".rstrip(", ")[:200]
        return area, location

    def _remember(self, known: dict[str, Named | None], rows: QuerySet[Named], column: str) -> None:
        """Those that an earlier import from this source made."""
        for row in rows.filter(code__startswith=f"{self._mapping.source}-").order_by("pk"):
            known.setdefault(getattr(row, column).casefold(), row)
            self._codes[type(row)].add(row.code)

    def _recognise(self) -> None:
        """The city's own that cases of this source have and that are in use no more: the same export again takes no
        case away from an agency that closed meanwhile."""
        cases = Complaint.objects.visible_to(None).filter(source=self._mapping.source)
        had: list[tuple[str, dict[str, Any], QuerySet[Any], tuple[str, ...]]] = [
            ("agency", self._agencies, Agency.objects.all(), ("code", "name", "short_name")),
            ("category", self._categories, Category.objects.all(), ("code", "name_id", "name_en")),
            ("area", self._areas, Area.objects.all(), ("code", "name")),
        ]
        for column, known, rows, names in had:
            if self._mapping.lookup[column] == "city":
                for row in rows.filter(pk__in=cases.values(column), is_active=False).order_by("pk"):
                    for name in names:
                        known.setdefault(getattr(row, name).casefold(), row)

    def _code(self, name: str, limit: int, taken: set[str]) -> str:
        """`source-name`; where that does not fit, has no letters of ours or is another's whose name differs in signs
        only, it ends in a digest of the name."""
        slug = slugify(name)
        code = f"{self._mapping.source}-{slug}"
        if not slug or len(code) > limit or code in taken:
            digest = sha256(name.casefold().encode()).hexdigest()[:8]
            code = f"{code[: limit - 9].rstrip('-')}-{digest}"
        taken.add(code)
        return code


def _own_areas() -> dict[str, Area]:
    """By code and by name; where a district and a ward share a name, the smaller one."""
    areas: dict[str, Area] = {}
    order = {Area.Level.CITY: 0, Area.Level.DISTRICT: 1, Area.Level.WARD: 2}
    for area in sorted(Area.objects.filter(is_active=True), key=lambda area: order[Area.Level(area.level)]):
        areas[area.code.casefold()] = areas[area.name.casefold()] = area
    return areas


def _short(name: str, limit: int) -> str:
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"
