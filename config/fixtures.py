"""Loads a city's facts and policy from fixtures/: what is missing is added, what an administrator changed stays."""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Agency
from complaints.models import (
    Area,
    Category,
    ConductPhrase,
    Holiday,
    OfficeCalendar,
    OpeningHours,
    RejectReason,
    Service,
    ServiceLevel,
    StandardReply,
)
from config.standards import load_standards
from escalation.audits.models import AuditChecklist, AuditQuestion
from escalation.ladder.models import EscalationRule
from escalation.promises.models.proposal import ProposalRule
from surveys.aftercase.models import AfterCaseTerm
from surveys.questionnaires.content import digest_of
from surveys.questionnaires.models import Question, Section, Survey, SurveyVersion

FOLDER = settings.BASE_DIR / "fixtures"
Rows = list[dict[str, Any]]


def read(path: str) -> Any:
    """The JSON file at `path` below fixtures/."""
    return json.loads(Path(FOLDER / path).read_text(encoding="utf-8"))


def load_city(city: str, now: datetime | None = None) -> dict[str, int]:
    """Loads areas, agencies, services, categories, calendar and policy; returns how many rows were added."""
    with transaction.atomic():
        added = {
            "areas": _tree(Area, read(f"cities/{city}/areas.json")),
            "agencies": _tree(Agency, read(f"cities/{city}/agencies.json")),
        }
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        added["services"] = _flat(
            Service, [_with_agency(row, agencies) for row in read(f"cities/{city}/services.json")]
        )
        added["categories"] = _categories(city, agencies)
        added["reasons"] = _flat(RejectReason, read("common/reject_reasons.json"))
        added["conduct"] = _conduct()
        added["replies"] = _flat(StandardReply, read("common/standard_replies.json"))
        added["days_off"] = _calendar()
        added["policy"] = _policy()
        added["checklists"] = _checklists()
        added["surveys"] = load_surveys()
        added["standards"] = load_standards(now or timezone.now())
        added["policy"] += _after_case_terms(city)
    return added


def _known(model: type[models.Model], row: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in model._meta.get_fields()}
    return {key: value for key, value in row.items() if key in names}


def _flat(model: Any, rows: Rows) -> int:
    added = 0
    for row in rows:
        values = _known(model, row)
        added += model.objects.get_or_create(code=values.pop("code"), defaults=values)[1]
    return added


def _conduct() -> int:
    """One that the city ended or dated anew stays as it is."""
    known = set(ConductPhrase.objects.values_list("phrase", flat=True))
    rows = [row for row in read("common/conduct_phrases.json") if row["phrase"] not in known]
    return len(ConductPhrase.objects.bulk_create(ConductPhrase(**row) for row in rows))


def _tree(model: Any, rows: Rows) -> int:
    """Rows that name their `parent` by code; a parent stands before its children or not, as it likes."""
    added = _flat(model, [{key: value for key, value in row.items() if key != "parent"} for row in rows])
    by_code = {row.code: row for row in model.objects.all()}
    for row in rows:
        child = by_code[row["code"]]
        if row.get("parent") and child.parent_id is None:
            child.parent = by_code[row["parent"]]
            child.save(update_fields=["parent"])
    return added


def _with_agency(row: dict[str, Any], agencies: dict[str, Agency]) -> dict[str, Any]:
    return row | {"agency": agencies[row["agency"]]}


def _categories(city: str, agencies: dict[str, Agency]) -> int:
    rows = read("common/categories.json")
    for row in rows:
        code = row.pop("agency_kind_codes", {}).get(city)
        row["agency"] = agencies.get(code)
    return _tree(Category, rows)


