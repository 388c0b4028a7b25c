"""How far a round is: answers by channel against the sample asked for, and what of them wants a look."""

from dataclasses import dataclass

from django.db.models import Count, Q

from complaints.shares import share_of
from surveys.rounds.models import TYPED_BY_STAFF, Channel, Flag, Response, Round
from surveys.sample import LEAST


@dataclass(frozen=True)
class Progress:
    """Counts, and the words for them."""

    target: int | None
    by_channel: dict[str, int]
    flagged: int

    @property
    def answers(self) -> int:
        return sum(self.by_channel.values())

    @property
    def typed(self) -> int:
        return sum(self.by_channel.get(channel, 0) for channel in TYPED_BY_STAFF)

    @property
    def share(self) -> int:
        """Of the sample, whole per cent, for a bar that ends at 100."""
        return min(100, 100 * self.answers // self.target) if self.target else 0

    @property
    def share_words(self) -> str:
        return share_of(self.answers, self.target) if self.target else ""

    @property
    def typed_words(self) -> str:
        return share_of(self.typed, self.answers)

    @property
    def flagged_words(self) -> str:
        return share_of(self.flagged, self.answers)

    @property
    def missing(self) -> int:
        return max(0, (self.target or LEAST) - self.answers)

    @property
    def channels(self) -> list[tuple[str, int]]:
        """With answers, in the order of the list."""
        return [
            (str(label), self.by_channel[value])
            for value, label in Channel.choices
            if value in self.by_channel
        ]


def progress_of(row: Round) -> Progress:
    """One query, by the index of the round."""
    return progress_of_many([row])[row.pk]


def progress_of_many(rows: list[Round]) -> dict[int, Progress]:
    found = (
        Response.objects.filter(round__in=rows)
        .order_by()
        .values("round", "channel")
        .annotate(answers=Count("pk"), flagged=Count("pk", filter=~Q(flags=[])))
    )
    counts: dict[int, dict[str, int]] = {row.pk: {} for row in rows}
    flagged = dict.fromkeys(counts, 0)
    for each in found:
        counts[each["round"]][each["channel"]] = each["answers"]
        flagged[each["round"]] += each["flagged"]
    return {row.pk: Progress(row.target, counts[row.pk], flagged[row.pk]) for row in rows}


def flags_of(row: Round) -> list[tuple[str, int]]:
    """Of each kind how many; an answer may have several."""
    counts = dict.fromkeys(Flag.values, 0)
    rows = Response.objects.filter(~Q(flags=[]), round=row).order_by().values_list("flags")
    for flags, count in rows.annotate(count=Count("pk")):
        for flag in flags:
            counts[flag] = counts.get(flag, 0) + count
    return [(str(Flag(flag).label), count) for flag, count in counts.items() if count and flag in Flag.values]
