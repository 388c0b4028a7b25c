"""What was promised first, what was added to it, and why a clock stopped: for the rows that are there already."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import migrations, models
from django.db.models import Q

from complaints.clock.arithmetic import Pause, Target, Unit, due_at
from complaints.clock.city_time import zone
from complaints.clock.working_calendar import DayOff, WorkingCalendar

CHUNK = 2000
ENDS = {
    "rejected": "rejected",
    "merged": "merged",
    "referred": "referred",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
    "confirmed": "closed",
    "auto_closed": "closed",
}
AWAY = {"handed_back": "handed_back", "reassigned": "reassigned"}
# By stage: the kinds of events that stopped its clock, and why.
STOPS = {
    "verification": ENDS | AWAY | {"assigned": "done"},
    "first_response": ENDS | AWAY | {"resolved": "done", "question_asked": "done"},
    "resolution": ENDS | {"resolved": "done"},
    "citizen_answer": ENDS | AWAY | {"answered": "done"},
    "confirmation": ENDS | {"confirmed": "done", "disputed": "done"},
}


def fill(apps: Any, schema_editor: Any) -> None:
    clocks = apps.get_model("complaints", "Clock").objects.order_by("pk")
    clocks.update(promised_at=models.F("due_at"))
    _fill_reasons(apps, clocks)
    _fill_promises(apps, clocks)


def _fill_reasons(apps: Any, clocks: Any) -> None:
    stopped, last = clocks.filter(stopped_at__isnull=False), 0
    while chunk := list(stopped.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        history = _history(apps, chunk, Q(kind__in={kind for kinds in STOPS.values() for kind in kinds}))
        for clock in chunk:
            clock.stopped_by = _reason(clock, history[clock.complaint_id])
        clocks.bulk_update(chunk, ["stopped_by"])


def _history(apps: Any, chunk: Any, which: Any) -> dict[int, list[Any]]:
    events = apps.get_model("complaints", "Event").objects.filter(
        which, complaint__in={clock.complaint_id for clock in chunk}
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for event in events.order_by("complaint_id", "seq"):
        found[event.complaint_id].append(event)
    return found


def _reason(clock: Any, events: Any) -> str:
    """What the first fitting event from then on says. A clock was always stopped by what happened next."""
    for event in events:
        reason = STOPS[clock.stage].get(event.kind)
        if reason and event.at >= clock.stopped_at:
            return "stood_aside" if reason == "handed_back" and event.data.get("taken") else reason
    return "done"


def _fill_promises(apps: Any, clocks: Any) -> None:
    extended = Q(kind="escalation_decided", data__decision="extend")
    events = apps.get_model("complaints", "Event").objects.filter(extended)
    keys = sorted(set(events.values_list("complaint_id", flat=True)))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        own = list(clocks.filter(stage="resolution", complaint__in=chunk).select_related("calendar"))
        history = _history(apps, own, extended)
        for clock in own:
            granted = [event for event in history[clock.complaint_id] if _was_running(clock, event.at)]
            if granted:
                clock.extended_by = sum(int(event.data["days"]) for event in granted)
                clock.promised_at = _first_promise(apps, clock)
        clocks.bulk_update(own, ["extended_by", "promised_at"])


def _was_running(clock: Any, at: Any) -> bool:
    return clock.started_at <= at and (clock.stopped_at is None or at < clock.stopped_at)


def _first_promise(apps: Any, clock: Any) -> datetime | None:
    pauses = [
        Pause(pause.started_at, pause.ended_at)
        for pause in clock.complaint.pauses.all()
        if clock.stopped_at is None or pause.started_at < clock.stopped_at
    ]
    target = Target(clock.amount - clock.extended_by, Unit(clock.unit))
    return due_at(clock.started_at, target, _calendar(apps, clock.calendar), pauses)


def _calendar(apps: Any, row: Any) -> WorkingCalendar:
    hours: dict[int, list[Any]] = defaultdict(list)
    for part in apps.get_model("complaints", "OpeningHours").objects.filter(calendar=row):
        hours[part.weekday].append((part.opens_at, part.closes_at))
    days = apps.get_model("complaints", "Holiday").objects.filter(Q(calendar=row) | Q(calendar__agency=None))
    return WorkingCalendar(
        tz=zone(),
        hours={weekday: tuple(sorted(parts)) for weekday, parts in hours.items()},
        days_off={day.on: DayOff(day.name_id, day.name_en, day.source) for day in days},
    )


def check_rows_now(apps: Any, schema_editor: Any) -> None:
    """PostgreSQL changes no table while rows of it that were written twice are still to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_ledger_entries")]

    operations = [
        migrations.AddField("clock", "extended_by", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("clock", "promised_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "clock",
            "stopped_by",
            models.CharField(
                blank=True,
                choices=[
                    ("done", "Done"),
                    ("handed_back", "Handed back by the agency"),
                    ("reassigned", "Taken away by decision"),
                    ("stood_aside", "Taken from whom it is about"),
                    ("rejected", "Rejected"),
                    ("merged", "Merged"),
                    ("referred", "Referred"),
                    ("withdrawn", "Withdrawn"),
                    ("lapsed", "Lapsed"),
                    ("closed", "Closed"),
                ],
                default="",
                max_length=20,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(check_rows_now, migrations.RunPython.noop),
        migrations.AddConstraint(
            "clock",
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_by="")
                | Q(stopped_at__isnull=False) & ~Q(stopped_by=""),
                name="clock_stopped_for_a_reason",
            ),
        ),
    ]
