"""Reviews of drawn cases: write, agree, release. What is final stands on the history of the case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import Role
from complaints.history.events import Drafted
from complaints.ledger.recording import Recorder, recording
from complaints.models import Complaint, Event, EventKind
from complaints.permissions import role_may
from complaints.services.change import Change, NotAllowed, NotPossible, changing
from escalation.audits.events import AuditEvent
from escalation.audits.models import (
    Answer,
    AuditItem,
    AuditReview,
    Severity,
)
from escalation.audits.seen import items_for
from escalation.rights import EscalationAct

FIRST, SECOND = 1, 2

EVERY_QUESTION = _("Every question needs an answer.")
FINAL_ALREADY = _("This review is final already.")
SAY_WHY = _("Say why.")


@dataclass(frozen=True)
class Opinion:
    """What a reviewer says of one case: an answer by code of question, and a finding in words."""

    answers: dict[str, str]
    severity: Severity = Severity.NONE
    words: str = ""


def item_for(sample_pk: int, number: str, actor: Actor) -> AuditItem:
    """A drawn case in this actor's scope. Raises AuditItem.DoesNotExist."""
    items = (
        items_for(actor)
        .select_related(
            "sample__checklist",
            "sample__drawn_by",
            "sample__second_reviewer",
            "complaint",
            "agreed_event__content",
        )
        .defer("sample__frame")
    )
    return items.get(sample__pk=sample_pk, complaint__number=number)


def place_of(item: AuditItem, actor: Actor) -> int | None:
    """Whether this actor is the first reviewer of a case, the second, or neither."""
    if not isinstance(actor, User):
        return None
    if item.sample.drawn_by_id == actor.pk:
        return FIRST
    return SECOND if item.is_twice and item.sample.second_reviewer_id == actor.pk else None


def save_draft(sample_pk: int, number: str, *, actor: Actor, now: datetime, opinion: Opinion) -> AuditReview:
    """Keeps an unfinished review, which nobody else sees. NotPossible once it is final."""
    item = item_for(sample_pk, number, actor)
    with transaction.atomic():
        return _write(item, actor, now, opinion, final=False)


def finish_review(
    sample_pk: int, number: str, *, actor: Actor, now: datetime, opinion: Opinion
) -> AuditReview:
    """Makes a review final and leaves it on the case's history.

    Where two people review, neither learns the other's answers before their own are final: the history says
    then that a review was made, and gets both when the second is final.
    NotPossible when a question is not answered, a finding has no words, or the review is final already.
    """
    item = item_for(sample_pk, number, actor)
    _check(item, opinion)
    with recording(actor=actor, now=now) as record:
        with changing(item.complaint_id, actor, EscalationAct.AUDIT, now=now) as change:
            item.refresh_from_db(fields=["is_twice"])  # it may have been released meanwhile
            forget_erased(AuditReview.objects.filter(item=item))  # before what was held is told
            review = _write(item, actor, now, opinion, final=True)
            final = list(AuditReview.objects.filter(item=item, final_at__isnull=False).order_by("place"))
            if item.is_twice and len(final) < SECOND:
                held = {"sample": sample_pk, "place": review.place, "held": True}
                change.event(AuditEvent.AUDITED, held)
                final = []
            told = [(each, _tell(change, sample_pk, each)) for each in final]
        record.new(review)
        for each, drafted in told:
            _told(record, each, drafted)
    review.refresh_from_db()
    return review


def _check(item: AuditItem, opinion: Opinion) -> None:
    asked = set(item.sample.checklist.questions.values_list("code", flat=True))
    if set(opinion.answers) != asked or not set(opinion.answers.values()) <= set(Answer.values):
        raise NotPossible(EVERY_QUESTION)
    if opinion.severity != Severity.NONE and not opinion.words.strip():
        raise NotPossible(_("Say what was found."))


def _write(item: AuditItem, actor: Actor, now: datetime, opinion: Opinion, *, final: bool) -> AuditReview:
    place = place_of(item, actor)
    if place is None or not role_may(role_of(actor), EscalationAct.AUDIT):
        raise NotAllowed(EscalationAct.AUDIT)
    others = AuditReview.objects.filter(item=item, final_at__isnull=False).exclude(place=place)
    if not item.is_twice and others.exists():
        raise NotPossible(_("This case is reviewed to the end already."))
    start: dict[str, Any] = {"reviewer": actor, "saved_at": now}
    review, _is_new = AuditReview.objects.get_or_create(item=item, place=place, defaults=start)
    values = {"answers": opinion.answers, "severity": opinion.severity, "finding": opinion.words}
    mine = AuditReview.objects.filter(pk=review.pk, final_at=None)
    if not mine.update(**values, saved_at=now, final_at=now if final else None):
        raise NotPossible(FINAL_ALREADY)
    review.refresh_from_db()
    return review


def _tell(change: Change, sample_pk: int, review: AuditReview) -> Drafted:
    data = {
        "sample": sample_pk,
        "place": review.place,
        "reviewer": review.reviewer_id,
        "answers": review.answers,
        "severity": review.severity,
    }
    change.event(AuditEvent.AUDITED, data, {"text": review.finding})
    return change.drafted[-1]


