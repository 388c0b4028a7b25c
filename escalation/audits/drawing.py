"""Announce a draw, cancel it, and draw: nobody chooses the cases, and nobody can try until they like what they get.

All that decides but the seed is in the ledger before there is a seed: the scope, how many, and a salted digest of the
list. The seed is the root of the first head that is signed over that entry, whoever made it be signed: until then
nobody can know it, since the salt is known to nobody.
"""

from datetime import datetime
from secrets import randbelow, token_hex

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.ledger.entries import write_entry
from complaints.ledger.recording import recording
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Complaint, Head, Leaf
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from escalation.audits import sampling
from escalation.audits.entries import AuditEntry
from escalation.audits.frames import LARGEST_FRAME, SamplingFrame, cases_in
from escalation.audits.messages import AuditMessage
from escalation.audits.models import AuditChecklist, AuditItem, AuditSample
from escalation.audits.seen import hidden_numbers
from escalation.rights import EscalationAct

LARGEST_SAMPLE = 500

HOW_MANY = _("Say how many cases to draw, at most 500.")
ANOTHER_SUPERVISOR = _("The second reviewer is another supervisor.")
NO_CHECKLIST = _("No checklist is in force. The administrator loads it with the city.")
ANNOUNCED_ALREADY = _("You have announced this draw already. It waits for the next signature.")
NOTHING_TO_DRAW = _("There is no case to draw from.")
TOO_MANY_TO_DRAW = _("That is too many at once. Choose a shorter period or an agency.")
SEED_IS_KNOWN = _("This draw cannot be cancelled any more: the signature that draws it is there.")
REASON_MISSING = _("Give a reason.")


def second_reviewers(actor: Actor) -> QuerySet[User]:
    """Who can be asked for the second review: every other supervisor with an open account."""
    others = User.objects.filter(role=Role.SUPERVISOR, is_active=True)
    return others.exclude(pk=actor.pk) if isinstance(actor, User) else others


def announce(
    frame: SamplingFrame, *, actor: Actor, now: datetime, size: int, second: User | None
) -> AuditSample:
    """Fixes the list as it is now and announces that `size` cases of it, or all where there are fewer, are drawn.
    `second` will be asked to review a part of them again.

    Raises NotAllowed without the right; NotPossible when there is nothing or too much to draw from, no checklist in
    force, the same is announced already, or `second` cannot be asked.
    """
    if not isinstance(actor, User) or not role_may(role_of(actor), EscalationAct.AUDIT):
        raise NotAllowed(EscalationAct.AUDIT)
    if not 1 <= size <= LARGEST_SAMPLE:
        raise NotPossible(HOW_MANY)
    if second is not None and not second_reviewers(actor).filter(pk=second.pk).exists():
        raise NotPossible(ANOTHER_SUPERVISOR)
    checklist = (
        AuditChecklist.objects.filter(valid_from__lte=day_of(now)).order_by("-valid_from", "-pk").first()
    )
    if checklist is None:
        raise NotPossible(NO_CHECKLIST)
    with recording(actor=actor, now=now) as record:
        if waiting().filter(drawn_by=actor, **_criteria(frame)).exists():
            raise NotPossible(ANNOUNCED_ALREADY)
        sample = _announce(frame, checklist, actor, now, size, second)
        record.new(sample)
    return sample


def _announce(
    frame: SamplingFrame,
    checklist: AuditChecklist,
    actor: User,
    now: datetime,
    size: int,
    second: User | None,
) -> AuditSample:
    numbers = list(cases_in(frame, actor).order_by().values_list("number", flat=True)[: LARGEST_FRAME + 1])
    if not numbers or len(numbers) > LARGEST_FRAME:
        raise NotPossible(NOTHING_TO_DRAW if not numbers else TOO_MANY_TO_DRAW)
    blanks = sampling.FEWEST_BLANKS + randbelow(sampling.MOST_BLANKS - sampling.FEWEST_BLANKS)
    text = sampling.sealed_frame(numbers, lambda: token_hex(32), blanks)
    sample = AuditSample.objects.create(
        checklist=checklist,
        **_criteria(frame),
        asked=size,
        frame_size=len(numbers),
        frame_digest=sampling.frame_digest(text),
        frame=AuditSample.packed(text),
        announced_at=now,
        drawn_by=actor,
        second_reviewer=second,
    )
    data = {
        "sample": sample.pk,
        "basis": frame.basis,
        "from": frame.first_day.isoformat(),
        "to": frame.last_day.isoformat(),
        "agency": frame.agency.code if frame.agency else None,
        "kind": frame.kind or None,
        "category": frame.category.code if frame.category else None,
        "checklist": checklist.code,
        "asked": size,  # not how many there are: a reader may know of fewer cases
        "list": sample.frame_digest,
    }
    sample.entry = write_entry(AuditEntry.ANNOUNCED, actor=actor, now=now, data=data)
    sample.save(update_fields=["entry"])
    return sample


def _criteria(frame: SamplingFrame) -> dict[str, object]:
    return {
        "basis": frame.basis,
        "first_day": frame.first_day,
        "last_day": frame.last_day,
        "agency": frame.agency,
        "kind": frame.kind,
        "category": frame.category,
    }


