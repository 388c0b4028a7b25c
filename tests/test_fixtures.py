"""The content that comes with the system: complete, in both languages, and without loose ends."""

import csv
import json
import re
import tomllib
from datetime import date, time
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from holidays import country_holidays

from complaints.clock.arithmetic import Unit
from complaints.clock.working_calendar import WorkingCalendar
from complaints.mentions import phrase_of
from tests.clock.calendars import kupang
from tests.shared import shared_data

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CITIES = sorted(path.stem for path in (FIXTURES / "cities").glob("*.toml"))
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
KINDS = {"complaint", "oversight", "aspiration", "information"}
STAGES = ["verification", "first_response", "resolution", "citizen_answer", "confirmation"]
CODED = [
    *(f"cities/{city}/{name}.json" for city in CITIES for name in ("areas", "agencies", "services")),
    *(f"common/{name}.json" for name in ("categories", "reject_reasons", "standard_replies", "calendars")),
]
# Words for staff and citizens may be missing where a fixture leaves the whole field empty.
MAY_BE_EMPTY = {"requirements"}

Row = dict[str, Any]


def rows(path: str) -> list[Row]:
    """A fixture's rows."""
    found: list[Row] = json.loads((FIXTURES / path).read_text(encoding="utf-8"))
    return found


def codes(path: str) -> set[str]:
    """The codes in a fixture."""
    return {row["code"] for row in rows(path)}


def city_file(city: str) -> Row:
    """A city's own file."""
    return tomllib.loads((FIXTURES / f"cities/{city}.toml").read_text(encoding="utf-8"))


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two #rrggbb colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted([luminance(first), luminance(second)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("path", CODED)
def test_codes_are_unique_and_parents_come_before_their_children(path: str) -> None:
    seen: set[str] = set()
    for row in rows(path):
        assert row["code"] not in seen
        assert not row.get("parent") or row["parent"] in seen
        seen.add(row["code"])


@pytest.mark.parametrize("path", [*CODED, "common/holidays.json"])
def test_both_languages_are_filled(path: str) -> None:
    for row in rows(path):
        for field in (key.removesuffix("_id") for key in row if key.endswith("_id")):
            indonesian, english = row[f"{field}_id"], row.get(f"{field}_en", row.get("name_en"))
            assert bool(indonesian) == bool(english), row
            assert indonesian or field in MAY_BE_EMPTY, row


@pytest.mark.parametrize(("city", "districts", "wards"), [("kupang", 6, 51), ("balikpapan", 6, 34)])
def test_a_city_has_all_its_districts_and_wards(city: str, districts: int, wards: int) -> None:
    areas = rows(f"cities/{city}/areas.json")
    by_code = {area["code"]: area for area in areas}
    levels = [area["level"] for area in areas]
    assert (levels.count("city"), levels.count("district"), levels.count("ward")) == (1, districts, wards)
    above = {"ward": "district", "district": "city"}
    for area in areas:
        assert area["level"] == "city" or by_code[area["parent"]]["level"] == above[area["level"]]
        assert area["level"] != "ward" or re.fullmatch(r"\d{5}", area["postal_code"])
        assert abs(area["latitude"]) < 11
        assert 116 < area["longitude"] < 124


@pytest.mark.parametrize("city", CITIES)
def test_areas_are_those_of_the_reference_file(city: str) -> None:
    with shared_data("places", f"wilayah_{city}.csv").open(encoding="utf-8") as file:
        expected = {(row["code"], row["name"], row["parent_code"]) for row in csv.DictReader(file)}
    assert {
        (row["code"], row["name"], row["parent"]) for row in rows(f"cities/{city}/areas.json")
    } == expected


@pytest.mark.parametrize("city", CITIES)
def test_every_agency_of_the_reference_file_is_there(city: str) -> None:
    city_code = city_file(city)["code"]
    with shared_data("places", "opd.csv").open(encoding="utf-8") as file:
        expected = {row["agency_code"] for row in csv.DictReader(file) if row["city_code"] == city_code}
    assert expected <= codes(f"cities/{city}/agencies.json")


@pytest.mark.parametrize("city", CITIES)
def test_a_city_has_one_inspectorate_its_district_offices_and_outside_bodies(city: str) -> None:
    agencies = rows(f"cities/{city}/agencies.json")
    districts = {row["code"] for row in rows(f"cities/{city}/areas.json") if row["level"] == "district"}
    assert sum(row["is_oversight"] for row in agencies) == 1
    assert {row["code"] for row in agencies if row["kind"] == "district"} == districts
    assert {row["kind"] == "external" for row in agencies if row["is_external"]} == {True}
    assert all(row["duties_id"] and row["duties_en"] and len(row["short_name"]) <= 60 for row in agencies)
    prefix = city_file(city)["prefix"]
    assert [row["code"] for row in agencies if row["parent"]] == [f"{prefix}-ORG"]


