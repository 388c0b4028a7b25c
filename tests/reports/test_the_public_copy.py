"""The copy for everybody carries what it shows, and no row; it can be counted as far as that goes."""

import json
from copy import deepcopy
from datetime import date

import pytest
from tuntas_recount import published as strangers
from tuntas_recount.compare import Comparison

from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.pages.published import published_file
from reports.suppression.report import decide
from reports.suppression.tables import HOURS
from tests import factories
from tests.factories import DAY, FRIDAY, make_agency

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def snapshot():
    for code, count in (("PUPR", 7), ("DLHK", 2)):
        agency = make_agency(code)
        for _n in range(count):
            factories.closed(agency=agency, category=factories.make_category())
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    return freeze(november, None, actor=None, now=FRIDAY + 2 * DAY)


def differs(data):
    comparison = Comparison()
    strangers.check(data, comparison)
    return {each.figure for each in comparison.differs}


def test_it_carries_the_published_cells_and_the_digest_of_the_rows_but_no_row(snapshot):
    file = published_file(snapshot)
    data = json.loads(file.text)
    assert data["snapshot"] == snapshot.digest
    assert not {"before", "handler"} & set(data) and "cases" not in data["tables"]
    for row in snapshot.data["tables"]["cases"]["rows"]:
        assert row[0] not in file.text  # the name of a case
    assert published_file(snapshot).text == file.text


def test_what_is_hidden_of_the_period_before_is_hidden_in_the_file_as_on_the_page(snapshot):
    marks = decide(snapshot.figures)[0]
    marks.before = {"ended", "open"}  # as beside an edition that is out already
    data = json.loads(published_file(snapshot, marks).text)
    assert {"ended", "open", "hours_to_end_median"} <= set(data["hidden"]["before"])
    assert (data["figures"]["previous"]["ended"], data["figures"]["previous"]["received"]) == (None, 0)


def test_what_adds_up_is_added_up_and_a_changed_cell_is_found(snapshot):
    data = json.loads(published_file(snapshot).text)
    assert differs(data) == set()
    given = dict(data["tables"]["figures"]["rows"])
    assert {code: given[code] for code in HOURS} == {code: data["figures"][code] for code in HOURS}, (
        "all times"
    )
    changed = deepcopy(data)
    row = changed["tables"]["figures"]["rows"][0]
    row[1] += 1
    assert differs(changed)


def test_a_small_count_that_stands_open_is_found(snapshot):
    data = json.loads(published_file(snapshot).text)
    data["tables"]["by_kind"] = {"columns": ["kind", "received"], "rows": [["complaint", 3]]}
    assert "small counts that stand open" in differs(data)


@pytest.fixture
def shown(snapshot):
    """As of a larger city: nothing hidden but a cell of one agency."""
    data = json.loads(published_file(snapshot).text)
    counts = dict.fromkeys(strangers.PARTS, 0) | {
        "received": 15,
        "met_target": 10,
        "late": 5,
        "ended": 15,
        "open": 0,
    }
    shares = {"on_time_share": 100 * 10 / 15}
    data["figures"] |= counts | shares
    data["tables"]["figures"]["rows"] = [[code, value] for code, value in counts.items()]
    data["tables"]["by_kind"] = {"columns": ["kind", "received"], "rows": [["complaint", 15]]}
    data["tables"]["by_agency"] = {"columns": ["agency", "received"], "rows": [["PUPR", 8], ["DLHK", None]]}
    return data


def test_what_it_cannot_show_is_said(shown):
    left_out, in_part = strangers.check(shown, Comparison())
    assert {"hours_to_end_median", "stages", "satisfaction_index", "previous.received"} <= set(left_out)
    assert not {"received", "met_target", "late", "on_time_share", "excluded", "by_kind"} & {
        *left_out,
        *in_part,
    }
    assert in_part == ["by_agency"]
    assert "by_agency" not in left_out


def test_a_share_that_does_not_follow_from_its_counts_is_found(shown):
    assert differs(shown) == set()
    shown["figures"]["on_time_share"] = 99.0
    assert differs(shown) == {"on_time_share"}
