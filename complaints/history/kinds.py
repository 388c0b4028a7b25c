"""The kinds of events there are: the case's own and those of apps above, each with its words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Event
from complaints.models.policy import Stage
from complaints.registry import Registry


@dataclass(frozen=True)
class Names:
    """What codes in events stand for."""

    agencies: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)

    def agency(self, data: dict[str, Any], key: str = "agency") -> str:
        code = str(data.get(key) or "")
        return self.agencies.get(code, code)

    def person(self, key: int | None) -> str:
        return self.people.get(key or 0, f"#{key}")

    def others(self, data: dict[str, Any]) -> str:
        """The agencies that each have a part, in a row."""
        return ", ".join(self.agencies.get(str(code), str(code)) for code in data.get("others") or [])


Sentence = Callable[[Event, Names], str]


@dataclass(frozen=True)
class EventType:
    """A kind of event: what it says to people, how it looks, and who may see it."""

    kind: TextChoices
    sentence: Sentence | Promise | None  # made of the event, always the same, or the kind's label
    icon: str
    tone: str
    is_public: bool = False  # the citizen's timeline shows it; everything else is for staff
    repeats: bool = False  # says the same every week, and is shown together (folding.py)
    words_for_staff: bool = False  # public, but not what was written with it
    own: Sentence | Promise | None = (
        None  # to the citizen whose case it is: their own acts are told as theirs
    )

    @cached_property
    def code(self) -> str:
        return str(self.kind.value)

    def own_title(self, event: Event, names: Names) -> str:
        """The sentence to the citizen whose case it is, "" where it is that of everybody."""
        return self.own(event, names) if callable(self.own) else str(self.own or "")

    def title(self, event: Event, names: Names) -> str:
        """The sentence in the reader's language."""
        if callable(self.sentence):
            return self.sentence(event, names)
        return str(self.sentence or self.kind.label)


EVENT_TYPES: Registry[EventType] = Registry()


class Gone(TextChoices):
    """Stands for what an app wrote that is no longer installed."""

    GONE = "gone", _("Entry of a part of Tuntas that is no longer installed")


GONE = EventType(Gone.GONE, None, "info", "neutral")  # for staff: nobody knows any more whether it was public


def type_of(event: Event) -> EventType:
    """How a stored event is told; the history keeps those of apps that were taken out."""
    return EVENT_TYPES.get(event.kind, GONE)


def stages_in_words(event: Event) -> str:
    """The stages an event names: `missed`, a list of [stage, due], or one `stage`."""
    codes = [stage for stage, *_due in event.data.get("missed") or []] or [event.data.get("stage")]
    return ", ".join(str(Stage(code).label) for code in codes if code in Stage.values)