@pytest.mark.parametrize("city", CITIES)
def test_services_belong_to_agencies_of_the_city_itself(city: str) -> None:
    own = {row["code"] for row in rows(f"cities/{city}/agencies.json") if not row["is_external"]}
    for service in rows(f"cities/{city}/services.json"):
        assert service["agency"] in own
        assert service["promised_days"] > 0


def test_every_category_names_its_agency_in_every_city() -> None:
    own = {
        city: {row["code"] for row in rows(f"cities/{city}/agencies.json") if not row["is_external"]}
        for city in CITIES
    }
    categories = rows("common/categories.json")
    groups = {row["parent"] for row in categories}
    for row in categories:
        named = row["agency_kind_codes"]
        if row["code"] in groups or row["code"] == "other":
            assert named == {}
        else:
            assert {city: code in own[city] for city, code in named.items()} == dict.fromkeys(CITIES, True)
            assert row["parent"]
            assert row["keywords"]


def test_categories_have_two_levels_and_kinds_that_fit() -> None:
    categories = {row["code"]: row for row in rows("common/categories.json")}
    assert {row["kind"] for row in categories.values()} == KINDS
    for row in categories.values():
        parent = categories.get(row["parent"])
        assert parent is None or parent["parent"] == ""
        assert (row["kind"] == "oversight") == (row["code"] == "oversight" or row["parent"] == "oversight")
    positions = [row["position"] for row in categories.values()]
    assert positions == sorted(set(positions))


def test_oversight_categories_go_to_the_inspectorate_alone() -> None:
    for city in CITIES:
        (inspectorate,) = [r["code"] for r in rows(f"cities/{city}/agencies.json") if r["is_oversight"]]
        for row in rows("common/categories.json"):
            if row["agency_kind_codes"]:
                is_inspectorate = row["agency_kind_codes"][city] == inspectorate
                assert is_inspectorate == (row["kind"] == "oversight")


def test_every_kind_has_a_target_for_every_stage() -> None:
    levels = {row["kind"]: row for row in rows("common/service_levels.json")}
    assert levels.keys() == KINDS
    for row in levels.values():
        assert date.fromisoformat(row["valid_from"]) == date(2018, 1, 1)
        assert all(row[f"{stage}_amount"] > 0 and Unit(row[f"{stage}_unit"]) for stage in STAGES)
        assert 0 < row["warn_at_percent"] < 100
        assert 0 < len(row["note"]) <= 300
    resolution = {kind: row["resolution_amount"] for kind, row in levels.items()}
    assert resolution == {"complaint": 14, "oversight": 60, "aspiration": 5, "information": 5}


def test_the_ladder_has_no_rung_missing() -> None:
    rules = rows("common/escalation_rules.json")
    assert {(row["kind"], row["trigger"], row["stage"], row["level"], row["amount"]) for row in rules} == {
        ("", "share", "resolution", 1, 90),
        ("", "breach", "", 1, 0),
        ("", "overdue", "resolution", 2, 5),
        ("", "overdue", "resolution", 3, 10),
        ("", "disputed", "", 1, 0),
        ("", "handed_back", "", 1, 3),
        ("complaint", "repeated", "", 1, 5),
        ("", "unacknowledged", "", 2, 0),
        ("", "unacknowledged", "", 3, 0),
        ("oversight", "oversight_kind", "", 2, 0),
    }
    assert [row["within_days"] for row in rules if row["trigger"] == "repeated"] == [30]
    assert all(row["acknowledge_amount"] >= 3 for row in rules)
    assert all(Unit(row["unit"]) and Unit(row["acknowledge_unit"]) for row in rules)


def test_holidays_are_different_days_of_known_kinds() -> None:
    holidays = rows("common/holidays.json")
    days = [date.fromisoformat(row["on"]) for row in holidays]
    assert days == sorted(set(days))
    assert {row["kind"] for row in holidays} == {"national", "joint_leave"}
    assert {day.year for day in days} == {2024, 2025, 2026, 2027}
    assert {date.fromisoformat(row["on"]).year for row in holidays if row["tentative"]} == {2027}


