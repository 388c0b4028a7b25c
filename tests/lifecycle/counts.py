"""What pages show from sums and indexes, counted anew in Python from every case: slow, and without either."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain

from accounts.models import User, represented_by
from accounts.roles import Role
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of
from complaints.clock.kept import Kept
from complaints.clock.kept_in_sql import kept as kept_in_sql
from complaints.desk.queues import count_all, counted_sets
from complaints.models import Complaint, Service
from complaints.public.figures import keep_figures, kept_figures
from complaints.states import ACTIVE, OPEN, WITH_AGENCY, State
from escalation.oversight.agencies import compare
from escalation.oversight.headline import headline
from escalation.oversight.offices import counts_in
from escalation.oversight.periods import named_period
from escalation.oversight.sums import comparison_for, keep_all, standing_for
from escalation.stays.counting import COLUMNS, PARTS
from escalation.stays.keeping import counted as history_of
from escalation.stays.keeping import keep_up, stored
from surveys.standards.in_force import days_of
from surveys.standards.keeping import keep_all as keep_records
from surveys.standards.keeping import kept_record
from surveys.standards.models import OUTCOMES, StandardChange
from surveys.standards.record import Record


def check_all(now: datetime) -> None:
    """For everybody who has an account."""
    keep_figures(now)
    keep_all(now)
    check_times(now)
    check_records(now)
    kept = kept_figures()
    assert kept and home(now).items() <= kept.figures.items(), (kept.figures, home(now))
    for user in User.objects.filter(is_active=True):
        if user.role in (Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR):
            shown = count_all(user, counted_sets(user, now))
            assert shown == navigation(user, now), user
        if user.role == Role.SUPERVISOR:
            check_sums(user, now)


def check_records(now: datetime) -> None:
    """What the page of each service shows is what its reports count to, one by one."""
    keep_records(now)
    for service in Service.objects.all():
        assert kept_record(service.record) == record(service, now), service


def record(service: Service, now: datetime) -> Record:
    """Day by day from the day on which each came."""
    _row, calendar = calendar_for(service.agency_id)
    changes = list(StandardChange.objects.filter(part="time", service=service))
    found = dict.fromkeys(OUTCOMES, 0)
    since = day_of(now) - timedelta(365)
    for case in Complaint.objects.filter(service=service, parent=None).exclude(kind="oversight"):
        if not since <= day_of(case.received_at) <= day_of(now):
            continue
        left, day = days_of(changes, service, day_of(case.received_at)), calendar.first_day(case.received_at)
        if left is None:
            found["unpromised"] += 1
            continue
        while left:
            day += timedelta(1)
            left -= calendar.is_working_day(day)
        is_over = (case.ended_at or now) > calendar.closing(day)
        if case.state in (State.RESOLVED, State.CLOSED):
            found["late" if is_over else "in_time"] += 1
        elif case.state in OPEN:
            found["past" if is_over else "running"] += 1
        else:
            found["otherwise"] += 1
    return Record(sum(found.values()), **found)


def check_times(now: datetime) -> None:
    """The kept times with agencies are those of the history, and are counted as they stand one by one."""
    assert keep_up(now)
    rows = history_of(Complaint.objects.values_list("pk", flat=True))
    assert stored(rows) == {pk: times for pk, times in rows.items() if times}
    found: dict[tuple[int, str], int] = Counter()
    for agency, *time in chain(*rows.values()):
        found[agency, stands(now, *time)] += 1
    counted = counts_in(Complaint.objects.all(), now)
    assert {
        (key, part): count
        for key, counts in counted.items()
        for part, count in zip(COLUMNS, counts, strict=True)
        if part in PARTS and count
    } == found


def stands(
    now: datetime,
    began: datetime | None,
    until: datetime | None,
    how: str,
    first_due: datetime | None,
    promised: datetime | None,
    _due: datetime | None,
    _paused: int,
) -> str:
    """Of one time with an agency (decision 69)."""
    if began is None:
        return "unknown"
    if promised and promised < (until or now):
        return "late"
    if how == "handed_on":
        return "late" if until and first_due and first_due < until else "handed_on"
    if until is None:
        return "open_in_time" if promised else "standing_still"
    return {"answered": "in_time", "referred": "referred"}.get(how, "otherwise")


def check_sums(user: User, now: datetime) -> None:
    """What this supervisor is shown of them is what they would count."""
    days = named_period("year", day_of(now))
    (found, counted_at), counted = comparison_for(user, days, now), compare(user, days, now)
    assert counted_at == now
    assert found.city == counted.city
    assert found.times == counted.times
    assert sorted(map(repr, found.lines)) == sorted(map(repr, counted.lines))
    kept = standing_for(user, now)
    assert kept and kept[0] == headline(user, now).standing


def navigation(user: User, now: datetime) -> dict[str, int]:
    """By the states of each case that this person sees."""
    cases = [case for case in Complaint.objects.visible_to(user) if case.is_live]

    def asked_by(case: Complaint, of_verifiers: bool) -> bool:
        return case.state == State.AWAITING_CITIZEN and (case.returns_to == State.SUBMITTED) is of_verifiers

    def has(condition: Callable[[Complaint], bool]) -> list[Complaint]:
        return [case for case in cases if condition(case)]

    verify, work = (
        has(lambda case: case.state == State.SUBMITTED),
        has(lambda case: case.state in WITH_AGENCY),
    )
    turns, waits = [verify], [has(lambda case: asked_by(case, True))]
    if user.role == Role.SUPERVISOR:
        turns, waits = [*turns, work], [*waits, has(lambda case: asked_by(case, False))]
    elif user.role != Role.VERIFIER:
        turns, waits = [work], [has(lambda case: asked_by(case, False))]
    turn = list(chain(*turns))
    found = {
        "turn": len(turn),
        "waiting": len(list(chain(*waits))),
        "answered": len(has(lambda case: case.state == State.RESOLVED)),
        "overdue": len([case for case in turn if case.due_at and case.due_at < now]),
        "views": 0,  # nobody here keeps lists of their own
        "drafts": 0,  # nor types for several cases
    }
    if user.role == Role.OFFICER:
        theirs = set(represented_by(user, day_of(now)))
        found["mine"] = len([case for case in turn if case.handler_id in theirs])
    return found


def home(now: datetime) -> dict[str, int]:
    """Case by case, each with how it stands to its own promises."""
    found = dict.fromkeys(("open", "late", "answered", "in_time"), 0)
    for pk in Complaint.objects.filter(is_live=True, parent=None).values_list("pk", flat=True):
        case = Complaint.objects.select_related("merged_into").annotate(kept=kept_in_sql(now)).get(pk=pk)
        leads = case.merged_into or case  # what was merged is open as long as the case it follows
        late = (
            case.target_at is not None and case.target_at < now
            if case.merged_into
            else case.kept == Kept.LATE
        )
        found["open"] += leads.state in OPEN
        found["late"] += leads.state in ACTIVE and late
        lately = (
            case.ended_at
            and case.ended_at >= now - timedelta(90)
            and case.received_at >= now - timedelta(180)
        )
        if lately and case.state in (State.RESOLVED, State.CLOSED):
            found["answered"] += 1
            found["in_time"] += case.kept == Kept.ON_TIME
    return found
