"""Service standards from fixtures/: samples, until the office has looked at them."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from complaints.clock.city_time import day_of
from complaints.models import Service
from surveys.standards.in_force import SAMPLE
from surveys.standards.models import Counter, Part
from surveys.standards.services import Change, enter

FOLDER = settings.BASE_DIR / "fixtures" / "common"
PARTS = (Part.PROCEDURE, Part.COST, Part.PRODUCT, Part.COMPLAINTS)
REASON = "Contoh isi; periksa pada kantor. / Sample, check with the office."


def load_standards(now: datetime) -> int:
    """Adds counters, standards and pledges of the services that there are; how many parts were added."""
    services = {row.code: row for row in Service.objects.select_related("agency")}
    return enter([*_parts(services, now), *_hours(services, now)], now=now)


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(FOLDER / name).read_text(encoding="utf-8"))
    return found


def _parts(services: dict[str, Service], now: datetime) -> Iterator[Change]:
    for row in _read("standards.json"):
        service = services.get(row["service"])
        for part in PARTS if service else ():
            yield _sample(part, row[part.value], now, service=service)


def _hours(services: dict[str, Service], now: datetime) -> Iterator[Change]:
    """A counter is of the agency of its first service; each agency that has one gives the pledge."""
    pledged = set()
    for row in _read("counters.json"):
        served = [services[code] for code in row["services"] if code in services]
        if not served:
            continue
        agency = served[0].agency
        names = {name: row[name] for name in ("name_id", "name_en")}
        counter, is_new = Counter.objects.get_or_create(
            code=row["code"], defaults={**names, "agency": agency}
        )
        if is_new:
            counter.services.set([each for each in served if each.agency_id == agency.pk])
        yield _sample(Part.HOURS, {"weekly": row["weekly"]}, now, counter=counter)
        if agency.pk not in pledged:
            pledged.add(agency.pk)
            yield _sample(Part.PLEDGE, _read("pledge.json")[0], now, agency=agency)


def _sample(part: Part, after: dict[str, Any], now: datetime, **thing: Any) -> Change:
    return Change(part=part, after=after, starts_on=day_of(now), reason=REASON, cause=SAMPLE, **thing)
