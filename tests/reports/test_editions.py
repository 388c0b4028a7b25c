"""What is published is safe beside all that was published before: months in their quarter, versions of one period."""

from datetime import date
from random import Random

import pytest

from reports.suppression.attack import attack, protect_and_attack
from reports.suppression.cells import Cells
from reports.suppression.columns import SHORT, STAYS, STAYS_TOLD
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


def counted_of(**agencies):
    """Without the times with them."""
    return {name: each for name, each in offices(**agencies).items() if name != "by_time_with"}


def one(scope):
    return edition(f"of {scope}", QUARTER.first, QUARTER.last, scope=scope)


@pytest.mark.parametrize(("unit", "is_told"), [((8, 2, 0), False), ((41, 4, 0), False), ((25, 0, 0), True)])
def test_an_agency_and_its_row_in_the_city_s_do_not_tell_what_the_units_below_it_hide(unit, is_told):
    """Of eight reports of the unit two were late: the twelve of both without the ten of the agency alone."""
    others = {"B": (120, 30, 0), "C": (90, 20, 0), "D": (45, 8, 0)}
    whole, own = counted_of(A=(60, 10, 0), UNIT=unit, **others), counted_of(A=(60, 10, 0), UNIT=unit)
    hidden = publish(own, one("A"), [publish(whole, QUARTER)[1]])[0]
    assert (("of A", "", "", "late") not in hidden) is is_told
    hidden = publish(whole, QUARTER, [publish(own, one("A"))[1]])[0]
    assert (("quarter", "by_agency", "A", "late") not in hidden) is is_told


def test_a_unit_s_report_does_not_tell_what_that_of_the_agency_above_it_hides():
    hidden, above = publish(counted_of(A=(150, 3, 0), UNIT=(140, 20, 0), B=(200, 0, 0)), one("A"))
    assert {("of A", "by_agency", code, "late") for code in ("A", "UNIT")} <= hidden
    hidden = publish(counted_of(UNIT=(140, 20, 0)), one("UNIT"), [above])[0]
    assert ("of UNIT", "", "", "late") in hidden


def offices(**agencies):
    """A city of agencies, each with its cases, how many of them are late, and of the times with it as many and so many
    more late."""
    rows, times = [], []
    for code, (count, late, more) in agencies.items():
        own = row(count) | {"late": late, "met_target": count - late}
        own |= {"late_extended": late, "met_target_extended": count - late}
        rows.append(own | {"agency": code})
        parts = {"late": late + more, "in_time": count - late - 10, "handed_on": 5 + max(0, 5 - more)}
        times.append({"agency": code, "stays": sum(parts.values()) + 7} | parts)
    whole = {name: sum(each[name] for each in rows) for name in rows[0] if name not in ("agency", "excluded")}
    return whole | {"excluded": rows[0]["excluded"], "by_agency": rows, "by_time_with": times}


def times_shown(hidden, name, code):
    return {column for column in STAYS_TOLD if (name, "by_time_with", code, column) not in hidden}


def test_times_with_an_agency_are_hidden_where_the_difference_to_its_cases_would_tell_of_few():
    hidden = publish(offices(A=(400, 60, 0), B=(300, 60, 30)), QUARTER)[0]
    assert times_shown(hidden, "quarter", "A") == times_shown(hidden, "quarter", "B") == set(STAYS_TOLD)
    hidden = publish(offices(A=(400, 60, 2), B=(300, 60, 30)), QUARTER)[0]
    assert "late" not in times_shown(hidden, "quarter", "A") or shown_late(hidden, "A") is False
    assert times_shown(hidden, "quarter", "B") == set(STAYS_TOLD)
    hidden = publish(offices(A=(400, 3, 4), B=(300, 60, 30)), QUARTER)[0]
    assert "late" not in times_shown(hidden, "quarter", "A")  # 7, near to the 3 that are hidden


def shown_late(hidden, code):
    return ("quarter", "by_agency", code, "late") not in hidden


def test_months_of_times_do_not_say_what_is_left_of_the_quarter():
    """An agency too small for a table in September has three late times in it: the quarter without July and August."""
    july, august = (publish(offices(A=(400, 60, 20), B=(300, 70, 30)), each)[1] for each in (JULY, AUGUST))
    quarter = offices(A=(1200, 200, 60), B=(660, 150, 53))
    assert "late" in times_shown(publish(quarter, QUARTER)[0], "quarter", "B")
    september = publish(offices(A=(400, 80, 20), B=(30, 10, 2)), SEPTEMBER, [july, august])[1]
    hidden, _quarter = publish(quarter, QUARTER, [july, august, september])
    assert "late" not in times_shown(hidden, "quarter", "B")


@pytest.mark.parametrize("seed", [1, 3])
def test_random_times_withstand_the_attack_over_months_quarter_and_report(seed):
    """Three months, their quarter, a report of the quarter counted some days later, and one of an agency alone. Of the
    second the report's times cannot be protected, and are left out."""
    dice = Random(seed)
    out: list[Edition] = []
    months: list[dict[str, tuple[int, ...]]] = [
        {
            code: (size + dice.randrange(9), size // 9 + dice.randrange(4), dice.randrange(-1, 7))
            for code, size in SIZES
        }
        for _month in range(3)
    ]
    quarter = {
        code: tuple(sum(month[code][n] for month in months) + (n == 2) * dice.randrange(3) for n in range(3))
        for code, _size in SIZES
    }
    for n, own in enumerate((JULY, AUGUST, SEPTEMBER, QUARTER)):
        out.append(publish(offices(**[*months, quarter][n]), own, out)[1])
    later = {code: (count, late, more + dice.randrange(4)) for code, (count, late, more) in quarter.items()}
    out.append(publish(offices(**later), edition("report", QUARTER.first, QUARTER.last), out)[1])
    assert any(key[1] == STAYS for key in out[-2].cells.values)
    assert any(key[1] == STAYS for key in out[-1].cells.values) is (seed != 3)
    alone = edition("alone", QUARTER.first, QUARTER.last, scope="A")
    publish(offices(A=later["A"]), alone, out)


SIZES = (("A", 120), ("B", 60), ("C", 41), ("D", 12))
