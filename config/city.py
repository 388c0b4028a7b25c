"""The city an installation serves: its names, colours and clock, from fixtures/cities/<city>.toml."""

import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import get_language


@dataclass(frozen=True)
class City:
    """What pages, mails and reports say of the city. `prefix` begins every case number."""

    slug: str
    code: str
    prefix: str
    name_id: str
    name_en: str
    government_id: str
    government_en: str
    time_zone: str
    zone_label: str
    primary: str
    accent: str
    ochre: str
    arms: str = ""
    # How many people live in an area, by its code, and who says so.
    residents: dict[str, int] = field(default_factory=dict, hash=False)
    residents_source_id: str = ""
    residents_source_en: str = ""

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_id

    @property
    def government(self) -> str:
        return self.government_en if get_language() == "en" else self.government_id


def load_city(folder: Path, slug: str) -> City:
    """The city called `slug`; FileNotFoundError names the cities there are."""
    path = folder / f"{slug}.toml"
    if not slug.isidentifier() or not path.exists():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.toml")))
        raise FileNotFoundError(f"CITY={slug!r} is not known; there is: {known}")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    colours, residents = data.pop("colours", {}), data.pop("residents", {})
    data |= {f"residents_{name}": residents.pop(name, "") for name in ("source_id", "source_en")}
    data["residents"] = residents
    fields = City.__dataclass_fields__
    known_fields = {key: value for key, value in (data | colours).items() if key in fields}
    return City(slug=slug, **known_fields)
