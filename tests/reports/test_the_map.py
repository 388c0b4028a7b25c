"""The map of districts: where they lie, as large as their number, and nothing that the table hides."""

import re

from django.utils import translation

from reports.pages.report import report_context
from reports.statistics.circles import Place, circles
from tests.reports.test_figures import made_up
from tests.reports.test_public_edition import snapshot_of
from tests.test_fixtures import contrast

NORTH, SOUTH, EAST = "53.71.01", "53.71.02", "53.71.03"
MIDDLES = {NORTH: [-10.1, 123.6], SOUTH: [-10.3, 123.6], EAST: [-10.2, 123.7]}


def mapped(counts, version=1):
    """A snapshot with so many cases in each district."""
    areas = [code for code, count in counts.items() for _n in range(count)]
    rows = made_up(9, len(areas))
    for row, area in zip(rows, areas, strict=True):
        row["area"] = area
    snapshot = snapshot_of(rows)
    snapshot.data["map"] = {"version": version, "districts": MIDDLES}
    snapshot.data["labels"]["area"] = {code: {"id": code, "en": code} for code in MIDDLES}
    return snapshot


def drawn(snapshot, *, public):
    with translation.override("en"):
        sections = report_context(snapshot, public=public)["sections"]
    found = [section for section in sections if section.key == "by_district"]
    return [str(chart.svg) for section in found for chart in section.charts if "circle" in chart.title]


def test_a_circle_stands_where_its_district_lies_and_is_as_large_as_its_number():
    (svg,) = drawn(mapped({NORTH: 90, SOUTH: 10, EAST: 40}), public=False)
    spots = [tuple(map(int, spot)) for spot in re.findall(r'<circle cx="(\d+)" cy="(\d+)" r="(\d+)"', svg)]
    (north, east, south) = spots  # the largest first, lest it cover another
    assert north[1] < east[1] < south[1] and north[0] == south[0] < east[0]
    assert north[2] > east[2] > south[2]
    said = f"{NORTH} 90; {EAST} 40; {SOUTH} 10"
    assert said in svg and f"<desc>{said}</desc>" in svg


def test_in_public_a_small_district_is_hollow_and_its_number_is_nowhere():
    (svg,) = drawn(mapped({NORTH: 90, SOUTH: 3, EAST: 40}), public=True)
    # Of one small row the other could be worked out, so both are put together.
    assert f"{SOUTH} *" in svg and f"{EAST} *" in svg and f"{NORTH} 90" in svg
    assert svg.count("stroke-dasharray") == svg.count('fill="none" stroke="#1e1b17"') == 2
    assert not re.search(r">[^<]*\b(3|40|43)\b[^<]*</(text|desc|title)>", svg)


def test_an_older_snapshot_has_no_map_and_is_printed_all_the_same():
    snapshot = mapped({NORTH: 90, SOUTH: 10})
    del snapshot.data["map"]
    assert drawn(snapshot, public=False) == drawn(mapped({NORTH: 9, SOUTH: 9}, version=9), public=False) == []


def test_colours_of_the_map_stand_out():
    (svg,) = drawn(mapped({NORTH: 90, SOUTH: 3, EAST: 40}), public=True)
    marks = set(re.findall(r'<circle [^>]*fill="(#\w{6})"', svg)) | set(
        re.findall(r'none" stroke="(#1e1b17)"', svg)
    )
    assert marks and all(contrast(colour, "#ffffff") >= 3 for colour in marks)


def test_names_do_not_lie_on_each_other():
    near = [Place(f"District {n}", -10 - n / 1000, 123.6 + n / 1000, 40 + n, "40") for n in range(4)]
    found = circles([*near, Place("Far", -10.5, 123.9, 1, "1")], 660, 300, 48)
    spots = {(each.label_x, each.label_y, each.anchor) for each in found}
    assert len(spots) == len(found) and {each.anchor for each in found} > {"middle"}
