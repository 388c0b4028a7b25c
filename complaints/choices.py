"""Lists that staff choose from, kept for a minute: a page of the desk shows them all and changes none.

What is chosen is looked up in the database again before anything is done with it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.catalogue import catalogue
from complaints.models import RejectReason

SECONDS = 60
Loaded = TypeVar("Loaded")
Choice = tuple[Any, str]


# Of people who can sign in and work on cases of their agency; who is away for a few days counts among them.
_AT_WORK = Exists(
    User.objects.filter(agency=OuterRef("pk"), role=Role.OFFICER, is_active=True).exclude(
        password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
)


class AgencyRow(NamedTuple):
    id: int
    code: str
    name: str
    name_en: str
    short_name: str
    keywords: list[str]
    is_oversight: bool
    is_external: bool
    has_officers: bool = True

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    @property
    def label_to_assign(self) -> str:
        """As the verifier reads it before giving the agency a case."""
        if self.has_officers:
            return self.label
        return _("%(agency)s (nobody there can take it up: the next above is told)") % {"agency": self.label}


def _kept(key: str, load: Callable[[], list[Loaded]]) -> list[Loaded]:
    rows: list[Loaded] | None = cache.get(key)
    if rows is None:
        rows = load()
        cache.set(key, rows, SECONDS)
    return rows


def kept_html(key: str, make: Callable[[], str]) -> str:
    """Markup of a form's untouched pick lists, which costs more than all else on a page: kept as long as they are."""
    html = _kept(f"html:{get_language()}:{key}", lambda: [make()])[0]
    return mark_safe(html)  # noqa: S308 - rendered by our own template just now or less than a minute ago


def agencies() -> list[AgencyRow]:
    def load() -> list[AgencyRow]:
        with_officers = Agency.objects.filter(is_active=True).annotate(has_officers=_AT_WORK)
        return [AgencyRow(*row) for row in with_officers.values_list(*AgencyRow._fields)]

    return _kept("choices:agencies", load)


def officers(agency_ids: list[int]) -> list[Choice]:
    """(id, name) of those who can handle cases of these agencies."""

    def load() -> list[Choice]:
        rows = User.objects.filter(agency_id__in=agency_ids, role=Role.OFFICER, is_active=True)
        return list(rows.order_by("name").values_list("pk", "name"))

    return _kept("choices:officers:" + ".".join(map(str, sorted(agency_ids))), load)


def reasons() -> list[tuple[str, str, str]]:
    """(code, Indonesian name, English name) of the reasons for rejecting."""

    def load() -> list[tuple[str, str, str]]:
        rows = RejectReason.objects.filter(is_active=True)
        return list(rows.values_list("code", "name_id", "name_en"))

    return _kept("choices:reasons", load)


def agency_choices(*, external: bool = False) -> list[Choice]:
    return [(row.code, row.label) for row in agencies() if row.is_external == external]


def agency_choices_to_assign() -> list[Choice]:
    """Those of the city; each says where nobody can take a case up."""
    return [(row.code, row.label_to_assign) for row in agencies() if not row.is_external]


def area_choices() -> list[Choice]:
    return _tree(catalogue().areas.values())


def category_choices() -> list[Choice]:
    return _tree(catalogue().categories.values())


def _tree(rows: Iterable[Any]) -> list[Choice]:
    """Every row to choose by code, those below another set in under it."""
    rows = list(rows)
    present = {row.pk for row in rows}
    below: dict[int, list[Choice]] = defaultdict(list)
    for row in rows:
        if row.parent_id in present:
            below[row.parent_id].append((row.code, f"– {row.name}"))
    listed: list[Choice] = []
    for row in rows:
        if row.parent_id not in present:
            listed += [(row.code, row.name), *below[row.pk]]
    return listed


def reason_choices() -> list[Choice]:
    english = get_language() == "en"
    return [(code, name_en if english and name_en else name_id) for code, name_id, name_en in reasons()]


def with_children(rows: dict[str, Any], code: str) -> list[int]:
    """Ids of the row of a catalogue with this code and of all below it."""
    found = [rows[code].pk] if code in rows else []
    for pk in found:
        found += [row.pk for row in rows.values() if row.parent_id == pk and row.pk not in found]
    return found
