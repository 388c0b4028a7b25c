"""Time in words, for the desk and the citizen's page: how long a case still has, and why its deadline
is what it is. Moments are stored; here is only arithmetic on them and language."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from complaints.clock.arithmetic import Pause as Standstill
from complaints.clock.arithmetic import Span, SpanKind, Unit, explain, used
from complaints.clock.dates import moment_words
from complaints.clock.kept import ANSWERED, DOES, Kept
from complaints.clock.working_calendar import MICROSECOND, ONE_DAY, WorkingCalendar
from complaints.models import Clock, Complaint, Pause, Stopped
from complaints.models.policy import Stage
from complaints.states import PAUSED, TERMINAL, State

LONG = timedelta(days=366)  # beyond this nobody counts days any more
HOUR = timedelta(hours=1)
SPAN_WORDS = {
    SpanKind.WAITED_FOR_OPENING: gettext_lazy(
        "Arrived outside office hours: the clock waited for the next opening"
    ),
    SpanKind.DAY_ZERO: gettext_lazy("Day of arrival, not counted"),
    SpanKind.RAN: gettext_lazy("The clock ran"),
    SpanKind.NOT_COUNTED: gettext_lazy("Not counted: the clock stood still when the day ended"),
    SpanKind.PAUSED: gettext_lazy("The clock stood still: waiting for the citizen"),
    SpanKind.CLOSED: gettext_lazy("Office closed"),
    SpanKind.WEEKEND: gettext_lazy("No office day"),
    SpanKind.OVERDUE: gettext_lazy("Late"),
}
CITIZENS_STAGES = frozenset({Stage.CITIZEN_ANSWER, Stage.CONFIRMATION})


@dataclass(frozen=True)
class Remaining:
    """`level` as the component `due` takes it: calm, soon, overdue, paused, done."""

    level: str
    words: str


@dataclass(frozen=True)
class Line:
    """One stretch of the explanation: its dates, what happened to the clock, and how much it counted."""

    kind: str
    dates: str
    words: str
    counted: str


def remaining(case: Complaint, calendar: WorkingCalendar, now: datetime, kept: dict[int, Kept]) -> Remaining:
    """How long the case still has, from its stored due moment; no query.

    Of what was answered or is over: how it stands in `kept`, from `kept_in_sql.standings`.
    """
    if case.state in TERMINAL or case.state == State.RESOLVED:
        return _outcome(case, calendar, kept.get(case.pk))
    stands_with_lead = case.parent_id is not None and case.due_at is not None
    if (case.state in PAUSED or stands_with_lead) and case.target_at is None:
        return Remaining("paused", _citizens_turn(case.due_at, calendar, now))
    if case.state in PAUSED and case.target_at is not None:
        left = time_left(case.target_at, calendar, now)
        return Remaining(left.level, _("%(left)s; waits for the citizen") % {"left": left.words})
    if case.due_at is None:
        return Remaining("calm", _("no deadline"))
    return time_left(case.due_at, calendar, now)


def time_left(due_at: datetime, calendar: WorkingCalendar, now: datetime) -> Remaining:
    """ "2 working days left", "3 working hours left", "1 working day late"."""
    if now > due_at:
        return Remaining("overdue", _late(due_at, calendar, now))
    days = working_days_between(now, due_at, calendar)
    if days:
        words = ngettext("%(days)d working day left", "%(days)d working days left", days) % {"days": days}
        return Remaining("soon" if days == 1 else "calm", words)
    hours = open_time_between(now, due_at, calendar) // HOUR
    if not hours:
        return Remaining("soon", _("less than an hour left"))
    words = ngettext("%(hours)d working hour left", "%(hours)d working hours left", hours)
    return Remaining("soon", words % {"hours": hours})


def _late(due_at: datetime, calendar: WorkingCalendar, at: datetime) -> str:
    if at - due_at > LONG:
        return _("more than a year late")
    days = working_days_between(due_at, at, calendar)
    if not days:
        return _("less than a working day late")
    return ngettext("%(days)d working day late", "%(days)d working days late", days) % {"days": days}


def _citizens_turn(due_at: datetime | None, calendar: WorkingCalendar, now: datetime) -> str:
    days = (calendar.local_date(due_at) - calendar.local_date(now)).days if due_at else 0
    if days <= 0:
        return _("paused: waiting for the citizen")
    words = ngettext(
        "paused: the citizen has %(days)d day to answer",
        "paused: the citizen has %(days)d days to answer",
        days,
    )
    return words % {"days": days}


def _outcome(case: Complaint, calendar: WorkingCalendar, kept: Kept | None) -> Remaining:
    """Whether a case that was answered or is over kept each promise, as the reports count it (decision 42)."""
    if case.state == State.REFERRED and case.is_live:
        return _referred(case, calendar)
    answered = case.state in ANSWERED
    if kept == Kept.LATE:
        return Remaining("overdue", _missed(case, calendar, answered=answered))
    if kept == Kept.ON_TIME and answered:
        return Remaining("done", _("answered in time"))
    return Remaining("done", _("answered")) if answered else Remaining("calm", _("over"))


def _missed(case: Complaint, calendar: WorkingCalendar, *, answered: bool) -> str:
    """By how much, where the last promise was missed; else it was an earlier one, or the first before an extension."""
    if case.target_at is None or case.ended_at is None or case.ended_at <= case.target_at:
        return _("answered, a promise missed") if answered else _("over, a promise missed")
    late = {"late": _late(case.target_at, calendar, case.ended_at)}
    return _("answered %(late)s") % late if answered else _("ended %(late)s") % late


def _referred(case: Complaint, calendar: WorkingCalendar) -> Remaining:
    """Referred is not solved: whether the body outside answered, or when the citizen is asked about it."""
    if case.outside_answer:
        return Remaining("calm", _("answered outside"))
    if case.outside_asked and case.ended_at:
        return Remaining(
            "soon", _("without an answer since %(day)s") % {"day": _day(case.ended_at, calendar)}
        )
    if case.check_at:
        return Remaining("calm", _("looked at again on %(day)s") % {"day": _day(case.check_at, calendar)})
    return Remaining("calm", _("over"))


def _day(at: datetime, calendar: WorkingCalendar) -> str:
    day = calendar.local_date(at)
    return date_range(day, day)


def working_days_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> int:
    """Working days after the date of `start` up to and including the date of `end`."""
    return calendar.working_days_between(calendar.local_date(start), calendar.local_date(end))


def open_time_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """Office time between two moments that lie at most some days apart."""
    day, last, total = calendar.local_date(start), calendar.local_date(end), timedelta(0)
    while day <= last:
        for opens, closes in calendar.intervals(day):
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        day += ONE_DAY
    return total


def share_used(clock: Clock, pauses: list[Pause], calendar: WorkingCalendar, now: datetime) -> int:
    """Per cent of a running target that is used; more than 100 once it is late."""
    return int(used(clock.started_at, clock.target, calendar, now, _standstills(clock, pauses)) * 100)


def target_in_words(clock: Clock) -> str:
    """ "14 working days", as the target counts."""
    templates = {
        Unit.WORKING_DAYS: ngettext("%(amount)d working day", "%(amount)d working days", clock.amount),
        Unit.WORKING_HOURS: ngettext("%(amount)d working hour", "%(amount)d working hours", clock.amount),
        Unit.CALENDAR_DAYS: ngettext("%(amount)d calendar day", "%(amount)d calendar days", clock.amount),
    }
    return templates[Unit(clock.unit)] % {"amount": clock.amount}


def verdict(clock: Clock, calendar: WorkingCalendar, now: datetime) -> Remaining:
    """How a stage went, or how it stands: met, missed by so much, not needed, so much left, standing still."""
    if clock.stopped_at is not None:
        return _how_it_went(clock, calendar, clock.stopped_at)
    if clock.due_at is None:
        return Remaining("paused", _("stands still"))
    return time_left(clock.due_at, calendar, now)


def _how_it_went(clock: Clock, calendar: WorkingCalendar, stopped_at: datetime) -> Remaining:
    """As the reports count it: what was late is late whatever stopped it, and stopping is not meeting."""
    if clock.stage in CITIZENS_STAGES:
        return Remaining("done", _("ended"))
    if clock.due_at is not None and stopped_at > clock.due_at:
        return Remaining(
            "overdue", _("missed: %(late)s") % {"late": _late(clock.due_at, calendar, stopped_at)}
        )
    if clock.promised_at is not None and stopped_at > clock.promised_at:
        late = {"late": _late(clock.promised_at, calendar, stopped_at)}
        return Remaining("overdue", _("within the time given, first promise missed: %(late)s") % late)
    if clock.stopped_by not in DOES[clock.stage]:
        return Remaining("done", _("not needed: %(why)s") % {"why": Stopped(clock.stopped_by).label})
    return Remaining("done", _("met"))


def explanation(clock: Clock, pauses: list[Pause], calendar: WorkingCalendar, now: datetime) -> list[Line]:
    """Why the deadline is what it is: each stretch that counted or did not, in words."""
    at = clock.stopped_at or now
    if clock.given_due_at is not None:
        return _given(clock, pauses, calendar, at)
    until = at if clock.due_at is None or at > clock.due_at else None
    spans = explain(clock.started_at, clock.target, calendar, _standstills(clock, pauses), until)
    return [_line(span, clock, calendar) for span in spans] + _ran_on(clock, pauses, calendar, at)


def _given(clock: Clock, pauses: list[Pause], calendar: WorkingCalendar, at: datetime) -> list[Line]:
    """A day that another system promised, and what moved it here."""
    assert clock.given_due_at is not None
    day = calendar.local_date(clock.given_due_at)
    words = _("Promised by the system that the report was taken over from")
    lines = [Line(SpanKind.RAN, date_range(day, day), words, "")]
    for pause in _standstills(clock, pauses):
        days = date_range(calendar.local_date(pause.start), calendar.local_date(pause.end or at))
        lines.append(Line(SpanKind.PAUSED, days, _("The clock stood still: waiting for the citizen"), ""))
    return lines + _ran_on(clock, pauses, calendar, at)


def _ran_on(clock: Clock, pauses: list[Pause], calendar: WorkingCalendar, at: datetime) -> list[Line]:
    """Questions during which the time ran on, since the citizen had been asked often enough."""
    words = _("The citizen was asked once more: the clock ran on")
    return [
        Line(
            SpanKind.RAN,
            date_range(calendar.local_date(pause.started_at), calendar.local_date(pause.ended_at or at)),
            words,
            "",
        )
        for pause in pauses
        if not pause.stops_clock and clock.stage not in CITIZENS_STAGES
        if clock.started_at <= pause.started_at < at
    ]


def _standstills(clock: Clock, pauses: list[Pause]) -> list[Standstill]:
    """The citizen's own clocks do not stand still; the city's only while a question stops them."""
    if clock.stage in CITIZENS_STAGES:
        return []
    return [Standstill(pause.started_at, pause.ended_at) for pause in pauses if pause.stops_clock]


def _line(span: Span, clock: Clock, calendar: WorkingCalendar) -> Line:
    last = (
        max(span.start, span.end - MICROSECOND) if span.end < datetime.max.replace(tzinfo=UTC) else span.start
    )
    dates = date_range(calendar.local_date(span.start), calendar.local_date(last))
    return Line(span.kind, dates, _span_words(span), _counted(span, clock))


def _span_words(span: Span) -> str:
    if span.kind == SpanKind.HOLIDAY and span.day_off is not None:
        english = get_language() == "en" and span.day_off.name_en
        return _("Day off: %(name)s") % {"name": span.day_off.name_en if english else span.day_off.name_id}
    return str(SPAN_WORDS[SpanKind(span.kind)])


def _counted(span: Span, clock: Clock) -> str:
    if span.kind != SpanKind.RAN or not span.counted:
        return ""
    if clock.unit == Unit.WORKING_HOURS:
        hours, minutes = divmod(span.counted // 60, 60)
        return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    return ngettext("%(days)d day", "%(days)d days", span.counted) % {"days": span.counted}


def date_range(first: date, last: date) -> str:
    """ "Fri 20 Nov 2026", or "Sat 21 – Sun 22 Nov 2026" with what both share said once."""
    return _date_range(first, last, get_language())


@lru_cache(maxsize=2000)  # a case page names a dozen, of the same few weeks
def _date_range(first: date, last: date, _language: str | None) -> str:
    if first == last:
        return date_format(first, "D j M Y")
    if first.replace(day=1) == last.replace(day=1):
        return f"{date_format(first, 'D j')} – {date_format(last, 'D j M Y')}"
    return f"{date_format(first, 'D j M')} – {date_format(last, 'D j M Y')}"


def moment(at: datetime | None) -> str:
    """A date and time in the city's zone, "" for none."""
    return moment_words(at, "D j M Y, H:i") if at else ""
