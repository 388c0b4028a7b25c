"""What a unit hands out: personal codes on paper, and the code by which a tablet at the counter is let in. Each is
shown once; the database has digests only."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from complaints.clock.city_time import day_of
from complaints.database import bulk
from complaints.services.change import NotPossible
from surveys.rounds.models import CounterDevice, Round, RoundState, Token
from surveys.rounds.services import NOT_NOW, check_right, held
from surveys.rounds.tokens import CODE_LENGTH, digest_of, digests_of, draw_code

MOST_CODES = 2000  # at once
MOST_OF_ROUND = 20_000
CODE_LIFE = timedelta(minutes=30)
LET_IN_LENGTH = 8
NOT_OVER = (RoundState.DRAFT, RoundState.OPEN)


@transaction.atomic
def issue_codes(pk: int, *, actor: Actor, now: datetime, count: int) -> list[str]:
    """So many new personal codes. Which of them is used, and with which answer, nobody sees."""
    row = held(pk, actor)
    if not row.needs_token or row.state not in NOT_OVER:
        raise NotPossible(NOT_NOW)
    if Token.objects.filter(round=row, is_personal=True).count() + count > MOST_OF_ROUND:
        raise NotPossible(_("A round has 20,000 personal codes at most."))
    codes = [draw_code(CODE_LENGTH) for _n in range(count)]
    tokens = [Token(round=row, digest=digest_of("code", code, row), is_personal=True) for code in codes]
    bulk.insert(Token, sorted(tokens, key=lambda token: token.pk))
    return codes


@transaction.atomic
def add_device(pk: int, *, actor: Actor, now: datetime, name: str) -> tuple[CounterDevice, str]:
    """A place for a tablet, and the code that lets it in within half an hour."""
    row = held(pk, actor)
    if row.state not in NOT_OVER or row.needs_token:
        raise NotPossible(NOT_NOW)
    code = draw_code(LET_IN_LENGTH)
    device = CounterDevice.objects.create(
        round=row,
        name=name,
        code_digest=digest_of("device", code, row),
        code_until=now + CODE_LIFE,
        made_by=check_right(actor),
    )
    return device, code


def let_in(row: Round, code: str, *, now: datetime) -> str | None:
    """The secret of the tablet on which this code was typed; None of a code that is not known, used or too old."""
    secret = token_urlsafe(32)
    waiting = CounterDevice.objects.filter(
        round=row, code_digest__in=digests_of("device", code, row), code_until__gte=now, withdrawn_on=None
    )
    changed = waiting.update(
        code_digest="",
        code_until=None,
        secret_digest=digest_of("tablet", secret, row),
        let_in_on=day_of(now),
    )
    return secret if changed else None


def is_let_in(row: Round, secret: str) -> bool:
    digests = digests_of("tablet", secret, row)
    return CounterDevice.objects.filter(round=row, secret_digest__in=digests, withdrawn_on=None).exists()


@transaction.atomic
def withdraw_device(pk: int, device: int, *, actor: Actor, now: datetime) -> CounterDevice:
    """What the tablet still keeps it can hand in once it is let in anew. CounterDevice.DoesNotExist of another
    round."""
    held(pk, actor)
    found: CounterDevice = CounterDevice.objects.get(pk=device, round=pk)
    CounterDevice.objects.filter(pk=device, withdrawn_on=None).update(
        withdrawn_on=day_of(now), code_digest="", code_until=None
    )
    return found
