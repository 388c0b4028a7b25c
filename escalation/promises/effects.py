"""The effect of a kept promise, counted from the rows: for its public page."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q

from complaints.clock.city_time import day_of, start_of
from complaints.models import Category, Complaint
from complaints.models.catalogue import Kind
from escalation.promises.effect_figures import (
    Means,
    Reports,
    Window,
    means,
    reports,
    visible_from,
    window,
)
from escalation.promises.elements import points_of
from escalation.promises.models.commitment import Commitment, CommitmentState, SourceKind
from escalation.promises.models.planned import PlannedChange
from surveys.questionnaires.models import Element
from surveys.standards.models import Part

KEPT_SECONDS = 300
ASKED_OF = {
    Part.REQUIREMENTS: Element.REQUIREMENTS,
    Part.PROCEDURE: Element.PROCEDURE,
    Part.TIME: Element.TIME,
    Part.COST: Element.COST,
    Part.PRODUCT: Element.PRODUCT,
    Part.COMPLAINTS: Element.COMPLAINTS,
    Part.FACILITIES: Element.FACILITIES,
    Part.COMPETENCE: Element.COMPETENCE,
    Part.HOURS: Element.PROCEDURE,
}


@dataclass(frozen=True)
class ElementEffect:
    key: str
    label: str
    means: Means


@dataclass(frozen=True)
class Effect:
    """What is known today. Without `window` it is too early: `visible_from` says from when."""

    split: date
    visible_from: date
    about: str
    category: str = ""
    window: Window | None = None
    reports: Reports | None = None
    elements: list[ElementEffect] = field(default_factory=list)

    @property
    def is_seen(self) -> bool:
        """Whether anything at all can be compared."""
        compared = any(each.means.before and each.means.after for each in self.elements)
        return compared or (self.reports is not None and self.reports.is_enough)


def effect_of(row: Commitment, now: datetime) -> Effect | None:
    """None for a promise that was not kept. Counted anew at most every five minutes."""
    if row.state != CommitmentState.KEPT or row.done_on is None:
        return None
    key = f"effect-{row.pk}-{day_of(now)}"
    found: Effect | None = cache.get(key)
    if found is None:
        found = _count(row, day_of(now))
        cache.set(key, found, KEPT_SECONDS)
    return found


def split_of(row: Commitment) -> date:
    """The day on which things changed: that of the standard, else that on which it was reported as done."""
    planned = PlannedChange.objects.select_related("made").filter(commitment=row).first()
    if planned is not None and planned.made is not None:
        return planned.made.starts_on
    assert row.done_on is not None
    return row.done_on


def _count(row: Commitment, today: date) -> Effect:
    split = split_of(row)
    found = window(split, today)
    about = row.service.name if row.service else row.agency.local_name
    category = _category(row) if row.service is None else None
    elements = [
        ElementEffect(element, str(Element(element).label), means(points_of(element, row), split))
        for element in _elements(row)
    ]
    return Effect(
        split=split,
        visible_from=visible_from(split),
        about=about,
        category=category.name if category else "",
        window=found,
        reports=_reports(row, category, found) if found else None,
        elements=elements,
    )


def _reports(row: Commitment, category: Category | None, found: Window) -> Reports:
    """One query. No oversight complaints, shared ones once."""
    cases = Complaint.objects.visible_to(None).filter(parent=None).exclude(kind=Kind.OVERSIGHT)
    first, split, last = (start_of(day) for day in (found.first, found.split, found.last))
    cases = cases.filter(received_at__gte=first, received_at__lt=last)
    if row.service_id is not None:
        cases = cases.filter(service=row.service_id)
    else:
        cases = cases.filter(agency__in=row.agency.with_descendants())
        if category is not None:
            cases = cases.filter(category=category)
    counted: dict[str, Any] = cases.order_by().aggregate(
        before=Count("pk", filter=Q(received_at__lt=split)),
        after=Count("pk", filter=Q(received_at__gte=split)),
    )
    return reports(counted["before"], counted["after"], found.days)


def _category(row: Commitment) -> Category | None:
    """The category of the reports behind it, where they all have the same; oversight complaints name none."""
    sources = row.sources.filter(kind=SourceKind.CASE).exclude(complaint__kind=Kind.OVERSIGHT)
    keys = set(sources.values_list("complaint__category", flat=True))
    return Category.objects.filter(pk__in=keys).first() if len(keys) == 1 and None not in keys else None


def _elements(row: Commitment) -> list[str]:
    """Those that led to it; else the one that asks about what the standard changed."""
    sources = row.sources.filter(kind=SourceKind.SURVEY_ELEMENT)
    found = list(dict.fromkeys(sources.order_by("pk").values_list("element", flat=True)))
    if not found:
        planned = PlannedChange.objects.filter(commitment=row).first()
        asked = ASKED_OF.get(Part(planned.part)) if planned is not None else None
        found = [asked.value] if asked else []
    return found
