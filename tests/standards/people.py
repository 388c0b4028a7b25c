"""A service of public works with a counter, its head, and the words of a standard."""

from datetime import date
from typing import Any

from accounts.models import User
from accounts.roles import Role
from complaints.models import Service
from surveys.standards.models import Counter, Part, StandardChange
from surveys.standards.services import Change, change
from tests import factories
from tests.factories import FRIDAY

TODAY = date(2026, 11, 20)
SHORT = {"weekly": {str(day): [["08:00", "12:00"], ["13:00", "15:00"]] for day in range(5)}}
LONG = {"weekly": {str(day): [["08:00", "12:00"], ["13:00", "17:00"]] for day in range(5)}}


def service(code: str = "izin-jalan", agency: str = "PUPR", **fields: Any) -> Service:
    defaults = {
        "agency": factories.make_agency(agency),
        "name_id": "Izin jalan",
        "name_en": "Road permit",
        "requirements_id": "KTP.",
        "requirements_en": "Identity card.",
        "promised_days": 5,
    }
    return Service.objects.get_or_create(code=code, defaults=defaults | fields)[0]


def counter(code: str = "loket-1", **fields: Any) -> Counter:
    defaults = {"agency": factories.make_agency(), "name_id": "Loket 1", "name_en": "Counter 1"}
    row, is_new = Counter.objects.get_or_create(code=code, defaults=defaults | fields)
    if is_new:
        row.services.add(service())
    return row


def head(code: str = "PUPR") -> User:
    agency = factories.make_agency(code)
    found = User.objects.filter(role=Role.AGENCY_HEAD, agency=agency).first()
    return found or factories.make_user(Role.AGENCY_HEAD, agency)


def new(part: Part, after: dict[str, Any], **fields: Any) -> Change:
    values: dict[str, Any] = {"part": part, "after": after, "starts_on": TODAY, "reason": "Warga memintanya."}
    return Change(**values | fields)


def changed(part: Part, after: dict[str, Any], *, now: Any = FRIDAY, **fields: Any) -> StandardChange:
    factories.make_city()
    if not {"service", "counter", "agency"} & set(fields):
        fields["service"] = service()
    return change(new(part, after, **fields), actor=head(), now=now)
