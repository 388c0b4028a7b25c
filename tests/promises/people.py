"""A supervisor, the head of public works, and what is between them."""

from datetime import date, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.models import Complaint
from escalation.promises.models.commitment import Commitment, CommitmentKind
from escalation.promises.models.recommendation import Maladministration, Recommendation
from escalation.promises.services import commitments, recommendations
from tests import factories
from tests.factories import FRIDAY

TODAY = date(2026, 11, 20)


def supervisor(seat: str = "") -> User:
    found = User.objects.filter(role=Role.SUPERVISOR, seat=seat).first()
    return found or factories.make_user(Role.SUPERVISOR, seat=seat)


def inspector() -> User:
    return supervisor(Seat.INSPECTORATE)


def ombudsman() -> User:
    return supervisor(Seat.OMBUDSMAN)


def head(code: str = "PUPR") -> User:
    agency = factories.make_agency(code)
    found = User.objects.filter(role=Role.AGENCY_HEAD, agency=agency).first()
    return found or factories.make_user(Role.AGENCY_HEAD, agency)


def advice(days: int = 60, cases: tuple[Complaint, ...] = (), **fields: Any) -> recommendations.Advice:
    values: dict[str, Any] = {
        "agency": factories.make_agency(),
        "subject": "Loket tutup sebelum waktunya",
        "findings": "Tiga laporan menyebut loket tutup pukul 14.",
        "recommended": "Buka loket sampai pukul 16.",
        "maladministration": Maladministration.NO_SERVICE,
        "due_on": TODAY + timedelta(days=days),
        "cases": tuple(case.pk for case in cases),
    }
    return recommendations.Advice(**values | fields)


def recommended(days: int = 60, cases: tuple[Complaint, ...] = (), **fields: Any) -> Recommendation:
    factories.make_city()
    head()
    return recommendations.issue(advice(days, cases, **fields), actor=supervisor(), now=FRIDAY)


def promise(days: int = 90, cases: tuple[Complaint, ...] = (), **fields: Any) -> commitments.NewCommitment:
    values: dict[str, Any] = {
        "agency": factories.make_agency(),
        "kind": CommitmentKind.HOURS,
        "title": "Loket buka sampai pukul 16",
        "description": "Setiap hari kerja.",
        "owner": head(),
        "due_on": TODAY + timedelta(days=days),
        "cases": tuple(case.pk for case in cases),
    }
    return commitments.NewCommitment(**values | fields)


def promised(days: int = 90, cases: tuple[Complaint, ...] = (), **fields: Any) -> Commitment:
    factories.make_city()
    return commitments.make(promise(days, cases, **fields), actor=head(), now=FRIDAY)


def kept(row: Commitment, now: Any = FRIDAY) -> Commitment:
    commitments.report(row.pk, actor=head(row.agency.code), now=now, words="Sudah berlaku.")
    finding = commitments.Finding.KEPT
    return commitments.judge(row.pk, actor=supervisor(), now=now, finding=finding, words="Sudah dilihat.")
