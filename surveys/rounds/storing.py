"""The one way in which answers are stored: with a one-time token, in one transaction, under a drawn key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db import IntegrityError, connection, transaction

from complaints.clock.city_time import day_of
from complaints.database import bulk
from surveys.rounds.keys import draw_key
from surveys.rounds.models import Channel, Response, ResponseWords, Round, Token


class Stored(Enum):
    NEW = "new"
    AGAIN = "again"  # this token has its answer
    OVER = "over"  # the round takes none (any more)
    UNKNOWN = "unknown"  # no such personal code
    SLIP_TAKEN = "slip_taken"  # this slip has its answer
    NOT_LAST = "not_last"  # the answer that was to be corrected has been corrected


@dataclass(frozen=True)
class Given:
    """What somebody answered, read and checked (questionnaires/answering.py)."""

    answers: dict[str, Any]
    words: dict[str, str] = field(default_factory=dict)
    slip: str = ""
    flags: tuple[str, ...] = ()


LATE = frozenset({Channel.PAPER, Channel.IMPORT, Channel.TABLET})  # may come in after the last day


def store(
    row: Round, given: Given, channel: Channel, *, now: datetime, digest: str, is_personal: bool = False
) -> Stored:
    """One answer for one token (`digest`). Twice the same token, also at once, is one answer."""
    try:
        with transaction.atomic():
            if not hold_open(row, channel, day_of(now)):
                return Stored.OVER
            if (used := _use(row, digest, is_personal, day_of(now))) is not Stored.NEW:
                return used
            _insert(row, [given], channel, day_of(now))
    except IntegrityError:
        # Another was quicker with the token, or the slip has been typed.
        return _which(row, digest)
    return Stored.NEW


def _which(row: Round, digest: str) -> Stored:
    known = Token.objects.filter(round=row, digest=digest, used_on__isnull=False).exists()
    return Stored.AGAIN if known else Stored.SLIP_TAKEN


@transaction.atomic
def store_many(
    row: Round, given: Sequence[Given], channel: Channel, *, now: datetime, digests: Sequence[str] = ()
) -> bool:
    """Many at once, as from a file; False when the round takes none. IntegrityError, and nothing stored, where one of
    the tokens or slips has its answer."""
    if not hold_open(row, channel, day_of(now)):
        return False
    tokens = [Token(round=row, digest=digest, used_on=day_of(now)) for digest in digests]
    bulk.insert(Token, sorted(tokens, key=lambda token: token.pk))
    _insert(row, given, channel, day_of(now))
    return True


def hold_open(row: Round, channel: Channel, day: date) -> bool:
    """Whether the round takes answers by this channel; it cannot close before the caller's transaction ends."""
    rounds = Round.objects.taking(day) if channel in LATE else Round.objects.asking(day)
    rounds = rounds.filter(pk=row.pk)
    if connection.vendor != "postgresql":
        return rounds.exists()  # there is one writer
    # Many hold it at once; only closing, which asks for the whole row, waits for them and they for it.
    statement, values = rounds.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} FOR KEY SHARE", values)
        return cursor.fetchone() is not None


def _use(row: Round, digest: str, is_personal: bool, day: date) -> Stored:
    if not is_personal:
        if Token.objects.filter(round=row, digest=digest).exists():
            return Stored.AGAIN
        Token.objects.create(round=row, digest=digest, used_on=day)
        return Stored.NEW
    codes = Token.objects.filter(round=row, digest=digest, is_personal=True)
    if codes.filter(used_on=None).update(used_on=day):
        return Stored.NEW
    return Stored.AGAIN if codes.exists() else Stored.UNKNOWN


def store_instead(row: Round, given: Given, of: Response, *, now: datetime) -> Stored:
    """An answer in the place of another of the same slip, which stays. Of two who correct it at once one is late."""
    try:
        with transaction.atomic():
            if not hold_open(row, Channel(of.channel), day_of(now)):
                return Stored.OVER
            _insert(row, [given], Channel(of.channel), day_of(now), replaces=of)
    except IntegrityError:
        return Stored.NOT_LAST
    return Stored.NEW


def _insert(
    row: Round, given: Sequence[Given], channel: Channel, day: date, *, replaces: Response | None = None
) -> None:
    """In the order of the keys that were drawn, which is no order."""
    keyed = sorted(((draw_key(), each) for each in given), key=lambda pair: pair[0])
    responses = [
        Response(
            pk=key,
            round=row,
            day=day,
            channel=channel,
            answers=each.answers,
            slip=each.slip,
            flags=sorted(each.flags),
            replaces=replaces,
        )
        for key, each in keyed
    ]
    bulk.insert(Response, responses)
    bulk.insert(
        ResponseWords, [ResponseWords(response_id=key, words=each.words) for key, each in keyed if each.words]
    )
