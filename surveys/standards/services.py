"""What is done with a standard: changed from a day on; and what the catalogue copies of it on that day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from complaints.clock.city_time import day_of
from complaints.ledger.recording import recording
from complaints.ledger.settings import record_settings
from complaints.models import Service
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.models import Forum
from surveys.rights import SurveyAct
from surveys.standards.entries import StandardEntry
from surveys.standards.hours import BadHours
from surveys.standards.hours import check as check_week
from surveys.standards.in_force import days_of, on_day, value_on
from surveys.standards.models import Counter, Part, StandardChange

LONGEST_DAYS = 1096
MOST_PROMISED = 366
COPIED = (Part.TIME, Part.REQUIREMENTS)  # what the catalogue says too
QUICKER = _("Somebody else was quicker: this part was changed meanwhile. Look at it again.")


@dataclass(frozen=True)
class Change:
    """What becomes of one part of a service, of a counter or of an agency's pledge, and why.

    `seen`: key of the last change that whoever decides saw, 0 where there was none; None for whoever decides
    whatever was there, such as a promise that is kept.
    """

    part: Part
    after: dict[str, Any]
    starts_on: date
    reason: str
    service: Service | None = None
    counter: Counter | None = None
    agency: Agency | None = None
    ends_on: date | None = None
    seen: int | None = None
    cause: str = ""
    cause_number: str = ""
    forum: Forum | None = None

    @property
    def of(self) -> Agency:
        """The agency that answers for it."""
        found = self.service.agency if self.service else self.counter.agency if self.counter else self.agency
        assert found is not None
        return found


def check_scope(actor: Actor, agency: Agency) -> User:
    """NotAllowed without the right or for another agency's standard."""
    if not isinstance(actor, User) or not role_may(role_of(actor), SurveyAct.SET_STANDARD):
        raise NotAllowed(SurveyAct.SET_STANDARD)
    if agency.pk not in actor.agency_scope:
        raise NotAllowed(SurveyAct.SET_STANDARD)
    return actor


def change(new: Change, *, actor: Actor, now: datetime, idempotency_key: str = "") -> StandardChange:
    """A head decides a change of their own line. The same form (`idempotency_key`) again changes nothing.

    NotPossible: a day that is over, no change at all, or somebody was quicker.
    """
    check_scope(actor, new.of)
    return put(new, actor=actor, now=now, idempotency_key=idempotency_key)


def put(new: Change, *, actor: Actor, now: datetime, idempotency_key: str = "") -> StandardChange:
    """Writes the change with its entry in the ledger; whoever calls has seen to the right."""
    secret = idempotency_key or token_hex(16)
    if (known := StandardChange.objects.filter(idempotency_key=secret).first()) is not None:
        return known
    check(new, day_of(now))
    try:
        with recording(StandardEntry.CHANGED, actor=actor, now=now, data=_told(new)) as record:
            row = _store(new, actor, now, secret)
            record.new(row)
            if new.service is not None and new.part in COPIED:
                follow([new.service], now)
    except IntegrityError:
        if (known := StandardChange.objects.filter(idempotency_key=secret).first()) is not None:
            return known
        raise NotPossible(QUICKER) from None
    return row


def _told(new: Change) -> dict[str, Any]:
    """What the sentence of the entry needs; the row stands beside it."""
    thing = new.service or new.counter or new.of
    said = {"part": new.part.value, "of": thing.code, "from": new.starts_on.isoformat()}
    return said | ({"promise": new.cause_number} if new.cause_number else {})


def check(new: Change, today: date) -> None:
    """NotPossible: a day that is over or far away, or what is no value of this part."""
    if not today <= new.starts_on <= today + timedelta(days=LONGEST_DAYS):
        raise NotPossible(_("Choose today or a day that lies ahead, within three years."))
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise NotPossible(_("The last day lies before the first."))
    if new.part == Part.HOURS:
        try:
            check_week(new.after.get("weekly", {}))
        except BadHours:
            raise NotPossible(_("These are no opening hours.")) from None
    days = new.after.get("days")
    if days is not None and not 1 <= days <= MOST_PROMISED:
        raise NotPossible(_("Promise between 1 and 366 working days."))


