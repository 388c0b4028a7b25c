"""How far somebody has looked at a case, and where they have begun something: marks beside a case, for them alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import User
from complaints.models import Complaint, Draft, Look
from complaints.models.complaint import Complaints

LIFE = timedelta(days=180)


@dataclass(frozen=True)
class Marks:
    """`version`: up to which they saw it, None when never; who has begun a form has seen the case."""

    version: int | None = None
    has_draft: bool = False


def with_marks(cases: Complaints, person: User) -> Complaints:
    """With `marks_of` at no query more, on a case page and on each row of a list."""
    mine = {"person": person, "complaint": OuterRef("pk")}
    return cases.annotate(
        looked_version=Subquery(Look.objects.filter(**mine).values("version")),
        has_draft=Exists(Draft.objects.filter(**mine)),
    )


def marks_of(case: Complaint) -> Marks:
    return Marks(getattr(case, "looked_version", None), getattr(case, "has_draft", False))


def drafts_among(case: Complaint, person: User) -> set[str]:
    """For which acts they have begun a form. A query only where there is one."""
    if not marks_of(case).has_draft:
        return set()
    return set(Draft.objects.filter(person=person, complaint=case).values_list("act", flat=True))


def look(case: Complaint, person: User, now: datetime) -> None:
    """They have seen it as it is: one statement, and none where they had."""
    if marks_of(case).version == case.version:
        return
    Look.objects.bulk_create(
        [Look(person=person, complaint=case, version=case.version, at=now)],
        update_conflicts=True,
        unique_fields=["person", "complaint"],
        update_fields=["version", "at"],
    )


def sweep_looks(now: datetime) -> int:
    """Forgets who looked long ago; returns how many rows went."""
    return Look.objects.filter(at__lt=now - LIFE).delete()[0]