def waiting() -> QuerySet[AuditSample]:
    """Announced, and neither drawn nor cancelled."""
    return AuditSample.objects.filter(drawn_at=None, cancelled_at=None)


def same_scope(sample: AuditSample) -> QuerySet[AuditSample]:
    """The other draws from the same cases: whoever tries again is seen to."""
    frame = SamplingFrame(
        sample.basis, sample.first_day, sample.last_day, sample.agency, sample.kind, sample.category
    )
    return AuditSample.objects.filter(**_criteria(frame)).exclude(pk=sample.pk).order_by("pk")


def head_that_draws(sample: AuditSample) -> Head | None:
    """The first head over the announcement; None while there is none, and for a sample of a typed seed."""
    return head_over(sample.entry_id)


def head_over(entry: int | None) -> Head | None:
    """The first head over an entry of the ledger; None while there is none."""
    leaf = Leaf.objects.filter(event=None, seq=entry).first() if entry else None
    return Head.objects.filter(size__gt=leaf.index).order_by("size").first() if leaf else None


def cancel(pk: int, *, actor: Actor, now: datetime, reason: str, words: str) -> AuditSample:
    """Takes an announced draw back, for a reason that is published; by whoever announced it.

    NotPossible without a reason, or once the seed is there: nobody drops a draw whose cases they can know.
    """
    sample = AuditSample.objects.get(pk=pk)
    if not isinstance(actor, User) or not role_may(role_of(actor), EscalationAct.AUDIT):
        raise NotAllowed(EscalationAct.AUDIT)
    if sample.drawn_by_id != actor.pk:
        raise NotAllowed(EscalationAct.AUDIT)
    if reason not in AuditSample.CancelReason.values or not words.strip():
        raise NotPossible(REASON_MISSING)
    with recording(AuditEntry.CANCELLED, actor=actor, now=now) as record:
        if head_that_draws(sample) is not None:
            raise NotPossible(SEED_IS_KNOWN)
        values = {"cancelled_at": now, "cancel_reason": reason, "cancel_words": words.strip()[:300]}
        if not waiting().filter(pk=pk).update(**values):
            raise NotPossible(SEED_IS_KNOWN)
        record.data = {"sample": pk, "announced": sample.entry_id, "why": reason}
        record.changed(sample, *values)
    sample.refresh_from_db()
    return sample


def draw_due(now: datetime) -> int:
    """Draws whatever was announced and stands under a head; how many. Called by the worker."""
    due = [(sample, head) for sample in waiting().order_by("pk") if (head := head_that_draws(sample))]
    return sum(_draw(sample, head, now) for sample, head in due)


def _draw(sample: AuditSample, head: Head, now: datetime) -> bool:
    """Whether it was drawn now; another worker may have been quicker."""
    seed = head.root_base64
    ranked = sampling.draw(sample.numbers, sample.frame_size, seed)
    drawn = ranked[: _enough_for_all(ranked, sample.asked)]
    second = sample.second_reviewer
    if second is not None and not second_reviewers(sample.drawn_by).filter(pk=second.pk).exists():
        second = None
    with recording(AuditEntry.DRAWN, actor=None, now=now) as record:
        keys = dict(Complaint.objects.filter(number__in=drawn).values_list("number", "pk"))
        twice = _asked_twice([keys[number] for number in drawn], second)
        values = {
            "drawn_at": now,
            "size": len(drawn),
            "seed": seed,
            "head_size": head.size,
            "twice": len(twice),
            "second_reviewer": second if twice else None,
        }
        if not waiting().filter(pk=sample.pk).update(**values):
            return False
        items = AuditItem.objects.bulk_create(
            AuditItem(sample=sample, complaint_id=keys[number], rank=rank, is_twice=keys[number] in twice)
            for rank, number in enumerate(drawn, start=1)
        )
        record.data = {"sample": sample.pk, "announced": sample.entry_id, "head": head.size, "seed": seed}
        record.changed(sample, *values)
        record.new(*items)
        _tell(sample, sample.drawn_by, AuditMessage.AUDIT_DRAWN, now)
        if twice and second is not None:
            _tell(sample, second, AuditMessage.AUDIT_REQUEST, now)
    return True


def _enough_for_all(ranked: list[str], asked: int) -> int:
    """How many to draw so that every supervisor sees as many as were announced, or all there are for them: else a
    list that is one short would tell that a case is hidden from its reader."""
    size = min(asked, len(ranked))
    for user in User.objects.filter(role=Role.SUPERVISOR, is_active=True):
        hidden = hidden_numbers(user)
        shown = [place for place, number in enumerate(ranked, start=1) if number not in hidden][:asked]
        size = max(size, shown[-1] if shown else 0)
    return size


def _asked_twice(drawn: list[int], second: User | None) -> set[int]:
    """The first of the drawn cases, by hash, that the second reviewer may see."""
    if second is None:
        return set()
    open_to_them = set(Complaint.objects.visible_to(second).filter(pk__in=drawn).values_list("pk", flat=True))
    able = [pk for pk in drawn if pk in open_to_them]
    return set(able[: sampling.twice_count(len(drawn))])


def _tell(sample: AuditSample, user: User, template: AuditMessage, now: datetime) -> None:
    cause, data = f"sample{sample.pk}", {"sample": sample.pk}
    store_messages([draft_message(template, case=None, cause=cause, due_at=now, user=user, data=data)])
