"""After a change of IDENTITY_KEY: what is sealed with a former key is sealed anew, so that it can be thrown away."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db.models import Model

from complaints.identity import is_sealed_anew, reseal
from complaints.registry import Registry

CHUNK = 500
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed bytes or text. `is_anew` and `again` take what stands in it; None is nothing."""

    model: type[Model]
    field: str
    is_anew: Callable[[Any], bool] = is_sealed_anew
    again: Callable[[Any], Any] = reseal

    @property
    def code(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"


SEALED: Registry[SealedColumn] = Registry()


def seal_anew() -> int:
    """How many values were sealed with a former key until now. Without former keys it looks at nothing. What no key
    opens stays as it is, and keeps nobody else waiting."""
    if not settings.IDENTITY_FORMER_KEYS:
        return 0
    return sum(_work(column) for column in SEALED)


def sealed_with_former_keys() -> dict[str, int]:
    """How many values there still are, by column."""
    return {column.code: sum(1 for _ in _former(column)) for column in SEALED}


def _work(column: SealedColumn) -> int:
    count = lost = 0
    for pk, value in _former(column):
        try:
            again = column.again(value)
        except InvalidToken:
            lost += 1
            continue
        # Only what was read: somebody may have written it anew, or erased it, meanwhile.
        mine = column.model._base_manager.filter(**{"pk": pk, column.field: value})
        count += mine.update(**{column.field: again})
    if lost:
        logger.error("%d of %s open with no key that is known: see IDENTITY_FORMER_KEYS", lost, column.code)
    return count


def _former(column: SealedColumn) -> Iterator[tuple[Any, Any]]:
    rows = column.model._base_manager.exclude(**{f"{column.field}__isnull": True}).order_by("pk")
    after: Any = None
    while True:
        chunk = list(
            (rows.filter(pk__gt=after) if after is not None else rows).values_list("pk", column.field)[:CHUNK]
        )
        yield from ((pk, value) for pk, value in chunk if not column.is_anew(value))
        if len(chunk) < CHUNK:
            return
        after = chunk[-1][0]
