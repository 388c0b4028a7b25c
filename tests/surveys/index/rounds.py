"""Rounds with answers, for the tests of results."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

from accounts.models import Agency
from surveys.index.columns import ELEMENTS
from surveys.questionnaires.models import SurveyVersion
from surveys.rounds.models import Channel, Response, Round, RoundState
from tests import factories
from tests.surveys.questions import national

SEXES, AGES = ("male", "female"), ("20-29", "30-39", "40-49")


def make_round(answers: Sequence[dict[str, Any]] = (), **fields: Any) -> Round:
    """A closed round of the national survey; `answers` are those of its respondents."""
    agency: Agency = fields.pop("agency", None) or factories.make_agency()
    version: SurveyVersion = fields.pop("version", None) or national()
    channels = fields.pop("channels", [Channel.TABLET])
    flags = fields.pop("flags", [])
    row = Round.objects.create(
        version=version,
        agency=agency,
        **{
            "code": f"R{Round.objects.count():05d}",
            "opens_on": date(2026, 7, 1),
            "closes_on": date(2026, 9, 30),
            "state": RoundState.CLOSED,
        }
        | fields,
    )
    give(row, answers, channels, flags)
    return row


def give(
    row: Round,
    answers: Sequence[dict[str, Any]],
    channels: Sequence[str] = (Channel.TABLET,),
    flags: Any = (),
) -> None:
    start = row.pk * 1_000_000 + row.responses.count()
    Response.objects.bulk_create(
        Response(
            pk=start + n,
            round=row,
            day=row.opens_on,
            channel=channels[n % len(channels)],
            answers=given,
            flags=flags[n] if n < len(flags) else [],
        )
        for n, given in enumerate(answers)
    )


def some_answers(count: int, seed: int = 1, steps: Sequence[int] = (2, 3, 3, 4)) -> list[dict[str, Any]]:
    """Of so many respondents, with their sex and age."""
    random = Random(seed)
    return [
        {key: random.choice(steps) for key in ELEMENTS}
        | {"gender": random.choice(SEXES), "age": random.choice(AGES)}
        for _ in range(count)
    ]