def holds_already(new: Change) -> bool:
    """Whether the standard says this on that day anyway."""
    before, _last = value_on(new.part, new.service, new.counter, new.of, new.starts_on)
    return bool(before == new.after)


def _store(new: Change, actor: Actor, now: datetime, secret: str) -> StandardChange:
    before, last = value_on(new.part, new.service, new.counter, new.of, new.starts_on)
    before = {} if new.part == Part.CLOSURE else before
    if new.seen is not None and new.seen != (last.pk if last else 0):
        raise NotPossible(QUICKER)
    if before == new.after:
        raise NotPossible(_("This is what holds on that day already. Nothing was changed."))
    return StandardChange.objects.create(
        part=new.part,
        agency=new.of,
        service=new.service,
        counter=new.counter,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        before=before,
        after=new.after,
        reason=new.reason,
        cause=new.cause,
        cause_number=new.cause_number,
        forum=new.forum,
        made_at=now,
        made_by=actor if isinstance(actor, User) else None,
        role=role_of(actor),
        previous=last,
        idempotency_key=secret,
    )


def follow(services: Iterable[Service] | None, now: datetime) -> int:
    """Lets the catalogue say what is in force today: requirements and promised days of these services, or of all
    that were ever changed. Returns how many it put right; the sweep asks each day that comes."""
    rows = StandardChange.objects.filter(part__in=COPIED)
    if services is not None:
        rows = rows.filter(service__in=[service.pk for service in services])
    by_service: dict[int, list[StandardChange]] = {}
    for row in rows.select_related("service").order_by("pk"):
        by_service.setdefault(row.service_id or 0, []).append(row)
    today = day_of(now)
    return sum(_follow(found, today, now) for found in by_service.values())


def _follow(rows: list[StandardChange], today: date, now: datetime) -> bool:
    service = rows[0].service
    assert service is not None
    values: dict[str, Any] = {}
    if times := [row for row in rows if row.part == Part.TIME]:
        values["promised_days"] = days_of(times, service, today)
    needs = [row for row in rows if row.part == Part.REQUIREMENTS]
    if (held := on_day(needs, today)) is not None:
        values |= {f"requirements_{each}": held.after.get(each, "") for each in ("id", "en")}
    changed = {name: value for name, value in values.items() if getattr(service, name) != value}
    if not changed:
        return False
    Service.objects.filter(pk=service.pk).update(**changed)
    pk = service.pk
    record_settings(
        actor=None, now=now, concerned=lambda table, row: table.model is Service and row["id"] == pk
    )
    return True


def enter(changes: Iterable[Change], *, now: datetime) -> int:
    """Takes standards over from a file: only parts of which nothing was ever said. On record by `record_entered`."""
    known = {_thing_of(row) for row in StandardChange.objects.all()}
    rows = [row for row in (_entered(new, now) for new in changes) if _thing_of(row) not in known]
    return len(StandardChange.objects.bulk_create(rows))


def record_entered(*, now: datetime, but: Iterable[int]) -> None:
    """Puts on record what a file brought: all changes but those that were there before. One entry."""
    rows = list(StandardChange.objects.exclude(pk__in=list(but)))
    if rows:
        data = {"parts": len(rows)}
        with recording(StandardEntry.ENTERED, actor=None, now=now, data=data) as record:
            record.new(*rows)


def _thing_of(row: StandardChange) -> tuple[object, ...]:
    of_agency = row.agency_id if row.part == Part.PLEDGE else None
    return str(row.part), row.service_id, row.counter_id, of_agency


def _entered(new: Change, now: datetime) -> StandardChange:
    return StandardChange(
        part=new.part.value,
        agency=new.of,
        service=new.service,
        counter=new.counter,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        after=new.after,
        reason=new.reason,
        cause=new.cause,
        made_at=now,
        role=role_of(None),
        idempotency_key=token_hex(16),
    )
