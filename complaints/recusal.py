"""Who stands aside from a case: those it is about and the line under them (docs/decisions/0027).

`Complaint.objects.visible_to` asks the same of one person in SQL; here it is asked of many people, for one
case or for a batch of them, in memory.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints.choices import AgencyRow
from complaints.models import Complaint, ReportedParty

PERSON_STANDS_ASIDE = _("This person is complained about. Name another.")
TAKES_NO_CASES = _("This agency takes no cases. Choose another, or refer the case.")
Tree = dict[int, int | None]  # agency → the one above it


def line_above(agency_id: int | None, parents: Tree) -> list[int]:
    """The agency and all above it, itself first."""
    line: list[int] = []
    while agency_id is not None and agency_id not in line:
        line.append(agency_id)
        agency_id = parents.get(agency_id)
    return line


@dataclass
class Recusal:
    """The reported parties of some cases and the tree of agencies, read once."""

    people: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    units: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    parents: Tree = field(default_factory=dict)
    inspectorates: list[int] | None = None  # read when first asked for

    @classmethod
    def of(cls, *cases: int, parents: Tree | None = None) -> "Recusal":
        """For cases by their keys: one query, and one for the tree where a unit is named and `parents`
        are not given."""
        return cls.from_rows(ReportedParty.objects.active().filter(complaint__in=cases), parents)

    @classmethod
    def from_rows(cls, rows: Iterable[ReportedParty], parents: Tree | None = None) -> "Recusal":
        found = cls()
        for row in rows:
            if row.user_id is not None:
                found.people[row.complaint_id].add(row.user_id)
            if row.agency_id is not None:
                found.units[row.complaint_id].add(row.agency_id)
        if found.units:
            found.parents = (
                dict(Agency.objects.values_list("pk", "parent_id")) if parents is None else parents
            )
        return found

    def blocks(self, user: User, case_id: int) -> bool:
        """Whether this person stands aside from the case."""
        return user.pk in self.people.get(case_id, ()) or self.blocks_agency(user.agency_id, case_id)

    def blocks_agency(self, agency_id: int | None, case_id: int) -> bool:
        """Whether the agency is complained about, or stands below one that is."""
        named = self.units.get(case_id, set())
        return bool(named) and not named.isdisjoint(line_above(agency_id, self.parents))

    def unblocked(self, users: Iterable[User], case_id: int) -> list[User]:
        return [user for user in users if not self.blocks(user, case_id)]

    def refusal(self, agency: Agency | AgencyRow, case: Complaint) -> Promise | None:
        """Why this agency may not be given this case; None when it may."""
        if agency.is_external:
            return TAKES_NO_CASES
        if self.blocks_agency(agency.id, case.pk):
            return _(
                "This agency is complained about, or stands below one that is. Choose another, or refer the case."
            )
        if case.is_oversight and not agency.is_oversight and agency.id not in self._above(case):
            return _(
                "Oversight complaints go to the inspectorate only. If it is complained about itself, choose the agency "
                "above it, or refer the case to an outside body."
            )
        return None

    def _above(self, case: Complaint) -> set[int]:
        """Where an oversight complaint goes when it is about the inspectorate itself: the agencies above it
        and above the units named. Mostly there is none; then it stays with verifiers and supervisors."""
        if not self.units.get(case.pk):
            return set()
        if self.inspectorates is None:
            seats = Agency.objects.filter(is_oversight=True, is_active=True, is_external=False)
            self.inspectorates = list(seats.values_list("pk", flat=True))
        inspectorates = self.inspectorates
        if not inspectorates or any(not self.blocks_agency(pk, case.pk) for pk in inspectorates):
            return set()
        above = {
            up for pk in (*inspectorates, *self.units[case.pk]) for up in line_above(pk, self.parents)[1:]
        }
        return {pk for pk in above if not self.blocks_agency(pk, case.pk)}


def blocked(users: Iterable[User], case: Complaint) -> set[int]:
    """Keys of those among `users` who stand aside from the case."""
    recusal = Recusal.of(case.pk)
    return {user.pk for user in users if recusal.blocks(user, case.pk)}


def unblocked(users: Iterable[User], case: Complaint) -> list[User]:
    """Those of `users` who may see, handle and hear of the case."""
    return Recusal.of(case.pk).unblocked(users, case.pk)


def recusal_of(case: Complaint) -> Recusal:
    """For a page: uses the parties that came with the case (`with_everything`)."""
    return Recusal.from_rows(active_parties(case))


def active_parties(case: Complaint) -> list[ReportedParty]:
    """Whom the case is about now, with names; no query for a case that was read `with_everything`."""
    return [row for row in case.reported_parties.all() if row.cleared_at is None]
