"""The pages of statistics and their files: what everybody sees stands still, hides what is small, and can be read by
programs of others."""

import csv
import html
import json
import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from frictionless import Package

from accounts.models import Agency
from accounts.roles import Role
from complaints.clock.city_time import start_of
from complaints.models import Area, Category
from reports.figures.periods import add_months
from reports.opendata import views
from reports.opendata.models import PublicEdition
from reports.statistics.counting import Trees
from reports.statistics.keeping import count_month
from reports.statistics.models import RollUp, RollUpMonth, RollUpStay
from reports.statistics.publishing import publish_blocks
from reports.statistics.shown import cards
from reports.templatetags.statistics_rows import course_lines
from tests import factories
from tests.module_rows import ModuleRows
from tests.shared import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_published")]
MONTHS = [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]
AGENCIES = {"PUPR": 150, "DLHK": 70, "PDAM": 27, "DINSOS": 3}


@pytest.fixture(scope="module")
def _published(module_rows: ModuleRows) -> None:
    module_rows.make(city)


def city() -> None:
    """Three months of kept-up counts, without their cases, of which all but the last is published."""
    factories.make_city()
    for code in AGENCIES:
        factories.make_agency(code, name=f"=Dinas {code}")
    factories.make_category("jalan-rusak")
    place = Area.objects.create(code="53.71", level="city", name="Kota")
    for code, name, lat in (("53.71.01", "Alak", -10.2), ("53.71.02", "Maulafa", -10.1)):
        Area.objects.create(
            code=code, level="district", name=name, parent=place, latitude=lat, longitude=123 + lat
        )
    RollUpMonth.objects.create(month=date(2026, 6, 1), counted_at=NOON)
    RollUp.objects.bulk_create(
        [row(date(2026, 6, 1), *what, 12) for what in (("", ""), ("agency", "PUPR"), ("channel", "web"))]
    )
    for n, month in enumerate([*MONTHS, date(2026, 10, 1)]):
        RollUpMonth.objects.create(month=month, counted_at=NOON)
        RollUpStay.objects.bulk_create(
            RollUpStay(
                month=month, agency=code, stays=size + 26, in_time=size, late=16, handed_on=8, otherwise=2
            )
            for code, size in AGENCIES.items()
        )
        RollUp.objects.bulk_create(rows_of(month, n))
    publish_blocks(NOON, most=20)


