"""Which cases have ended, how, and since when; which unit they are about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Agency
from complaints.clock.city_time import day_of, start_of
from complaints.models import Complaint, EventKind
from complaints.states import TERMINAL, State
from surveys.aftercase.models import AfterCase, AfterCaseTerm, Ending

# An answered case is asked about while its citizen can still object.
ENDED = frozenset({State.RESOLVED, *TERMINAL}) - {State.MERGED}
_BY_STATE = {
    State.RESOLVED: Ending.ANSWERED,
    State.REJECTED: Ending.REJECTED,
    State.LAPSED: Ending.LAPSED,
    State.WITHDRAWN: Ending.WITHDRAWN,
    State.REFERRED: Ending.REFERRED,
}


@dataclass(frozen=True)
class End:
    """An end that a citizen may be asked about."""

    case: Complaint  # theirs
    about: Complaint  # the one that ended
    at: datetime

    @property
    def cycle(self) -> int:
        return self.about.cycle


def term_on(day: date) -> AfterCaseTerm:
    """The one in force; the usual one, unsaved, while there is none."""
    found = (
        AfterCaseTerm.objects.filter(valid_from__lte=day)
        .select_related("unit")
        .order_by("-valid_from")
        .first()
    )
    return found or AfterCaseTerm(valid_from=day)


def end_of(case: Complaint) -> End | None:
    """None while it is under way, of a part or of what came from another system, and once its citizen is erased."""
    about = case.merged_into or case
    if not case.is_live or case.parent_id is not None or case.receipt_digest is None:
        return None
    if about.state not in ENDED or about.ended_at is None:
        return None
    return End(case, about, max(about.ended_at, case.ended_at or about.ended_at))


def not_noted(now: datetime) -> tuple[QuerySet[Complaint], QuerySet[Complaint]]:
    """Cases whose end nobody has been noted for yet, of the last weeks and since the city asks at all: those that
    ended, and those that were merged into one that did. Apart, since each has an index and both have none."""
    first = AfterCaseTerm.objects.order_by("valid_from").first()
    since = now - timedelta(days=term_on(day_of(now)).answer_days)
    if first is not None:
        since = max(since, start_of(first.valid_from))
    noted = AfterCase.objects.filter(complaint=OuterRef("pk"))
    of_own = noted.filter(about=OuterRef("pk"), cycle=OuterRef("cycle"))
    of_main = noted.filter(about=OuterRef("merged_into"), cycle=OuterRef("merged_into__cycle"))
    cases = (
        Complaint.objects.visible_to(None)
        .filter(is_live=True, parent=None, receipt_digest__isnull=False)
        .select_related("agency", "merged_into__agency")
    )
    own = cases.filter(~Exists(of_own), state__in=ENDED, ended_at__gte=since, ended_at__lte=now)
    ended = Complaint.objects.filter(state__in=ENDED, ended_at__gte=since, ended_at__lte=now)
    followed = cases.filter(~Exists(of_main), state=State.MERGED, merged_into__in=ended.values("pk"))
    return own, followed


def unit_of(about: Complaint, term: AfterCaseTerm) -> Agency | None:
    """The agency that had the case; else the one that runs the complaints desk."""
    if about.agency is not None and about.agency.is_active:
        return about.agency
    return desk_of(term)


def desk_of(term: AfterCaseTerm) -> Agency | None:
    """Whoever runs the complaints desk, else the inspectorate."""
    if term.unit is not None and term.unit.is_active:
        return term.unit
    return Agency.objects.filter(is_oversight=True, is_active=True).order_by("pk").first()


def ending_of(about: Complaint) -> Ending:
    if about.state in _BY_STATE:
        return _BY_STATE[State(about.state)]
    confirmed = about.events.filter(kind__in=[EventKind.CONFIRMED, EventKind.AUTO_CLOSED]).order_by("-seq")
    kind = confirmed.values_list("kind", flat=True).first()
    return Ending.CONFIRMED if kind == EventKind.CONFIRMED else Ending.AUTO_CLOSED


def may_be_asked(row: AfterCase, end: End | None, now: datetime) -> bool:
    """While that end still is the last word, and for some weeks."""
    if end is None or (end.about.pk, end.cycle) != (row.about_id, row.cycle):
        return False
    return not row.is_answered and day_of(now) <= last_day(row)


def last_day(row: AfterCase) -> date:
    return row.ended_on + timedelta(days=term_on(row.ended_on).answer_days)
