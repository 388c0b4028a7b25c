"""Which open cases nobody watches: the one definition for the public page, the supervisors' desk and check_integrity.

A case is watched when it has an owner and a next level, and on either side somebody can sign in, may act, and does not
stand aside from it. A merged case is as open as the one that it follows.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, Value, When

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


def unwatched(now: datetime, roster: Roster | None = None) -> Complaints:
    """Open cases that break the invariant; there should be none. Three queries, and one where somebody is named:
    people, agencies, and the places in which open cases lie, of which each with a reported party is one. A `roster`
    of this moment saves the first two."""
    roster = roster or Roster.read(now)
    open_ones = Complaint.objects.open().filter(is_live=True)
    about_somebody = ReportedParty.objects.active().filter(complaint__state__in=sorted(OPEN))
    named = about_somebody.order_by().values("complaint")
    alone = Case(When(UNWATCHED, then=1), default=0, output_field=IntegerField())
    alike = open_ones.annotate(key=Value(0), alone=alone).values_list(*PLACE, "key", "alone")
    single = open_ones.filter(pk__in=named).annotate(key=F("pk"), alone=alone)
    rows = list(alike.order_by().distinct().union(single.order_by().values_list(*PLACE, "key", "alone")))
    roster.read_parties([row[-2] for row in rows if row[-2]])
    broken = Q()
    for *place, key, is_alone in rows:
        lies = Place(*place)
        lies.pk = key
        if is_alone or not _is_watched(lies, roster):
            broken |= Q(pk=key) if key else lies.rows & (UNWATCHED if is_alone else ~Q(pk__in=named))
    if not broken:
        return Complaint.objects.none()
    found = open_ones.filter(broken)
    keys = found.order_by().values("pk")
    return Complaint.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys, state=State.MERGED))


def _is_watched(place: Place, roster: Roster) -> bool:
    """Columns that are empty are counted by UNWATCHED."""
    return place.next_level is None or (
        roster.somebody_works(place) and roster.somebody_answers(place.next_level, place)
    )
