"""A round that asks on the machine's own day, for tests with a browser."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from complaints.clock.city_time import day_of
from surveys.questionnaires.models import SurveyVersion
from surveys.rounds import services
from surveys.rounds.models import Round
from tests import factories
from tests.surveys.rounds.people import head


def everything_open() -> datetime:
    return timezone.now()


def head_of(row: Round) -> User:
    return head(row.agency.code)


def asks_now(version: SurveyVersion, *, needs_token: bool = False) -> Round:
    today = day_of(timezone.now())
    new = services.NewRound(
        version,
        factories.make_agency(),
        today,
        today + timedelta(days=20),
        population=500,
        needs_token=needs_token,
    )
    row = services.make_round(new, actor=head(), now=timezone.now())
    return services.open_round(row.pk, actor=head(), now=timezone.now())
