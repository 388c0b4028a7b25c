"""What the pages of an audit show. A review that another person has yet to make alone is nowhere in here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from escalation.audits.figures import Reviewed
from escalation.audits.models import AuditItem, AuditReview, AuditSample, Severity, words_of
from escalation.audits.seen import items_for
from escalation.audits.services import FIRST, SECOND, place_of

GRAVEST_FIRST = [Severity.GRAVE, Severity.SERIOUS, Severity.MINOR]


@dataclass(frozen=True)
class Counts:
    """How many draws were announced, and what became of them. Those of typed seeds, before announcements, are apart."""

    announced: int
    drawn: int
    cancelled: int
    before: int


def counts() -> Counts:
    """Over all draws there were; one query."""
    announced = Q(entry__isnull=False)
    found = AuditSample.objects.aggregate(
        announced=Count("pk", filter=announced),
        drawn=Count("pk", filter=announced & Q(drawn_at__isnull=False)),
        cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
        before=Count("pk", filter=Q(entry=None)),
    )
    return Counts(**found)


def waiting_for(user: User) -> QuerySet[AuditItem]:
    """The drawn cases that this person still has to review, in their scope; newest request first."""
    mine = Q(sample__drawn_by=user) | Q(sample__second_reviewer=user, is_twice=True)
    enough = Q(reviewer=user) | Q(item__is_twice=False)  # released: the other's review stands alone
    done = AuditReview.objects.filter(enough, final_at__isnull=False)
    items = items_for(user).filter(mine)
    return items.exclude(pk__in=done.values("item")).order_by("-sample_id", "rank")


@dataclass(frozen=True)
class Row:
    """A drawn case as its reader may know it. `mine` is their part: "", "open", "draft" or "final"."""

    item: AuditItem
    rank: int  # among those that its reader may see
    mine: str
    done: int
    wanted: int
    differs: bool

    @property
    def is_complete(self) -> bool:
        return self.done == self.wanted


def rows_of(sample: AuditSample, user: User) -> list[Row]:
    """The drawn cases in this person's scope in the order they were drawn; two queries."""
    items = items_for(user).filter(sample=sample).select_related("complaint__agency", "agreed_event")
    items = items.prefetch_related("reviews").defer("complaint__description", "complaint__policy")
    rows = []
    for rank, item in enumerate(items, start=1):
        item.sample = sample
        rows.append(_row(item, rank, user))
    return rows


def place_among(item: AuditItem, user: User) -> dict[str, int]:
    """`rank` of a drawn case by hash and `size` of the sample, of the cases that this person may see: a gap would
    betray the others. One query."""
    items = items_for(user).filter(sample=item.sample_id).order_by()
    found: dict[str, int] = items.aggregate(size=Count("pk"), rank=Count("pk", filter=Q(rank__lte=item.rank)))
    return found


def _row(item: AuditItem, rank: int, user: User) -> Row:
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
    return Row(item, rank, mine, len(final), wanted, differs)


@dataclass(frozen=True)
class Complete:
    """A drawn case whose reviews are all final, with them in order of place."""

    item: AuditItem
    reviews: Sequence[AuditReview]
    rank: int

    @property
    def figures(self) -> Reviewed:
        """What the figures are counted from."""
        second = self.reviews[1].answers if len(self.reviews) == SECOND else None
        return Reviewed(
            self.item.complaint.number, self.rank, self.reviews[0].answers, second, self.item.agreed
        )

    @property
    def severity(self) -> str:
        """The gravest that a reviewer found."""
        found = {review.severity for review in self.reviews}
        return next((each for each in GRAVEST_FIRST if each in found), Severity.NONE)

    @property
    def agreed_words(self) -> str:
        event = self.item.agreed_event
        return words_of(event) if event is not None else ""


def complete_cases(sample: AuditSample, user: User) -> list[Complete]:
    """Those of a sample in this person's scope: figures, findings and files are made from these. Two queries."""
    items = items_for(user).filter(sample=sample).select_related("complaint", "agreed_event__content")
    items = items.defer("complaint__description", "complaint__policy")
    found: dict[int, list[AuditReview]] = {}
    final = AuditReview.objects.filter(item__sample=sample, final_at__isnull=False).order_by("place")
    for review in final.select_related("event__content", "reviewer"):
        found.setdefault(review.item_id, []).append(review)
    return [
        Complete(item, found[item.pk], rank)
        for rank, item in enumerate(items, start=1)
        if len(found.get(item.pk, [])) == (SECOND if item.is_twice else FIRST)
    ]


def findings(cases: Iterable[Complete]) -> list[Complete]:
    """Where a reviewer found something, the gravest first."""
    found = [case for case in cases if case.severity != Severity.NONE]
    return sorted(found, key=lambda case: (GRAVEST_FIRST.index(Severity(case.severity)), case.item.rank))
