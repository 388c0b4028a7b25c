"""An office that meets the public: who works there, and forums as they stand at each step."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Role
from complaints.identity import Identity
from surveys.forums.meetings.models.people import Group
from surveys.forums.meetings.services import announcing
from surveys.forums.meetings.services.attending import Guest
from surveys.forums.models import Forum
from tests import factories
from tests.factories import FRIDAY
from tests.ledger.forger import sql
from tests.shared import NOON

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEFORE = FRIDAY  # when forums are prepared: a Friday
STARTS = NOON + 3 * DAY  # Thursday, noon in Kupang


def head(code: str = "PUPR") -> User:
    agency = factories.make_agency(code)
    return User.objects.filter(role=Role.AGENCY_HEAD, agency=agency).first() or factories.make_user(
        Role.AGENCY_HEAD, agency
    )


def officer(code: str = "PUPR") -> User:
    agency = factories.make_agency(code)
    return User.objects.filter(role=Role.OFFICER, agency=agency).first() or factories.make_user(
        Role.OFFICER, agency
    )


def plan(**fields: Any) -> announcing.Plan:
    starts = fields.pop("starts_at", STARTS)
    values: dict[str, Any] = {
        "title": "Jam buka loket",
        "topic": "Apakah jam buka loket cocok bagi warga?",
        "agenda": "Pembukaan\nDiskusi",
        "agency": factories.make_agency(),
        "starts_at": starts,
        "ends_at": starts + 2 * HOUR,
        "place": "Aula kantor",
    }
    return announcing.Plan(**values | fields)


def prepared(**fields: Any) -> Forum:
    factories.make_city()
    return announcing.prepare(plan(**fields), actor=officer(), now=BEFORE)


def announced(**fields: Any) -> Forum:
    return announcing.announce(prepared(**fields).pk, actor=officer(), now=BEFORE)


def held(now: datetime | None = None, **fields: Any) -> Forum:
    forum = announced(**fields)
    return announcing.close(forum.pk, actor=officer(), now=now or forum.ends_at)


def guest(name: str = "", email: str = "", group: Group = Group.USERS) -> Guest:
    return Guest(group, Identity(name=name, email=email))


def behind_everybodys_back(table: str, **values: str) -> None:
    """What whoever has the database's password can write, whatever the triggers say."""
    columns = ", ".join(f"{name} = %s" for name in values)
    sql(f"UPDATE surveys_{table} SET {columns}", *values.values())
