"""The counter of public works asks its users: Hana runs the round."""

from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any

from accounts.models import User
from accounts.roles import Role
from surveys.rounds import services
from surveys.rounds.models import Channel, Round
from surveys.rounds.storing import Given, Stored, store
from tests import factories
from tests.factories import FRIDAY
from tests.surveys.questions import national

TODAY = date(2026, 11, 20)  # FRIDAY's
ELEMENTS = (
    "requirements",
    "procedure",
    "time",
    "cost",
    "product",
    "competence",
    "behaviour",
    "complaints",
    "facilities",
)


def head(code: str = "PUPR") -> User:
    agency = factories.make_agency(code)
    found = User.objects.filter(role=Role.AGENCY_HEAD, agency=agency).first()
    return found or factories.make_user(Role.AGENCY_HEAD, agency)


def made(now: datetime = FRIDAY, **fields: Any) -> Round:
    """In preparation."""
    values: dict[str, Any] = {
        "version": fields.pop("version", None) or national(),
        "agency": factories.make_agency(),
        "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=20),
        "population": 500,
    }
    new = services.NewRound(**values | fields)
    return services.make_round(new, actor=head(new.agency.code), now=now)


def opened(now: datetime = FRIDAY, **fields: Any) -> Round:
    row = made(now, **fields)
    return services.open_round(row.pk, actor=head(row.agency.code), now=now)


def steps(value: int = 3, **others: Any) -> dict[str, Any]:
    """Answers to the nine elements."""
    return dict.fromkeys(ELEMENTS, value) | others


def answer(
    row: Round, now: datetime = FRIDAY, *, digest: str = "", channel: Channel = Channel.LINK, **given: Any
) -> Stored:
    values: dict[str, Any] = {"answers": steps()} | given
    return store(row, Given(**values), channel, now=now, digest=digest or token_hex(32))
