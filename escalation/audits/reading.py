"""What the pages of an audit show. A review that another person has yet to make alone is nowhere in here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from accounts.models import User
from complaints.models import Complaint
from escalation.audits.figures import Reviewed
from escalation.audits.models import AuditItem, AuditReview, AuditSample, Severity, words_of
from escalation.audits.services import FIRST, SECOND, place_of

GRAVEST_FIRST = [Severity.GRAVE, Severity.SERIOUS, Severity.MINOR]


def samples() -> QuerySet[AuditSample]:
    """All samples with how many reviews they need and have, and how many cases were released from a second one;
    the lists they were drawn from stay in the database."""
    found = AuditSample.objects.select_related(
        "agency", "category", "drawn_by", "second_reviewer", "checklist"
    )
    final = Count("items__reviews", filter=Q(items__reviews__final_at__isnull=False))
    twice = Count("items", filter=Q(items__is_twice=True), distinct=True)
    found = found.defer("frame").annotate(final=final, released=F("twice") - twice)
    return found.annotate(wanted=F("size") + F("twice") - F("released"))


def waiting_for(user: User) -> QuerySet[AuditItem]:
    """The drawn cases that this person still has to review, in their scope; newest request first."""
    mine = Q(sample__drawn_by=user) | Q(sample__second_reviewer=user, is_twice=True)
    enough = Q(reviewer=user) | Q(item__is_twice=False)  # released: the other's review stands alone
    done = AuditReview.objects.filter(enough, final_at__isnull=False)
    items = AuditItem.objects.filter(mine, complaint__in=Complaint.objects.visible_to(user).values("pk"))
    return items.exclude(pk__in=done.values("item")).order_by("-sample_id", "rank")


@dataclass(frozen=True)
class Row:
    """A drawn case as its reader may know it. `mine` is their part: "", "open", "draft" or "final"."""

    item: AuditItem
    mine: str
    done: int
    wanted: int
    differs: bool

    @property
    def is_complete(self) -> bool:
        return self.done == self.wanted


def rows_of(sample: AuditSample, user: User) -> list[Row]:
    """The drawn cases in this person's scope in the order they were drawn; two queries."""
    visible = Complaint.objects.visible_to(user).values("pk")
    items = sample.items.filter(complaint__in=visible).select_related("complaint__agency", "agreed_event")
    items = items.prefetch_related("reviews").defer("complaint__description", "complaint__policy")
    rows = []
    for item in items:
        item.sample = sample
        rows.append(_row(item, user))
    return rows


def _row(item: AuditItem, user: User) -> Row:
    reviews = list(item.reviews.all())
    place = place_of(item, user)
    own = next((review for review in reviews if review.place == place), None)
    final = [review.answers for review in reviews if review.is_final]
    wanted = SECOND if item.is_twice else FIRST
    differs = len(final) == SECOND and final[0] != final[1] and item.agreed_event is None
    if own is not None and own.is_final:
        mine = "final"
    elif place is None or len(final) == wanted:
        mine = ""
    else:
        mine = "draft" if own else "open"
    return Row(item, mine, len(final), wanted, differs)


@dataclass(frozen=True)
class Complete:
    """A drawn case whose reviews are all final, with them in order of place."""

    item: AuditItem
    reviews: Sequence[AuditReview]

    @property
    def figures(self) -> Reviewed:
        """What the figures are counted from."""
        second = self.reviews[1].answers if len(self.reviews) == SECOND else None
        number, rank = self.item.complaint.number, self.item.rank
        return Reviewed(number, rank, self.reviews[0].answers, second, self.item.agreed)

    @property
    def severity(self) -> str:
        """The gravest that a reviewer found."""
        found = {review.severity for review in self.reviews}
        return next((each for each in GRAVEST_FIRST if each in found), Severity.NONE)

    @property
    def agreed_words(self) -> str:
        event = self.item.agreed_event
        return words_of(event) if event is not None else ""


def complete_cases(sample: AuditSample) -> list[Complete]:
    """All of a sample, whoever reads: figures are the same for everybody. Two queries."""
    items = sample.items.select_related("complaint", "agreed_event__content")
    items = items.defer("complaint__description", "complaint__policy")
    found: dict[int, list[AuditReview]] = {}
    final = AuditReview.objects.filter(item__sample=sample, final_at__isnull=False).order_by("place")
    for review in final.select_related("event__content", "reviewer"):
        found.setdefault(review.item_id, []).append(review)
    return [
        Complete(item, found[item.pk])
        for item in items
        if len(found.get(item.pk, [])) == (SECOND if item.is_twice else FIRST)
    ]


def open_to(user: User, cases: Iterable[Complete]) -> list[Complete]:
    """Those in this person's scope: what was found in a case is for who may see the case. One query."""
    cases = list(cases)
    keys = [case.item.complaint_id for case in cases]
    seen = set(Complaint.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [case for case in cases if case.item.complaint_id in seen]


def findings(cases: Iterable[Complete]) -> list[Complete]:
    """Where a reviewer found something, the gravest first."""
    found = [case for case in cases if case.severity != Severity.NONE]
    return sorted(found, key=lambda case: (GRAVEST_FIRST.index(Severity(case.severity)), case.item.rank))