def test_holidays_are_those_that_others_know_of() -> None:
    """A package that somebody else keeps by the same decrees; where it differs the decree decides."""
    years = range(2024, 2028)
    national, leave = (
        set(country_holidays("ID", years=years, categories=(kind,))) for kind in ("public", "government")
    )
    ours = {date.fromisoformat(row["on"]): row["kind"] for row in rows("common/holidays.json")}
    assert ours == dict.fromkeys(leave, "joint_leave") | dict.fromkeys(national, "national")


def test_office_hours_make_a_calendar() -> None:
    (office,) = rows("common/calendars.json")
    for row in office["hours"]:
        assert time.fromisoformat(row["opens"]) < time.fromisoformat(row["closes"])
    assert isinstance(kupang(), WorkingCalendar)


def test_standard_replies_use_only_placeholders_that_are_filled() -> None:
    known = {"number", "subject", "agency", "due_date", "citizen"}
    uses = set()
    for row in rows("common/standard_replies.json"):
        uses.add(row["use"])
        names = [
            {name for _, name, _, _ in Formatter().parse(row[f"text_{language}"]) if name}
            for language in ("id", "en")
        ]
        assert names[0] == names[1]
        assert names[0] <= known
    assert uses == {"ask", "resolve", "reject", "hand_back"}


@pytest.mark.parametrize("city", CITIES)
def test_a_city_file_is_complete_and_its_colours_are_readable(city: str) -> None:
    data = city_file(city)
    assert re.fullmatch(r"[A-Z]{3}", data["prefix"])
    assert data["code"] in codes(f"cities/{city}/areas.json")
    assert data["zone_label"] == ZONES[data["time_zone"]]
    assert all(data[f"{field}_{language}"] for field in ("name", "government") for language in ("id", "en"))
    for name in ("primary", "accent", "ochre"):
        assert contrast(data["colours"][name], "#ffffff") >= 4.5, name
        assert contrast(data["colours"][name], "#fbf7ef") >= 4.5, name


def test_the_demo_has_words_for_every_category() -> None:
    phrases = json.loads((FIXTURES / "demo/phrases.json").read_text(encoding="utf-8"))
    groups = {row["parent"] for row in rows("common/categories.json")}
    assert phrases["categories"].keys() == codes("common/categories.json") - groups
    common = [
        "road-damage",
        "drainage",
        "street-light",
        "waste",
        "water-supply",
        "id-documents",
        "office-service",
    ]
    assert all(len(phrases["categories"][code]["reports"]) >= 6 for code in common)
    for words in phrases["categories"].values():
        assert len(words["reports"]) >= 3
        assert words["answers"]
        for report in words["reports"]:
            for text in report.values():
                assert {name for _, name, _, _ in Formatter().parse(text) if name} <= {"place"}
            longest = report["subject"].format(
                place=max(phrases["places"], key=len).format(ward="Naioni Selatan")
            )
            assert 0 < len(longest) <= 150
    assert all("{ward}" in place for place in phrases["places"])


@pytest.mark.parametrize("survey", rows("common/surveys.json"), ids=lambda row: row["code"])
def test_surveys_are_in_both_languages_and_have_each_key_once(survey: Row) -> None:
    for version in survey["versions"]:
        asked = [question for section in version["sections"] for question in section["questions"]]
        assert len({question["key"] for question in asked}) == len(asked)
        offered = [option for question in asked for option in question.get("options", [])]
        assert all(question["text_id"] and question["text_en"] for question in asked)
        assert all(option["id"] and option["en"] for option in offered)
        assert all(bool(question.get("help_id")) == bool(question.get("help_en")) for question in asked)
        assert version["intro_id"] and version["intro_en"]


def test_the_national_survey_has_the_labels_of_the_rule_in_the_order_of_its_sample() -> None:
    (survey,) = [row for row in rows("common/surveys.json") if row["purpose"] == "national"]
    elements = list(survey["versions"][0]["sections"][0]["questions"])
    with shared_data("skm", "skm_questions.csv").open(encoding="utf-8") as file:
        expected = [[row[f"label_{step}"] for step in range(1, 5)] for row in csv.DictReader(file)]
    assert [[option["id"] for option in question["options"]] for question in elements] == expected
    assert [question["key"] for question in elements[-2:]] == ["facilities", "complaints"]
    assert all(question["key"] == question["element"] for question in elements)


def test_phrases_about_conduct_are_as_they_are_looked_for_and_each_is_there_once() -> None:
    found = rows("common/conduct_phrases.json")
    phrases = [row["phrase"] for row in found]
    assert len(set(phrases)) == len(phrases)
    assert phrases == [" ".join(phrase_of(phrase)) for phrase in phrases]
    assert {row["language"] for row in found} == {"id", "en"}
