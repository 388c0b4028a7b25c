"""The few people, agencies and cases that tests share: Ani complains, Vera verifies, Oka of public works answers."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock import calendars
from complaints.identity import Identity
from complaints.models import (
    Category,
    Complaint,
    ConductPhrase,
    OfficeCalendar,
    OpeningHours,
    RejectReason,
    ServiceLevel,
)
from complaints.models.catalogue import Kind
from complaints.services import citizen, handling, intake, verification

# A Friday, 11:00 in Kupang: the office is open.
FRIDAY = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PASSWORD = "woven-in-indigo-7"
_serial = count(1)


def make_city() -> OfficeCalendar:
    """The policy every case needs: office hours Monday to Friday, and the usual targets. Made once."""
    calendar = OfficeCalendar.objects.filter(agency=None).first()
    if calendar is not None:
        return calendar
    calendars.forget()
    calendar = OfficeCalendar.objects.create(name="Kota")
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=weekday, opens_at=opens, closes_at=closes)
        for weekday in range(5)
        for opens, closes in ((time(7, 30), time(12)), (time(13), time(16)))
    )
    resolution = {Kind.COMPLAINT: 14, Kind.OVERSIGHT: 60, Kind.ASPIRATION: 5, Kind.INFORMATION: 5}
    ServiceLevel.objects.bulk_create(
        ServiceLevel(
            kind=kind,
            valid_from=date(2018, 1, 1),
            verification_amount=3,
            first_response_amount=5,
            resolution_amount=days,
            citizen_answer_amount=30,
            citizen_answer_unit="calendar_days",
            confirmation_amount=10,
        )
        for kind, days in resolution.items()
    )
    OfficeCalendar.touch()
    return calendar


def make_agency(code: str = "PUPR", **fields: Any) -> Agency:
    fields = {"name": f"Dinas {code}", "short_name": code} | fields
    return Agency.objects.get_or_create(code=code, defaults=fields)[0]


def make_user(role: Role | str, agency: Agency | None = None, **fields: Any) -> User:
    """A member of staff with PASSWORD; officers and heads get the agency PUPR unless told."""
    if role in (Role.OFFICER, Role.AGENCY_HEAD) and agency is None:
        agency = make_agency()
    name = fields.pop("name", {"verifier": "Vera", "officer": "Oka", "agency_head": "Hana"}.get(role, "Budi"))
    email = fields.pop("email", f"{role}{next(_serial)}@tuntas.test")
    return User.objects.create_user(email, PASSWORD, name=name, role=role, agency=agency, **fields)


def make_category(code: str = "jalan-rusak", **fields: Any) -> Category:
    return Category.objects.get_or_create(
        code=code, defaults={"name_id": "Jalan rusak", "name_en": "Damaged road"} | fields
    )[0]


def make_conduct_phrases(*phrases: str) -> None:
    """What counts as a word on conduct."""
    rows = [
        ConductPhrase(phrase=phrase, language="id", about="treatment", valid_from=date(2018, 1, 1))
        for phrase in phrases
    ]
    ConductPhrase.objects.bulk_create(rows, ignore_conflicts=True)


def make_reason(code: str = "spam") -> RejectReason:
    defaults = {
        "name_id": "Tidak ada isi",
        "name_en": "No content",
        "explanation_id": "Isi laporan tidak ada.",
    }
    return RejectReason.objects.get_or_create(code=code, defaults=defaults)[0]


def file_complaint(
    now: datetime = FRIDAY, *, secret: str = "", actor: User | None = None, **fields: Any
) -> Complaint:
    """A submitted case; with `email=` it has someone to write to."""
    make_city()
    email = fields.pop("email", "")
    fields = {"subject": "Jalan berlubang", "description": "Lubang besar di depan pasar."} | fields
    if email:
        fields["identity"] = Identity(name="Ani", email=email)
    return intake.submit(intake.Filing(**fields), actor=actor, now=now, secret=secret).case


def assigned(now: datetime = FRIDAY, agency: Agency | None = None, **fields: Any) -> Complaint:
    case = file_complaint(now, **fields)
    verifier = User.objects.filter(role=Role.VERIFIER).first() or make_user(Role.VERIFIER)
    routing = verification.Routing([agency or make_agency()])
    return verification.assign(case.pk, actor=verifier, now=now, routing=routing)


def in_progress(now: datetime = FRIDAY, agency: Agency | None = None, **fields: Any) -> Complaint:
    case = assigned(now, agency, **fields)
    officer = officer_of(case)
    return handling.accept(case.pk, actor=officer, now=now, handler=officer)


def resolved(now: datetime = FRIDAY, agency: Agency | None = None, **fields: Any) -> Complaint:
    case = in_progress(now, agency, **fields)
    return handling.resolve(case.pk, actor=officer_of(case), now=now, answer="Sudah ditambal.")


def awaiting(now: datetime = FRIDAY, **fields: Any) -> Complaint:
    """Asked back by the verifier."""
    case = file_complaint(now, **fields)
    verifier = User.objects.filter(role=Role.VERIFIER).first() or make_user(Role.VERIFIER)
    return verification.ask_citizen(case.pk, actor=verifier, now=now, question="Di mana tepatnya?")


def closed(now: datetime = FRIDAY, **fields: Any) -> Complaint:
    case = resolved(now, **fields)
    return citizen.confirm(case.pk, actor=Citizen(case.pk), now=now, rating=4)


def officer_of(case: Complaint) -> User:
    assert case.agency is not None
    found = User.objects.filter(agency=case.agency, role=Role.OFFICER, is_active=True).first()
    return found or make_user(Role.OFFICER, case.agency)