def _told(record: Recorder, review: AuditReview, drafted: Drafted) -> None:
    AuditReview.objects.filter(pk=review.pk).update(event=drafted.event, finding="")
    record.changed(review, "event")


def stuck_review(item: AuditItem) -> AuditReview | None:
    """The final review that is held for good: whoever was to make the other one cannot any more, as their account
    is closed, they are no supervisor, or the case does not exist for them."""
    if not item.is_twice:
        return None
    final = list(item.reviews.filter(final_at__isnull=False).select_related("reviewer"))
    if len(final) != FIRST:
        return None
    sample = item.sample
    other = sample.second_reviewer if final[0].place == FIRST else sample.drawn_by
    return None if _can_review(other, item) else final[0]


def _can_review(user: User | None, item: AuditItem) -> bool:
    if user is None or not user.is_active or user.role != Role.SUPERVISOR:
        return False
    return Complaint.objects.visible_to(user).filter(pk=item.complaint_id).exists()


def may_release(item: AuditItem, stuck: AuditReview, actor: Actor) -> bool:
    """Its reviewer; any supervisor who may see the case once that one cannot review it any more either."""
    return isinstance(actor, User) and (
        stuck.reviewer_id == actor.pk or not _can_review(stuck.reviewer, item)
    )


def release(sample_pk: int, number: str, *, actor: Actor, now: datetime) -> AuditItem:
    """Lets a case count with the one review it has, and tells that, where the other cannot be made any more.

    NotAllowed for whom it is not to do; NotPossible while both can still review, or none has.
    """
    item = item_for(sample_pk, number, actor)
    with recording(actor=actor, now=now) as record:
        with changing(item.complaint_id, actor, EscalationAct.AUDIT, now=now) as change:
            item.refresh_from_db(fields=["is_twice"])
            forget_erased(AuditReview.objects.filter(item=item))
            stuck = stuck_review(item)
            if stuck is None:
                raise NotPossible(
                    _(
                        "This case waits for no review that cannot be made any more. Perhaps somebody was quicker."
                    )
                )
            if not may_release(item, stuck, actor):
                raise NotAllowed(EscalationAct.AUDIT)
            AuditItem.objects.filter(pk=item.pk).update(is_twice=False)
            missing = SECOND if stuck.place == FIRST else FIRST
            change.event(AuditEvent.AUDITED, {"sample": sample_pk, "released": missing})
            drafted = _tell(change, sample_pk, stuck)
        record.changed(item, "is_twice")
        _told(record, stuck, drafted)
    item.refresh_from_db()
    return item


def forget_erased(reviews: QuerySet[AuditReview]) -> int:
    """Blanks findings that are not told yet, of cases in which all words were erased since they were written."""
    erased = Event.objects.filter(
        kind=EventKind.WORDS_ERASED,
        complaint=OuterRef("item__complaint"),
        at__gte=OuterRef("saved_at"),
        data__everything=True,
    )
    return reviews.filter(Exists(erased), event=None).exclude(finding="").update(finding="")


def clear_findings(now: datetime) -> int:
    """What erasing a case cannot reach, since it knows nothing of audits; how many. Called by the worker."""
    return forget_erased(AuditReview.objects.filter(saved_at__lte=now))


def differing(reviews: Iterable[AuditReview]) -> set[str]:
    """The questions on which two final reviews differ."""
    final = [review.answers for review in reviews if review.is_final]
    return (
        {code for code in final[0] if final[0][code] != final[1].get(code)} if len(final) == SECOND else set()
    )


def agree(
    sample_pk: int, number: str, *, actor: Actor, now: datetime, answers: dict[str, str], words: str
) -> AuditItem:
    """Puts down what both reviewers agreed on where they had differed, and why. By either of them, once.

    NotPossible unless `answers` has exactly the questions that differ and there are words.
    """
    item = item_for(sample_pk, number, actor)
    if place_of(item, actor) is None:
        raise NotAllowed(EscalationAct.AUDIT)
    open_to_do = differing(item.reviews.order_by("place"))
    if not open_to_do or set(answers) != open_to_do or not set(answers.values()) <= set(Answer.values):
        raise NotPossible(_("Somebody has put this on record already."))
    if not words.strip():
        raise NotPossible(SAY_WHY)
    with recording(actor=actor, now=now) as record:
        with changing(item.complaint_id, actor, EscalationAct.AUDIT, now=now) as change:
            change.event(AuditEvent.AUDITED, {"sample": sample_pk, "agreed": answers}, {"text": words})
        unsettled = AuditItem.objects.filter(pk=item.pk, agreed_event=None)
        if not unsettled.update(agreed=answers, agreed_event=change.drafted[-1].event):
            raise NotPossible(_("What you agreed on is on record already."))
        record.changed(item, "agreed", "agreed_event")
    item.refresh_from_db()
    return item
