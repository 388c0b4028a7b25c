"""What is published is safe beside all that was published before: months in their quarter, versions of one period."""

from datetime import date

from reports.suppression.attack import attack, protect_and_attack
from reports.suppression.cells import Cells
from reports.suppression.columns import SHORT
from reports.suppression.editions import Edition, published
from reports.suppression.report import decide
from tests.reports.test_small_cells import figures_of


def figures(**areas):
    """A city in which all that matters is how many reports came from where."""
    rows = [row(count) | {"area": area} for area, count in areas.items()]
    return row(sum(areas.values())) | {"by_area": rows}


def row(count):
    names = ("no_target", "standing_still", "rejected", "merged", "referred", "withdrawn", "lapsed")
    return {
        "received": count,
        "ended": count,
        "open": 0,
        "met_target": count,
        "late": 0,
        "not_yet_due": 0,
        "met_target_extended": count,
        "late_extended": 0,
        "excluded": dict.fromkeys(names, 0),
    }


def edition(name, first, last, series="report", scope=""):
    return Edition(name, first, last, scope, series, Cells())


def publish(counted, own, earlier=()):
    _marks, cells, weak = decide(counted, edition=own, earlier=earlier, how=protect_and_attack)
    assert weak == []
    assert attack(cells) == []
    return cells.hidden, published(Edition(own.name, own.first, own.last, own.scope, own.series, cells))


JULY = edition("july", date(2026, 7, 1), date(2026, 7, 31))
AUGUST = edition("august", date(2026, 8, 1), date(2026, 8, 31))
SEPTEMBER = edition("september", date(2026, 9, 1), date(2026, 9, 30))
QUARTER = edition("quarter", date(2026, 7, 1), date(2026, 9, 30))


def shown(hidden, name, area):
    return (name, "by_area", area, "received") not in hidden


def test_a_quarter_does_not_say_what_a_month_hid():
    """Alone it would: 3 of the east in September are the quarter's without the two months before."""
    july, august = (
        publish(figures(north=60, east=40, south=50), JULY)[1],
        publish(figures(north=50, east=30, south=40), AUGUST)[1],
    )
    september = publish(figures(north=20, east=3, south=30), SEPTEMBER, [july, august])[1]
    total = figures(north=130, east=73, south=120)
    assert shown(publish(total, QUARTER)[0], "quarter", "east")
    hidden, _quarter = publish(total, QUARTER, [july, august, september])
    assert not shown(hidden, "quarter", "east")


def test_a_quarter_does_not_say_what_a_month_will_hide():
    july, august = (
        publish(figures(north=60, east=40, south=50), JULY)[1],
        publish(figures(north=50, east=30, south=40), AUGUST)[1],
    )
    hidden, _quarter = publish(figures(north=130, east=73, south=120), QUARTER, [july, august])
    assert not shown(hidden, "quarter", "east")


def test_a_month_published_late_does_not_say_what_the_others_hid():
    quarter = publish(figures(north=130, east=73, south=120), QUARTER)[1]
    hidden, july = publish(figures(north=60, east=40, south=50), JULY, [quarter])
    assert shown(hidden, "july", "east")
    hidden, _august = publish(figures(north=50, east=30, south=40), AUGUST, [quarter, july])
    assert not shown(hidden, "august", "east")  # 3 would be left for September


def test_a_corrected_version_hides_what_the_withdrawn_one_hid():
    first = publish(figures(north=60, east=3, south=9), JULY)[1]
    hidden, _second = publish(
        figures(north=60, east=6, south=9), edition("again", JULY.first, JULY.last), [first]
    )
    assert not shown(hidden, "again", "east")
    assert not shown(hidden, "again", "south")


def test_where_a_corrected_version_moved_by_a_few_it_does_not_say_so():
    first = publish(figures(north=60, east=30, south=9), JULY)[1]
    hidden, _second = publish(
        figures(north=60, east=32, south=9), edition("again", JULY.first, JULY.last), [first]
    )
    assert not shown(hidden, "again", "east")
    assert shown(hidden, "again", "north")


def test_statistics_and_report_of_one_month_hide_the_same():
    july = publish(figures(north=60, east=3, south=9), JULY)[1]
    own = edition("statistics", JULY.first, JULY.last, series="statistics")
    hidden, _cells = publish(figures(north=60, east=5, south=9), own, [july])
    assert not shown(hidden, "statistics", "east")


def test_an_agency_s_report_does_not_say_what_the_city_s_hides():
    counted = figures_of(6, 300)
    city = publish(counted, QUARTER)[1]
    code = counted["by_agency"][0]["agency"]
    small = {name for name in SHORT if 0 < counted["by_agency"][0][name] < 5}
    alone = {**counted["by_agency"][0], "late_ended": 0}
    own = edition("one", QUARTER.first, QUARTER.last, scope=code)
    hidden, _edition = publish(alone, own, [city])
    cells = decide(alone, edition=own, earlier=[city], how=protect_and_attack)[1]
    # The city only counts a row that small, and the agency's own edition is held against it all the same.
    told = {each.whole[3] for each in cells.sums if each.whole[:3] == (city.name, "by_agency", code)}
    assert set(SHORT) <= told
    assert {("one", "", "", name) for name in small} <= hidden
