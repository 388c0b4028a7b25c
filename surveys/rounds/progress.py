"""How far a round is: answers by channel against the sample asked for, and what of them wants a look."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from complaints.shares import share_of
from surveys.rounds.models import TYPED_BY_STAFF, Channel, Flag, Response, Round
from surveys.sample import LEAST


@dataclass
class Progress:
    """Counts of what counts, and the words for them. `corrected`: slips of which an earlier answer counts no more."""

    target: int | None
    by_channel: Counter[str] = field(default_factory=Counter)
    by_flag: Counter[str] = field(default_factory=Counter)
    flagged: int = 0
    corrected: int = 0

    def add(self, channel: str, flags: list[str], count: int) -> None:
        self.by_channel[channel] += count
        self.by_flag.update(dict.fromkeys(flags, count))
        self.flagged += count if flags else 0

    @property
    def answers(self) -> int:
        return sum(self.by_channel.values())

    @property
    def typed(self) -> int:
        return sum(self.by_channel[channel] for channel in TYPED_BY_STAFF)

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
            (str(label), self.by_channel[value]) for value, label in Channel.choices if self.by_channel[value]
        ]

    @property
    def flags(self) -> list[tuple[str, int]]:
        """Of each kind how many; an answer may have several."""
        return [(str(label), self.by_flag[value]) for value, label in Flag.choices if self.by_flag[value]]


def progress_of(row: Round) -> Progress:
    """One query, by the index of the round."""
    return progress_of_many([row])[row.pk]


def progress_of_many(rows: list[Round]) -> dict[int, Progress]:
    here = Response.objects.filter(round__in=rows).order_by().values_list("round", "channel", "flags")
    found: dict[int, Progress] = {row.pk: Progress(row.target) for row in rows}
    counts = here.annotate(count=Count("pk"), replaced=Count("replaced_by"))
    for key, channel, flags, count, replaced in counts:
        found[key].add(channel, flags, count - replaced)
        found[key].corrected += replaced
    return found
