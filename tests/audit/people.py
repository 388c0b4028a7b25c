"""Who draws, who reviews again, and what they answer."""

from datetime import date
from typing import Any

from accounts.models import User
from accounts.roles import Role
from complaints.ledger.checkpoints import make_checkpoint
from complaints.models import Complaint
from escalation.audits.drawing import announce, draw_due
from escalation.audits.frames import SamplingFrame
from escalation.audits.models import AuditChecklist, AuditQuestion, AuditSample, Severity
from escalation.audits.services import Opinion, finish_review
from tests import factories
from tests.factories import DAY, FRIDAY

NOW = FRIDAY + 3 * DAY
THIS_MONTH = SamplingFrame(AuditSample.Basis.RECEIVED, date(2026, 11, 1), date(2026, 11, 30))


def checklist() -> AuditChecklist:
    made, is_new = AuditChecklist.objects.get_or_create(
        code="two", defaults={"valid_from": date(2026, 1, 1), "name_id": "Dua", "name_en": "Two"}
    )
    if is_new:
        for position, code in enumerate(("complete", "polite"), start=1):
            AuditQuestion.objects.create(
                checklist=made, code=code, position=position, name_id=f"{code}?", name_en=f"{code}?"
            )
    return made


def supervisor(name: str) -> User:
    found = User.objects.filter(role=Role.SUPERVISOR, name=name).first()
    return found or factories.make_user(Role.SUPERVISOR, name=name)


def file_cases(count: int, **fields: Any) -> list[Complaint]:
    return [factories.file_complaint(**fields) for _each in range(count)]


def announced(size: int = 6, *, frame: SamplingFrame = THIS_MONTH, **options: Any) -> AuditSample:
    """A draw that Sari has announced, with Lena as the second reviewer unless told."""
    checklist()
    usual: dict[str, Any] = {"actor": supervisor("Sari"), "now": NOW, "second": supervisor("Lena")}
    return announce(frame, size=size, **(usual | options))


def drawn(size: int = 6, **options: Any) -> AuditSample:
    """The same, drawn by the next head."""
    sample = announced(size, **options)
    make_checkpoint(NOW)
    assert draw_due(options.get("now", NOW)) == 1
    sample.refresh_from_db()
    return sample


def says(complete: str = "yes", polite: str = "yes", severity: str = "none", words: str = "") -> Opinion:
    return Opinion({"complete": complete, "polite": polite}, Severity(severity), words)


def numbers(sample: AuditSample, *, twice: bool | None = None) -> list[str]:
    items = sample.items.order_by("rank")
    if twice is not None:
        items = items.filter(is_twice=twice)
    return list(items.values_list("complaint__number", flat=True))


def review(sample: AuditSample, number: str, who: str, opinion: Opinion) -> None:
    finish_review(sample.pk, number, actor=supervisor(who), now=NOW, opinion=opinion)


def review_all(sample: AuditSample, opinion: Opinion | None = None) -> None:
    for number in numbers(sample):
        review(sample, number, "Sari", opinion or says())
    for number in numbers(sample, twice=True):
        review(sample, number, "Lena", opinion or says())
