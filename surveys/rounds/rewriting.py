"""Takes out of PostgreSQL what tells in which order answers came, and which answer came with which token.

PostgreSQL keeps with each row the number of the transaction that wrote it (`xmin`), the same for an answer and its
token, and lays rows down in the order in which they come (`ctid`). On SQLite a row says nothing of when it was written,
and lies where its key, which is drawn, puts it. What remains, decision 48 says.
"""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import DatabaseError, connection, models
from django.db.models import F, Q

from surveys.rounds.models import Response, ResponseWords, Token

logger = logging.getLogger(__name__)

TABLES = (
    "CLUSTER surveys_response USING surveys_response_pkey",
    "CLUSTER surveys_token USING surveys_token_pkey",
    "CLUSTER surveys_responsewords USING surveys_responsewords_pkey",
)


def lose_order(after: date | None, until: date) -> None:
    """All rows of these days are written anew, as they are, by this one transaction."""
    if connection.vendor != "postgresql":
        return
    _again(Response.objects.filter(_within("day", after, until)), "day")
    _again(Token.objects.filter(_within("used_on", after, until)), "used_on")
    _again(ResponseWords.objects.filter(_within("response__day", after, until)), "words")


def _within(column: str, after: date | None, until: date) -> Q:
    days = Q(**{f"{column}__lte": until})
    return days & Q(**{f"{column}__gt": after}) if after else days


def _again(rows: models.QuerySet[Any], column: str) -> None:
    rows.update(**{column: F(column)})


def lose_places(tables: Sequence[str] = TABLES) -> None:
    """Lays the rows down in the order of their keys, which is none. Not within a transaction that has written."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        for statement in tables:
            try:
                cursor.execute(statement)
            except DatabaseError:  # not the owner of the tables, or somebody reads them for long
                logger.warning("the answers of past days lie in the order in which they came")
                return
