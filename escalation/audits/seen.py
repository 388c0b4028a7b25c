"""A sample as one person may know it: sizes, list and digest are made from the cases that exist for them.

Whoever stands aside from a drawn case would find its number in a count that is one too high, a gap in the ranks, or a
digest over a list of which they know all numbers but one. What is shown here is what would have been drawn with the
same seed, had there been no such case: of the rest, the same have the smallest hashes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from accounts.models import User
from complaints.models import Complaint, Event
from escalation.audits import sampling
from escalation.audits.events import AuditEvent
from escalation.audits.models import AuditItem, AuditSample


@dataclass
class SeenSample:
    """`twice`: cases that two people review or have reviewed; `released`: those that one of them no longer can.

    `wanted` and `final`: reviews that it takes, and that are there.
    """

    sample: AuditSample
    hidden: frozenset[str]  # numbers
    size: int = 0
    twice: int = 0
    released: int = 0
    final: int = 0

    @property
    def is_twice(self) -> bool:
        """Whether it has, or had, a second reviewer."""
        return self.twice + self.released > 0

    @property
    def wanted(self) -> int:
        return self.size + self.twice

    @cached_property
    def frame_text(self) -> str:
        """The list that it was drawn from."""
        return sampling.without(self.sample.frame_text, self.hidden)

    @property
    def frame_size(self) -> int:
        return len(sampling.numbers_in(self.frame_text)) if self.hidden else self.sample.frame_size

    @property
    def frame_digest(self) -> str:
        return sampling.frame_digest(self.frame_text) if self.hidden else self.sample.frame_digest


def hidden_numbers(user: User) -> frozenset[str]:
    """The few cases that do not exist for this supervisor, who sees all others."""
    return frozenset(Complaint.objects.about(user).values_list("number", flat=True))


def items_for(actor: Actor) -> QuerySet[AuditItem]:
    """The drawn cases in this person's scope: the door by which pages, counts and files reach them."""
    return AuditItem.objects.filter(
        Exists(Complaint.objects.visible_to(actor).filter(pk=OuterRef("complaint")))
    )


def samples_for(user: User) -> QuerySet[AuditSample]:
    """Without those of which every drawn case is hidden; the lists they were drawn from stay in the database."""
    drawn = AuditItem.objects.filter(sample=OuterRef("pk"))
    found = AuditSample.objects.filter(~Exists(drawn) | Exists(items_for(user).filter(sample=OuterRef("pk"))))
    return found.select_related("agency", "category", "drawn_by", "second_reviewer", "checklist").defer(
        "frame"
    )


def seen_by(user: User, samples: Iterable[AuditSample]) -> list[SeenSample]:
    """The samples with what this person may know of them; three queries, however many."""
    hidden = hidden_numbers(user)
    found = {row.pk: SeenSample(row, hidden) for row in samples}
    items = items_for(user).filter(sample__in=found).order_by()
    for row in items.values("sample").annotate(**_counts()):
        seen = found[row.pop("sample")]
        for name, value in row.items():
            setattr(seen, name, value)
    for pk in _released(items):
        if pk in found:  # the case may have been drawn for another as well
            found[pk].released += 1
    return list(found.values())


def _counts() -> dict[str, Any]:
    return {
        "size": Count("pk", distinct=True),
        "twice": Count("pk", filter=Q(is_twice=True), distinct=True),
        "final": Count("reviews", filter=Q(reviews__final_at__isnull=False), distinct=True),
    }


def _released(items: QuerySet[AuditItem]) -> Iterable[int]:
    """The sample of each case that was released from its second review, by the histories of those drawn."""
    cases = items.values("complaint")
    events = Event.objects.filter(kind=AuditEvent.AUDITED, complaint__in=cases, data__has_key="released")
    return [data["sample"] for data in events.values_list("data", flat=True) if "sample" in data]
