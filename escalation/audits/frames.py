"""Which cases a sample is drawn from."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from accounts.actors import Actor
from accounts.models import Agency
from complaints.clock.city_time import start_of
from complaints.models import Category, Complaint
from complaints.models.complaint import Complaints
from escalation.audits.models import AuditSample

LARGEST_FRAME = 100_000  # numbers; read in one query of one column within the request


@dataclass(frozen=True)
class SamplingFrame:
    """Which cases a sample is drawn from: by the day they were received, or ended, both days included.

    `agency` stands for those below it too, `category` likewise; `kind` "" for any.
    """

    basis: str
    first_day: date
    last_day: date
    agency: Agency | None = None
    kind: str = ""
    category: Category | None = None


def cases_in(frame: SamplingFrame, actor: Actor) -> Complaints:
    """The cases of a frame in this actor's scope. A case shared between agencies is one, as in a report. History of
    another system is left out: it has no clock to judge."""
    cases = Complaint.objects.visible_to(actor).filter(is_live=True).counted_once(frame.agency)
    begin, end = start_of(frame.first_day), start_of(frame.last_day + timedelta(1))
    moment = "ended_at" if frame.basis == AuditSample.Basis.ENDED else "received_at"
    cases = cases.filter(**{f"{moment}__gte": begin, f"{moment}__lt": end})
    if frame.kind:
        cases = cases.filter(kind=frame.kind)
    if frame.category is not None:
        cases = cases.filter(Q(category=frame.category) | Q(category__parent=frame.category))
    return cases