def _calendar() -> int:
    office = read("common/calendars.json")[0]
    calendar, is_new = OfficeCalendar.objects.get_or_create(agency=None, defaults={"name": office["name_id"]})
    if is_new:
        for part in office["hours"]:
            OpeningHours.objects.create(
                calendar=calendar,
                weekday=part["weekday"],
                opens_at=time.fromisoformat(part["opens"]),
                closes_at=time.fromisoformat(part["closes"]),
            )
    known = set(calendar.holidays.values_list("on", flat=True))
    missing = [
        Holiday(
            calendar=calendar,
            on=day,
            source=row["kind"],
            name_id=row["name_id"],
            name_en=row["name_en"],
            is_tentative=row["tentative"],
        )
        for row in read("common/holidays.json")
        if (day := date.fromisoformat(row["on"])) not in known
    ]
    Holiday.objects.bulk_create(missing)
    if missing:
        calendar.touch()
    return len(missing)


def _policy() -> int:
    added = 0
    for row in read("common/service_levels.json"):
        values = _known(ServiceLevel, row)
        keys = {"kind": values.pop("kind"), "valid_from": values.pop("valid_from"), "category": None}
        added += ServiceLevel.objects.get_or_create(**keys, defaults=values)[1]
    for row in read("common/escalation_rules.json"):
        values = _known(EscalationRule, row)
        keys = {
            name: values.pop(name) for name in ("kind", "trigger", "stage", "level", "amount", "valid_from")
        }
        added += EscalationRule.objects.get_or_create(**keys, defaults=values)[1]
    for row in read("common/proposal_rules.json"):
        values = _known(ProposalRule, row)
        added += ProposalRule.objects.get_or_create(valid_from=values.pop("valid_from"), defaults=values)[1]
    return added


def _checklists() -> int:
    """A checklist comes whole or not at all: one that is there may have been used."""
    added = 0
    for row in read("common/audit_checklist.json"):
        values = _known(AuditChecklist, row)
        values.pop("questions")
        checklist, is_new = AuditChecklist.objects.get_or_create(code=values.pop("code"), defaults=values)
        if is_new:
            AuditQuestion.objects.bulk_create(
                AuditQuestion(checklist=checklist, position=position, **_known(AuditQuestion, question))
                for position, question in enumerate(row["questions"], start=1)
            )
            added += 1
    return added


def load_surveys() -> int:
    """A version comes whole or not at all, and is published once its questions are there."""
    added = 0
    for row in read("common/surveys.json"):
        survey, _is_new = Survey.objects.get_or_create(code=row["code"], defaults=_known_flat(Survey, row))
        for wording in row["versions"]:
            values = _known_flat(SurveyVersion, wording)
            published = datetime.fromisoformat(values.pop("published_at"))
            version, is_new = SurveyVersion.objects.get_or_create(
                survey=survey, number=values.pop("number"), defaults=values
            )
            if is_new:
                _questions(version, wording["sections"])
                rows = SurveyVersion.objects.filter(pk=version.pk)
                rows.update(published_at=published, digest=digest_of(version))
                added += 1
    return added


def _after_case_terms(city: str) -> int:
    added = 0
    for row in read("common/after_case_terms.json"):
        values = _known(AfterCaseTerm, row)
        codes = [agency["code"] for agency in read(f"cities/{city}/agencies.json")]
        code = next((code for code in codes if code.endswith(f"-{row['unit_suffix']}")), "")
        values["unit"] = Agency.objects.filter(code=code).first()
        added += AfterCaseTerm.objects.get_or_create(valid_from=values.pop("valid_from"), defaults=values)[1]
    return added


def _known_flat(model: type[models.Model], row: dict[str, Any]) -> dict[str, Any]:
    """What the row says of the model itself, without the rows below it."""
    return {
        key: value
        for key, value in _known(model, row).items()
        if key not in {"versions", "sections", "questions"}
    }


def _questions(version: SurveyVersion, rows: Rows) -> None:
    for place, row in enumerate(rows, start=1):
        section = Section.objects.create(version=version, position=place, **_known_flat(Section, row))
        Question.objects.bulk_create(
            Question(section=section, position=number, **_known(Question, question))
            for number, question in enumerate(row["questions"], start=1)
        )
