"""A survey round frozen: what its report and poster are printed from, and nothing else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from accounts.models import Agency
from complaints.clock.city_time import day_of
from complaints.ledger.tree import latest_head
from complaints.models import Service
from reports.surveys.plans import plans_of
from surveys.index.counted import asked_in
from surveys.index.course import final_results, result_index
from surveys.index.models import RoundResult
from surveys.index.shown import TREND, Shown, TrendPoint, comparable
from surveys.index.suppression import SMALL
from surveys.questionnaires.asking import Asked
from surveys.questionnaires.models import Survey, SurveyVersion
from surveys.rounds.models import Round, RoundState

FORMAT = 1
PRINTED_ROWS = 300


class NoResult(Exception):
    """Nothing has been counted of this round, or it was annulled: there is nothing to print."""


@dataclass(frozen=True)
class SurveySnapshot:
    """`data` is what is stored; `content` its one spelling in bytes; `digest` names it."""

    data: dict[str, Any]

    @property
    def content(self) -> bytes:
        text = json.dumps(
            self.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return text.encode() + b"\n"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def built_at(self) -> datetime:
        return datetime.fromisoformat(self.data["built_at"])

    @property
    def slug(self) -> str:
        kept = self.data["round"]
        return f"{kept['code']}_{kept['opens_on']}_{kept['closes_on']}"

    @property
    def lines(self) -> list[str]:
        """What each respondent answered, a digit an item; none of a round that is open or too small."""
        lines: list[str] = self.data["lines"]
        return lines

    @classmethod
    def read(cls, content: bytes) -> SurveySnapshot:
        """ValueError when this is no snapshot of a round, or one by other rules."""
        data = json.loads(content)
        if not isinstance(data, dict) or data.get("kind") != "survey" or data.get("format") != FORMAT:
            raise ValueError("not a snapshot of a survey round by the rules of this version")
        return cls(data)

    def shown(self, *, for_staff: bool) -> Shown:
        """The round as a page shows it: the same figures by the same function, without asking the database."""
        row = _round(self.data["round"], self.data)
        trend = [
            TrendPoint(thawed.round, result_index(thawed))
            for thawed in (_result(each, self.data) for each in self.data["trend"])
        ]
        kept = _result({"round": self.data["round"], "result": self.data["result"]}, self.data)
        return Shown(row, kept, for_staff, trend)


def freeze_round(row: Round, *, now: datetime) -> SurveySnapshot:
    """Everything that is printed of a round, as it is kept now. NoResult where there is nothing."""
    result = RoundResult.objects.filter(round=row).first()
    if result is None or row.state == RoundState.ANNULLED:
        raise NoResult
    city, head, now = settings.CITY, latest_head(), now.replace(microsecond=0)
    return SurveySnapshot(
        {
            "kind": "survey",
            "format": FORMAT,
            "city": {
                "code": city.code,
                "name": {"id": city.name_id, "en": city.name_en},
                "government": {"id": city.government_id, "en": city.government_en},
                "time_zone": city.time_zone,
                "zone_label": city.zone_label,
                "colours": {"primary": city.primary, "accent": city.accent, "ochre": city.ochre},
            },
            "built_at": now.isoformat(),
            "ledger": head.note if head else "",
            "survey": _survey(row.version.survey),
            "agency": {"id": row.agency.name, "en": row.agency.name_en or row.agency.name},
            "round": _frozen_round(row),
            "result": _frozen_result(result),
            "lines": result.lines.splitlines(),
            "trend": _trend(row),
            "questions": [_question(each) for each in asked_in(row)],
            "plans": plans_of(row, day_of(now)),
        }
    )


def _survey(survey: Survey) -> dict[str, str]:
    return {
        "code": survey.code,
        "purpose": survey.purpose,
        "name_id": survey.name_id,
        "name_en": survey.name_en,
    }


def _frozen_round(row: Round) -> dict[str, Any]:
    return {
        "code": row.code,
        "opens_on": row.opens_on.isoformat(),
        "closes_on": row.closes_on.isoformat(),
        "state": row.state,
        "population": row.population,
        "target": row.target,
        "target_is_own": row.target_is_own,
        "service": {"id": row.service.name_id, "en": row.service.name_en} if row.service else None,
        "digest": row.digest,
    }


def _frozen_result(result: RoundResult) -> dict[str, Any]:
    return {
        "computed_at": result.computed_at.isoformat(),
        "responses": result.responses,
        "is_final": result.is_final,
        "format": result.format,
        "data": result.data,
    }


def _trend(row: Round) -> list[dict[str, Any]]:
    results = final_results().filter(
        round__agency=row.agency,
        round__service=row.service,
        round__version__survey_id=row.version.survey_id,
        round__opens_on__lte=row.opens_on,
    )
    points = [TrendPoint(each.round, result_index(each)) for each in results]
    shown = comparable([point for point in points if point.index.respondents >= SMALL])[-TREND:]
    return [
        {"round": _frozen_round(point.round), "result": _frozen_result(point.round.result)} for point in shown
    ]


def _question(asked: Asked) -> dict[str, Any]:
    question = asked.question
    return {
        "section": {"id": question.section.name_id, "en": question.section.name_en},
        "text": {"id": question.text_id, "en": question.text_en},
        "options": [{"id": option.id, "en": option.en} for option in asked.options],
    }


def _round(kept: dict[str, Any], data: dict[str, Any]) -> Round:
    """A row that is in no table, with what pages read of it."""
    survey = Survey(**data["survey"])
    service = kept["service"]
    return Round(
        code=kept["code"],
        version=SurveyVersion(survey=survey),
        agency=Agency(name=data["agency"]["id"], name_en=data["agency"]["en"]),
        service=Service(name_id=service["id"], name_en=service["en"]) if service else None,
        opens_on=date.fromisoformat(kept["opens_on"]),
        closes_on=date.fromisoformat(kept["closes_on"]),
        state=kept["state"],
        population=kept["population"],
        target=kept["target"],
        target_is_own=kept.get("target_is_own", False),
        digest=kept["digest"],
    )


def _result(kept: dict[str, Any], data: dict[str, Any]) -> RoundResult:
    result = kept["result"]
    return RoundResult(
        round=_round(kept["round"], data),
        computed_at=datetime.fromisoformat(result["computed_at"]),
        responses=result["responses"],
        is_final=result["is_final"],
        format=result["format"],
        data=result["data"],
    )