def rows_of(month: date, n: int) -> list[RollUp]:
    agencies = {code: size + n * (size > 10) for code, size in AGENCIES.items()}
    whole = sum(agencies.values())
    found = [row(month, "", "", whole), row(month, "category", "jalan-rusak", whole)]
    found += [row(month, "agency", code, size) for code, size in agencies.items()]
    found += [row(month, "channel", "web", whole - 40), row(month, "channel", "phone", 40)]
    found += [row(month, "kind", "complaint", whole)]
    found += [row(month, "district", "53.71.01", whole - 2), row(month, "district", "53.71.02", 2)]
    found += [row(month, "area", "53.71.01", whole - 2), row(month, "area", "53.71.02", 2)]
    days = (add_months(month, 1) - month).days
    each = [whole // days] * (days - 1)
    for day, count in enumerate([*each, whole - sum(each)]):
        found.append(row(month, "day", (month + timedelta(day)).isoformat(), count))
    return found


def row(month: date, dimension: str, code: str, count: int) -> RollUp:
    late = count // 5 if count > 10 else 0
    counts = {"received": count, "ended": count, "met_target": count - late, "late": late}
    counts |= {"met_target_extended": count - late, "late_extended": late}
    return RollUp(month=month, dimension=dimension, code=code, **counts)


def words(response) -> str:
    text = re.sub(r"<(script|style|svg|select|form).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", text)


@pytest.mark.parametrize("language", ["id", "en"])
def test_everybody_sees_the_last_quarter_and_may_choose_others(
    client, language, django_assert_max_num_queries
):
    client.cookies.load({"django_language": language})
    client.get("/statistics/")
    with django_assert_max_num_queries(8):
        page = client.get("/statistics/")
    assert page.status_code == 200
    assert not page.cookies
    said = words(page)
    assert ("Third quarter of 2026" if language == "en" else "Triwulan III 2026") in said
    assert not re.search(r"(?<![\d.,–-])\b[1-4]\b(?![\d.,%])", " ".join(cells(page)))
    assert client.get("/statistics/?period=2026-07").status_code == 200
    assert client.get("/statistics/?period=2026-10").status_code == 404  # not counted to its end
    assert client.get("/statistics/?period=1").status_code == 404


def test_a_card_of_asterisks_and_a_column_of_them_are_left_out() -> None:
    with translation.override("en"):
        few = cards({"received": 34, "ended": None, "open": None}, {"received": 44, "ended": 40}, "before")
    assert [(card["value"], card["note"]) for card in few] == [("34", "before: 44"), ("*", "before: 40")]
    lines = [
        {"name": "May", "received": "34", "width": 9, "in_time": "*"},
        {"name": "June", "received": "8", "width": 2},
    ]
    assert "*" not in course_lines([lines[0]])
    assert course_lines([lines[0], lines[1] | {"in_time": "–"}]).count("*") == 1


def cells(page) -> list[str]:
    return [
        re.sub(r"<[^>]+>", "", each)
        for each in re.findall(r"<td.*?</td>", page.content.decode(), flags=re.DOTALL)
    ]


def test_an_agency_has_its_row_and_no_more(client):
    whole = client.get("/statistics/?period=2026-q3")
    assert 'id="category"' in whole.content.decode()
    page = client.get("/statistics/?period=2026-q3&agency=PUPR")
    assert "453" in words(page)
    assert 'id="category"' not in page.content.decode()
    assert (
        client.get("/statistics/?period=2026-07&agency=DINSOS").status_code == 404
    )  # put together with others
    assert client.get("/statistics/?period=2026-q3&agency=NONE").status_code == 404


def test_what_an_agency_answers_for_stands_beside_its_cases_in_pages_and_files(client):
    """Of agencies with forty reports, and with nothing from one to four."""
    said = client.get("/statistics/?period=2026-07").content.decode()
    part = said[said.index('id="times"') : said.index('id="category"')]
    assert "176" in part and "DLHK" in part and "PDAM" not in part
    assert 'id="times"' in client.get("/statistics/?period=2026-07&agency=PUPR").content.decode()
    head, *lines = csv.reader(
        StringIO(client.get("/statistics/2026-07/data/by_time_with.csv").content.decode())
    )
    assert head == ["agency", "name", "stays", "in_time", "late", "handed_on", "rest"]
    assert [line[0] for line in lines] == ["PUPR", "DLHK"]
    assert lines[0][5:] == ["*", "*"]  # the rest of two, and what is beside it


def test_where_of_the_period_before_only_the_whole_is_out_no_row_says_nought(client):
    """Twelve reports came in June, all to one agency."""
    page = client.get("/statistics/?period=2026-07")
    assert "Juni 2026: 12" in words(page) and 'data-label="Juni 2026"' not in page.content.decode()
    assert 'data-label="Juli 2026"' in client.get("/statistics/?period=2026-08").content.decode()


def test_without_anything_published_the_page_says_so(client):
    PublicEdition.objects.all().delete()
    assert "/data/" not in client.get("/statistics/").content.decode()


def test_a_data_package_is_what_it_says_it_is(client, tmp_path):
    described = client.get("/statistics/2026-07/data/datapackage.json")
    package = described.json()
    for resource in package["resources"]:
        answer = client.get(f"/statistics/2026-07/data/{resource['path']}")
        (tmp_path / resource["path"]).write_bytes(answer.content)
    (tmp_path / "datapackage.json").write_bytes(described.content)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert package["$schema"].endswith("/2.0/datapackage.json")


def test_the_files_hide_what_the_page_hides_and_no_name_is_a_formula(client):
    answer = client.get("/statistics/2026-07/data/by_agency.csv")
    assert answer["Access-Control-Allow-Origin"] == "*"
    head, *lines = csv.reader(StringIO(answer.content.decode()))
    assert head[:3] == ["agency", "name", "received"]
    received = {line[0]: line[2] for line in lines}
    assert "DINSOS" not in received
    assert {line[1][0] for line in lines if line[0] in AGENCIES} == {"'"}
    data = client.get("/statistics/2026-07/data/data.json").json()
    same = {each["agency"]: each["received"] for each in data["tables"]["by_agency"]}
    assert {code: "*" if count is None else str(count) for code, count in same.items()} == received
    assert client.get("/statistics/2026-07/data/other.csv").status_code == 404
    assert client.get("/statistics/2026-10/data/data.json").status_code == 404


def test_all_days_of_all_months_are_one_file(client):
    answer = client.get("/statistics/days.csv")
    head, *lines = csv.reader(StringIO(b"".join(answer).decode()))
    assert head == ["day", "received"]
    assert [line[0] for line in lines][:2] == ["2026-07-01", "2026-07-02"]
    assert len(lines) == 31 + 31 + 30


def test_a_portal_finds_every_file_in_the_catalogue(client):
    answer = client.get("/statistics/catalogue.jsonld")
    assert answer["Content-Type"].startswith("application/ld+json")
    found = json.loads(answer.content)
    assert found["@type"] == "dcat:Catalog"
    names = {each["dct:identifier"] for each in found["dcat:dataset"]}
    assert {"statistics-2026-07", "statistics-2026-q3"} <= names
    for dataset in found["dcat:dataset"][:2]:
        for file in dataset["dcat:distribution"]:
            address = file["dcat:downloadURL"]["@id"].removeprefix("http://testserver")
            assert client.get(address).status_code == 200, address


def test_a_long_catalogue_leads_a_harvester_from_page_to_page(client, monkeypatch):
    whole = client.get("/statistics/catalogue.jsonld").json()
    assert "hydra:view" not in whole
    monkeypatch.setattr(views, "IN_CATALOGUE", 2)
    found, address = [], "/statistics/catalogue.jsonld"
    while address:
        page = client.get(address).json()
        view = page["hydra:view"]
        found += page["dcat:dataset"]
        assert view["hydra:totalItems"] == len(whole["dcat:dataset"])
        address = view.get("hydra:next", {}).get("@id", "").removeprefix("http://testserver")
    assert found == whole["dcat:dataset"]
    for none in ("0", "99", "-1", "x", "9" * 30, "１"):
        assert client.get("/statistics/catalogue.jsonld", {"page": none}).status_code == 404


def test_staff_see_small_numbers_live_and_each_opens_to_its_cases(client, django_assert_max_num_queries):
    client.force_login(factories.make_user(Role.VERIFIER))
    client.get("/staff/statistics/?period=2026-07")
    with django_assert_max_num_queries(15):
        page = client.get("/staff/statistics/?period=2026-07")
    assert "DINSOS" in words(page)
    link = (
        "queue=all&amp;received_from=2026-07-01&amp;received_to=2026-07-31&amp;counted=city&amp;agency=DINSOS"
    )
    assert link in page.content.decode()
    assert client.get("/staff/statistics/").status_code == 200
    assert client.get("/staff/statistics/?period=nonsense").status_code == 404


def test_times_with_agencies_open_to_their_cases_for_who_may_see_them_wherever_they_are(client):
    client.force_login(factories.make_user(Role.VERIFIER))
    page = client.get("/staff/statistics/?period=2026-07").content.decode()
    assert 'id="times"' in page and "was_with" not in page
    Agency.objects.filter(code="PDAM").update(is_active=False)
    client.force_login(factories.make_user(Role.SUPERVISOR))
    page = client.get("/staff/statistics/?period=2026-07&area=53.71.01").content.decode()
    assert "was_with" not in page  # no time is counted there
    page = client.get("/staff/statistics/?period=2026-07").content.decode()
    links = [
        html.unescape(each) for each in re.findall(r'href="(/oversight/search/[^"]*was_with=[^"]*)"', page)
    ]
    assert len(links) == 3 * 3 and not any("PDAM" in each for each in links)
    found = client.get(next(each for each in links if "PUPR" in each and "handed_on" in each))
    asked = found.context["form"].cleaned_data
    assert (asked["was_with"], asked["time"], str(asked["received_from"])) == (
        "PUPR",
        "handed_on",
        "2026-07-01",
    )


def test_a_head_sees_their_own_agency_and_no_other(client):
    head = factories.make_user(Role.AGENCY_HEAD, Agency.objects.get(code="DLHK"))
    client.force_login(head)
    assert client.get("/staff/statistics/?agency=DLHK").status_code == 200
    assert client.get("/staff/statistics/?agency=PUPR").status_code == 404
    client.force_login(factories.make_user(Role.OFFICER))
    assert client.get("/staff/statistics/").status_code == 403


def test_the_navigation_leads_there(client):
    assert reverse("reports:statistics") in client.get("/").content.decode()


def test_a_row_of_what_was_closed_or_has_others_below_it_opens_to_exactly_its_cases(client):
    """A district by itself stands beside its wards, and no list offers an agency or a category that was closed."""
    alak, july = Area.objects.get(code="53.71.01"), MONTHS[0]
    ward = Area.objects.create(code="53.71.01.1001", level="ward", name="Namosain", parent=alak)
    gone, old = factories.make_agency("BPMD"), factories.make_category("lama")
    moment = start_of(july)
    case = factories.assigned(moment, agency=gone, category=old, area=alak)
    other = factories.file_complaint(moment, area=ward)
    RollUp.objects.filter(month=july).delete()
    count_month(july, NOON, Trees.read())
    Agency.objects.filter(pk=gone.pk).update(is_active=False)
    Category.objects.filter(pk=old.pk).update(is_active=False)
    cache.clear()
    client.force_login(factories.make_user(Role.VERIFIER))
    page = client.get("/staff/statistics/?period=2026-07").content.decode()
    links = [html.unescape(each) for each in re.findall(r'href="(/staff/cases/[^"]*row=[^"]*)"', page)]
    rows = {QueryDict(each.split("?")[1])["row"]: each for each in links}
    assert set(rows) == {"agency:BPMD", "category:lama", "area:53.71.01", "agency:", "category:"}
    for name, link in rows.items():
        found, number = client.get(link), (other if name[-1] == ":" else case).number
        assert found.status_code == 200 and number in words(found) and "1 ditemukan" in words(found), name
    assert "2 ditemukan" in words(client.get(rows["area:53.71.01"].replace("area", "district")))
    for asked in ("area=nowhere", "period=2199", "agency=nowhere"):
        assert client.get(f"/staff/statistics/?{asked}").status_code == 404, asked
