"""Who is complained about in these tests, and who is not: Setda over PUPR over its workshop, and the inspectorate."""

from dataclasses import dataclass, field

from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.models import Complaint
from complaints.services import parties
from tests.factories import FRIDAY, make_agency, make_user

CANARY = "Kenari kuning"  # in the subject, the words and the name of a file of the case


def agency(code: str, parent: Agency | None = None, **fields) -> Agency:
    return make_agency(code, parent=parent, **fields)


@dataclass
class City:
    setda: Agency = field(default_factory=lambda: agency("SETDA"))
    pupr: Agency = field(init=False)
    workshop: Agency = field(init=False)
    dinkes: Agency = field(default_factory=lambda: agency("DINKES"))
    inspectorate: Agency = field(default_factory=lambda: agency("ITKOT", is_oversight=True))

    def __post_init__(self) -> None:
        self.pupr = agency("PUPR", self.setda)
        self.workshop = agency("BENGKEL", self.pupr)
        self.sekda = make_user(Role.AGENCY_HEAD, self.setda, name="Sekar")
        self.hana = make_user(Role.AGENCY_HEAD, self.pupr, name="Hana")
        self.oka = make_user(Role.OFFICER, self.pupr, name="Oka")
        self.olga = make_user(Role.OFFICER, self.pupr, name="Olga")
        self.wayan = make_user(Role.OFFICER, self.workshop, name="Wayan")
        self.dina = make_user(Role.OFFICER, self.dinkes, name="Dina")
        self.iwan = make_user(Role.OFFICER, self.inspectorate, name="Iwan")
        self.vera = make_user(Role.VERIFIER, name="Vera")
        self.viktor = make_user(Role.VERIFIER, name="Viktor")
        self.clara = make_user(Role.CLERK, name="Clara")
        self.sari = make_user(Role.SUPERVISOR, name="Sari", seat=Seat.INSPECTORATE)
        self.umar = make_user(Role.SUPERVISOR, name="Umar", seat=Seat.OMBUDSMAN)

    @property
    def units(self) -> list[Agency]:
        """Each with officers."""
        return [self.pupr, self.workshop, self.dinkes, self.inspectorate]

    @property
    def staff(self) -> dict[str, User]:
        return {name: person for name, person in vars(self).items() if isinstance(person, User)}

    def name(self, case: Complaint, who: User | Agency, *, by: User | None = None, now=FRIDAY) -> Complaint:
        """A supervisor names them, unless told who does."""
        party = {"user": who} if isinstance(who, User) else {"agency": who}
        return parties.name_party(case.pk, actor=by or self.umar, now=now, why="Disebut pelapor", **party)


def sees(user: User, case: Complaint) -> bool:
    return Complaint.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=case.pk).exists()
