"""The people of the demo city: at least one for each role, the same password for all. Never in a real installation."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from accounts.models import Agency, User
from accounts.roles import Role, Seat

DEMO_PASSWORD = "tenun-ikat-biru"  # noqa: S105 - meant to be known
_KNOWN = "accounts.demo.is_demo"


@dataclass(frozen=True)
class DemoUser:
    """`agency` is a place in the list of agencies that the demo gives: 0 the first, 1 the second."""

    local_part: str
    name: str
    role: Role
    agency: int | None = None
    seat: str = ""


DEMO_USERS = (
    DemoUser("petugas", "Citra", Role.CLERK),
    DemoUser("verifikator", "Vera", Role.VERIFIER),
    DemoUser("pejabat1", "Oka", Role.OFFICER, 0),
    DemoUser("kepala1", "Hana", Role.AGENCY_HEAD, 0),
    DemoUser("pejabat2", "Domi", Role.OFFICER, 1),
    DemoUser("kepala2", "Kris", Role.AGENCY_HEAD, 1),
    DemoUser("inspektorat", "Intan", Role.AGENCY_HEAD, 2),
    DemoUser("pengawas", "Sari", Role.SUPERVISOR),
    DemoUser("sekda", "Rudi", Role.SUPERVISOR, seat=Seat.INSPECTORATE),
    DemoUser("ombudsman", "Lena", Role.SUPERVISOR, seat=Seat.OMBUDSMAN),
    DemoUser("admin", "Adi", Role.ADMINISTRATOR),
)


def demo_domain() -> str:
    """The mail domain of the demo people; .example belongs to nobody (RFC 2606)."""
    return f"{settings.CITY.slug}.example"


def make_demo_users(agencies: list[Agency]) -> list[User]:
    """Makes those demo people who are not there yet.

    `agencies`: two that handle cases, then the inspectorate; people of one that is not given are left out.
    """
    made, password = [], make_password(DEMO_PASSWORD)  # hashed once: it is known anyway
    for person in DEMO_USERS:
        if person.agency is not None and person.agency >= len(agencies):
            continue
        email = f"{person.local_part}@{demo_domain()}"
        user = User.objects.filter(email=email).first()
        if user is None:
            agency = agencies[person.agency] if person.agency is not None else None
            user = User.objects.create(
                email=email,
                password=password,
                name=person.name,
                role=person.role,
                agency=agency,
                seat=person.seat,
            )
        made.append(user)
    cache.delete(_KNOWN)
    return made


def demo_users() -> list[User]:
    """The demo people there are, in the order of DEMO_USERS."""
    emails = [f"{person.local_part}@{demo_domain()}" for person in DEMO_USERS]
    found = User.objects.filter(email__in=emails, is_active=True).select_related("agency")
    return sorted(found, key=lambda user: emails.index(user.email))


def is_demo() -> bool:
    """Whether this installation has demo people with a known password. Looked up once in five minutes."""
    known: bool | None = cache.get(_KNOWN)
    if known is None:
        known = bool(demo_users())
        cache.set(_KNOWN, known, 300)
    return known
