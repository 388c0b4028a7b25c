"""Which open cases nobody watches: the one definition for the public page, the supervisors' desk and check_integrity.

A case is watched when it has an owner and a next level, and on either side somebody can sign in, may act, and does not
stand aside from it. A merged case is as open as the one that it follows.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from complaints.models import Complaint, ReportedParty
from complaints.models.complaint import Complaints
from complaints.querysets import UNWATCHED
from complaints.roster import Roster
from complaints.states import OPEN, State

PLACE = ("agency_id", "next_level", "kind", "state", "returns_to")


@dataclass
class Place:
    """Where cases lie alike; with a key, where one of them does."""

    agency_id: int | None
    next_level: int | None
    kind: str
    state: str
    returns_to: str
    pk: int = 0
    handler_id: int | None = None
    is_anonymous: bool = False
    is_confidential: bool = False

    @property
    def rows(self) -> Q:
        return Q(**{name: getattr(self, name) for name in PLACE})


def unwatched(now: datetime) -> Complaints:
    """Open cases that break the invariant; there should be none. A few queries: people and agencies, the places in
    which open cases lie, and those of which a reported party is named."""
    roster = Roster.read(now)
    open_ones = Complaint.objects.open().filter(is_live=True)
    broken = UNWATCHED
    about_somebody = ReportedParty.objects.active().filter(complaint__state__in=sorted(OPEN))
    named = about_somebody.order_by().values("complaint")
    for place in open_ones.order_by().values_list(*PLACE).distinct():
        if not _is_watched(Place(*place), roster):
            broken |= Place(*place).rows & ~Q(pk__in=named)
    rows = list(open_ones.filter(pk__in=named).order_by().values_list(*PLACE, "pk"))
    roster.read_parties([row[-1] for row in rows])
    broken |= Q(pk__in=[row[-1] for row in rows if not _is_watched(Place(*row), roster)])
    found = open_ones.filter(broken)
    if not found.exists():
        return Complaint.objects.none()
    keys = found.order_by().values("pk")
    return Complaint.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys, state=State.MERGED))


def _is_watched(place: Place, roster: Roster) -> bool:
    """Columns that are empty are counted by UNWATCHED."""
    return place.next_level is None or (
        roster.somebody_works(place) and roster.somebody_answers(place.next_level, place)
    )
