"""Who answers for what an agency owes, who judges it, and who is told in the place of somebody who is gone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Agency, User
from accounts.models import there as there_on
from accounts.roles import Role
from complaints.clock.city_time import day_of
from escalation.promises.models.obligation import Obligation

JUDGED = frozenset({"answered", "reported", "waiting"})  # what is told to those who judge


def agency_heads_of(row: Obligation, now: datetime) -> list[User]:
    """Who answers for the agency: its heads; where none of them is there, those above too. Here and below without
    whoever stands aside from a case it rests on."""
    return _heads(row.agency, row, now)


def agency_heads_above(row: Obligation, now: datetime) -> list[User]:
    """The heads of the agency that stands above; empty at the top."""
    return _heads(row.agency.parent, row, now)


def readers_among(users: Iterable[User], row: Obligation) -> list[User]:
    """Those who may read the row, each asked at the one door."""
    rows: Any = type(row)._default_manager
    return [user for user in users if rows.visible_to(user).filter(pk=row.pk).exists()]


def supervisors(row: Obligation, now: datetime, *seats: str) -> list[User]:
    """Those on these seats of the ladder and those without a seat; where none of them is there, all."""
    active = User.objects.filter(role=Role.SUPERVISOR, is_active=True).order_by("pk")
    everyone = readers_among(active, row)
    seated = [user for user in everyone if not seats or user.seat in (*seats, "")]
    return seated if there(seated, now) else everyone


def there(users: list[User], now: datetime) -> list[User]:
    """Those who can sign in and are not away."""
    return there_on(users, day_of(now))


def instead_of(user: User, row: Obligation, what: str, now: datetime) -> list[User]:
    """Who hears `what` when it was written to somebody who is gone, away or not to read it any more."""
    heads = [] if what in JUDGED or user.role == Role.SUPERVISOR else agency_heads_of(row, now)
    return heads if there(heads, now) else [*heads, *supervisors(row, now)]


def _heads(agency: Agency | None, row: Obligation, now: datetime) -> list[User]:
    seen, told = set[int](), list[User]()
    while agency is not None and agency.pk not in seen:
        heads = User.objects.filter(agency=agency, role=Role.AGENCY_HEAD, is_active=True)
        found = readers_among(heads, row)
        told += found
        if there(found, now):
            break
        seen.add(agency.pk)
        agency = agency.parent
    return told
