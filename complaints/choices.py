"""Lists that staff choose from, kept for a minute: a page of the desk shows them all and changes none.

What is chosen is looked up in the database again before anything is done with it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.models import Area, Category, RejectReason

SECONDS = 60
Loaded = TypeVar("Loaded")
Choice = tuple[Any, str]


class AgencyRow(NamedTuple):
    id: int
    code: str
    name: str
    name_en: str
    short_name: str
    keywords: list[str]
    is_oversight: bool
    is_external: bool

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class CategoryRow(NamedTuple):
    id: int
    code: str
    parent_id: int | None
    name_id: str
    name_en: str
    keywords: list[str]
    agency_id: int | None

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name_id


class AreaRow(NamedTuple):
    id: int
    code: str
    name: str
    level: str
    parent_id: int | None


def _kept(key: str, load: Callable[[], list[Loaded]]) -> list[Loaded]:
    rows: list[Loaded] | None = cache.get(key)
    if rows is None:
        rows = load()
        cache.set(key, rows, SECONDS)
    return rows


def agencies() -> list[AgencyRow]:
    rows = Agency.objects.filter(is_active=True).values_list(*AgencyRow._fields)
    return _kept("choices:agencies", lambda: [AgencyRow(*row) for row in rows])


def categories() -> list[CategoryRow]:
    rows = Category.objects.filter(is_active=True).values_list(*CategoryRow._fields)
    return _kept("choices:categories", lambda: [CategoryRow(*row) for row in rows])


def areas() -> list[AreaRow]:
    """Districts with their wards after them; the city itself is left out."""
    rows = Area.objects.filter(is_active=True).exclude(level=Area.Level.CITY).values_list(*AreaRow._fields)
    return _kept("choices:areas", lambda: _by_district([AreaRow(*row) for row in rows]))


def _by_district(rows: list[AreaRow]) -> list[AreaRow]:
    districts = [row for row in rows if row.level == Area.Level.DISTRICT]
    known = {row.id for row in districts}
    ordered = [row for row in rows if row.level == Area.Level.WARD and row.parent_id not in known]
    for district in districts:
        ordered += [district, *(row for row in rows if row.parent_id == district.id)]
    return ordered


def officers(agency_ids: list[int]) -> list[Choice]:
    """(id, name) of those who can handle cases of these agencies."""
    rows = User.objects.filter(agency_id__in=agency_ids, role=Role.OFFICER, is_active=True)
    key = "choices:officers:" + ".".join(map(str, sorted(agency_ids)))
    return _kept(key, lambda: list(rows.order_by("name").values_list("pk", "name")))


def reasons() -> list[tuple[str, str, str]]:
    """(code, Indonesian name, English name) of the reasons for rejecting."""
    rows = RejectReason.objects.filter(is_active=True).values_list("code", "name_id", "name_en")
    return _kept("choices:reasons", lambda: list(rows))


def agency_choices(*, external: bool = False) -> list[Choice]:
    return [(row.code, row.label) for row in agencies() if row.is_external == external]


def category_choices() -> list[Choice]:
    return [(row.code, row.label) for row in categories()]


def area_choices() -> list[Choice]:
    """Wards are set in under their district."""
    return [(row.code, f"– {row.name}" if row.level == Area.Level.WARD else row.name) for row in areas()]


def reason_choices() -> list[Choice]:
    english = get_language() == "en"
    return [(code, name_en if english and name_en else name_id) for code, name_id, name_en in reasons()]


def with_children(rows: list[Any], code: str) -> list[int]:
    """Ids of the row with this code and of all below it."""
    found = [row.id for row in rows if row.code == code]
    for pk in found:
        found += [row.id for row in rows if row.parent_id == pk and row.id not in found]
    return found
