"""A promise that changes a standard: planned with the promise, and made when it is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Agency
from complaints.clock.city_time import day_of
from complaints.ledger.recording import Recorder
from complaints.models import Service
from complaints.services.change import NotPossible
from escalation.promises.models.commitment import Commitment, SourceKind
from escalation.promises.models.planned import PlannedChange
from surveys.forums.models import Forum
from surveys.standards import services as standards
from surveys.standards.models import Counter, Part

CAUSE = "promise"  # of a change, as its standard names it
MOVED, SAME = "moved", "same"


@dataclass(frozen=True)
class Plan:
    """What the standard will say from which day on, once the promise is kept: of a service or of a counter."""

    part: Part
    after: dict[str, Any]
    starts_on: date
    service: Service | None = None
    counter: Counter | None = None

    @property
    def agency(self) -> Agency:
        found = self.service.agency if self.service else self.counter.agency if self.counter else None
        assert found is not None
        return found


def check(plan: Plan | None, agency: Agency, now: datetime) -> None:
    """NotPossible for another agency's standard, a day that is over, or what is no value."""
    if plan is None:
        return
    if plan.agency.pk not in agency.with_descendants():
        raise NotPossible(_("This standard is of another agency."))
    change = standards.Change(
        plan.part, plan.after, plan.starts_on, "", service=plan.service, counter=plan.counter
    )
    standards.check(change, day_of(now))


def store(row: Commitment, plan: Plan | None) -> list[PlannedChange]:
    if plan is None:
        return []
    return [
        PlannedChange.objects.create(
            commitment=row,
            part=plan.part,
            service=plan.service,
            counter=plan.counter,
            after=plan.after,
            starts_on=plan.starts_on,
        )
    ]


def carry_out(record: Recorder, row: Commitment, *, actor: Actor, now: datetime) -> None:
    """The standard changes, in the caller's transaction, on the planned day or, where that is past, today.

    What cannot be changed any more (the service went to another agency, or the standard says it already) is said on
    the promise, and keeps nobody from calling it kept.
    """
    planned = (
        PlannedChange.objects.select_related("service__agency", "counter__agency")
        .filter(commitment=row)
        .first()
    )
    if planned is None:
        return
    thing = planned.service or planned.counter
    if thing is None or not _answers_for(row.agency, thing.agency):
        _end(record, planned, not_made=MOVED)
        return
    change = standards.Change(
        part=Part(planned.part),
        after=planned.after,
        starts_on=max(planned.starts_on, day_of(now)),
        reason=row.title,
        service=planned.service,
        counter=planned.counter,
        cause=CAUSE,
        cause_number=row.number,
        forum=forum_of(row),
    )
    if standards.holds_already(change):
        _end(record, planned, not_made=SAME)
        return
    _end(record, planned, made=standards.put(change, actor=actor, now=now))


def _answers_for(agency: Agency, of: Agency) -> bool:
    """Whether the standard of `of` is this agency's to change: of its line, or of a closed one that it took over."""
    line = agency.with_descendants()
    heir = of.who_took_over() if not of.is_active else None
    return of.pk in line or (heir is not None and heir.pk in line)


def _end(record: Recorder, planned: PlannedChange, **values: Any) -> None:
    PlannedChange.objects.filter(pk=planned.pk, made=None, not_made="").update(**values)
    record.changed(planned, *values)


def forum_of(row: Commitment) -> Forum | None:
    """The forum where it began, where one of its findings is from one."""
    source = (
        row.sources.filter(kind=SourceKind.FINDING, finding__forum__isnull=False)
        .select_related("finding__forum")
        .order_by("pk")
        .first()
    )
    return source.finding.forum if source is not None and source.finding is not None else None
