"""The messages there are: this app's own and those of apps above, each with what it says and to whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.models import Message
from complaints.registry import Registry

Recipient = tuple[str, str]  # address and language


def no_words(message: Message) -> dict[str, Any]:
    return {}


def always(message: Message) -> bool:
    return True


def no_headers(message: Message) -> dict[str, str]:
    return {}


def never(message: Message) -> bool:
    return False


def nobody(message: Message, now: datetime) -> list[User]:
    return []


@dataclass(frozen=True)
class MessageType:
    """A message by its template. The functions are called when it is sent, in its reader's language."""

    template: TextChoices
    files: str = ""  # templates/mail/FILES.subject.txt, .txt and .html; by default named after the template
    # Staff read these together, once in office hours, instead of one mail each.
    is_digested: bool = False
    line: Callable[[Message], str] | None = None  # what happened, in a few words; the template's label
    context: Callable[[Message], dict[str, Any]] = no_words  # what its templates take besides the usual
    page: Callable[[Message], str] | None = None  # the path where it leads; the page of its case
    is_overtaken: Callable[[Message], bool] = never  # whether what it would say has stopped being so
    replaces: frozenset[str] = field(default_factory=frozenset)  # earlier lines on the case it makes needless
    # The citizen of a merged case is told of the main case.
    follows_main: bool = False
    # To the citizen: a step on the way, which asks nothing of them and decides nothing. Not everybody wants these.
    is_step: bool = False
    # Reader rule: also for those who have lost the case by the very thing they are told.
    told_afterwards: bool = False
    # Reader rule for what is about no case: whether its user may (still) read what it tells of.
    is_for_reader: Callable[[Message], bool] = always
    # The same: who is told when its user is gone, away, or may not read it any more.
    instead: Callable[[Message, datetime], list[User]] = nobody
    # Who is neither a user nor the citizen of a case; Undeliverable when there is nobody.
    recipient: Callable[[Message], Recipient] | None = None
    headers: Callable[[Message], dict[str, str]] = no_headers  # besides those that every mail has

    @cached_property
    def code(self) -> str:
        return str(self.template.value)

    @property
    def file_name(self) -> str:
        return self.files or self.code

    def title(self, message: Message) -> str:
        return self.line(message) if self.line else str(self.template.label)


MESSAGE_TYPES: Registry[MessageType] = Registry()


class Gone(TextChoices):
    """Stands for what an app drafted that is no longer installed."""

    GONE = "gone", _("Message of a part of Tuntas that is no longer installed")


GONE = MessageType(Gone.GONE)  # has no files: the outbox gives it up as it does whatever cannot be made


def type_of(message: Message) -> MessageType:
    """What a stored message says; apps that were taken out leave some behind, sent or not."""
    return MESSAGE_TYPES.get(message.template, GONE)


def digested() -> list[str]:
    """The templates whose messages staff read together."""
    return sorted(each.code for each in MESSAGE_TYPES if each.is_digested)
