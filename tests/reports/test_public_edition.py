"""The public edition shows no count under five, nor one from which it could be worked out."""

import re
from datetime import UTC

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from complaints.clock.kept import EXCLUDED
from reports.figures.compute import compute
from reports.figures.definitions import frozen_definitions
from reports.figures.snapshot import Snapshot
from reports.pages.charts import Colours
from reports.pages.course import course
from reports.pages.frozen import Frozen
from reports.pages.groups import Groups, too_few, why_hidden
from reports.pages.main import MAIN, titles_of
from reports.pages.report import report_context
from reports.pages.sections import stages
from reports.pages.voices import EFFECT, kept_promises
from reports.publication.face import told
from reports.suppression.columns import EVERYTHING
from reports.suppression.report import Marks
from reports.suppression.rows import OTHERS, is_small, merge_small, total
from tests.reports.test_figures import BUILT, PERIOD, made_up, tables_of


def row(code, received, met=0):
    return {
        "agency": code,
        "received": received,
        "ended": received,
        "open": 0,
        "with_target": received,
        "met_target": met,
        "late": received - met,
        "not_yet_due": 0,
        "excluded": {"merged": 0},
        "met_target_extended": met,
        "late_extended": received - met,
    }


def test_small_groups_are_joined_and_the_sum_is_kept():
    folded = merge_small([row("a", 20), row("b", 4), row("c", 3)], "agency")
    assert [(one["agency"], one["received"]) for one in folded] == [("a", 20), (OTHERS, 7)]


def test_a_single_small_group_takes_the_next_larger_along_so_that_it_cannot_be_worked_out():
    folded = merge_small([row("a", 20), row("b", 9), row("c", 4)], "agency")
    assert [(one["agency"], one["received"]) for one in folded] == [("a", 20), (OTHERS, 13)]


def test_two_small_groups_that_are_small_together_take_the_next_larger_along():
    folded = merge_small([row("a", 20), row("b", 9), row("c", 2), row("d", 1)], "agency")
    assert [(one["agency"], one["received"]) for one in folded] == [("a", 20), (OTHERS, 12)]


def test_two_small_groups_that_are_five_together_need_no_third():
    folded = merge_small([row("a", 20), row("b", 4), row("c", 1)], "agency")
    assert [(one["agency"], one["received"]) for one in folded] == [("a", 20), (OTHERS, 5)]


def test_nothing_is_shown_when_everything_together_is_small():
    assert merge_small([row("a", 2), row("b", 1)], "agency") == []


def test_large_groups_stay():
    rows = [row("a", 20), row("b", 5)]
    assert merge_small(rows, "agency") == rows


def test_a_sum_has_the_share_of_its_parts():
    assert total([row("a", 10, 5), row("b", 30, 25)], "agency")["on_time_share"] == 75


@pytest.mark.parametrize(("counts", "small"), [((0, 5), False), ((4,), True), ((0, 9, 1), True)])
def test_small_means_one_to_four(counts, small):
    assert is_small(*counts) is small


def snapshot_of(cases, clocks=()):
    tables = tables_of(cases, clocks)
    figures = compute(tables, PERIOD, BUILT, UTC)
    city = {
        "name": {"id": "Kota", "en": "City"},
        "government": {"id": "Kota", "en": "City"},
        "time_zone": "Asia/Makassar",
        "zone_label": "WITA",
        "colours": {"primary": "#000000", "accent": "#111111", "ochre": "#222222"},
    }

    return Snapshot(
        {
            "city": city,
            "period": {"from": "2026-01-01", "to": "2026-03-31"},
            "scope": {"agency": "", "name": None, "oversight": True},
            "built_at": "2026-04-03T12:00:00Z",
            "definitions": frozen_definitions(),
            "figures": figures,
            "labels": {"agency": {}, "category": {}, "area": {}, "reason": {}},
        }
    )


@pytest.mark.parametrize("count", [0, 3, 8, 30, 120])
def test_no_cell_of_any_table_is_under_five(count):
    with translation.override("en"):
        context = report_context(snapshot_of(made_up(9, count)), public=True)
        cells = [
            cell
            for section in context["sections"]
            for table in section.tables
            for line in [*table.rows, table.total]
            for cell in line[1:]
        ]
        cells += [value for _name, now, _then, _moved in context["details"] for value in (now,)]
        html = render_to_string("reports/report.html", context)
    alone = [each.key for each in context["sections"] if not (each.lead or each.charts or each.tables)]
    assert alone == []
    assert not {"1", "2", "3", "4"} & set(cells)
    drawn = re.findall(r'<text [^>]*font-size="(?:11|8)"[^>]*>(\d+)</text>', html)
    assert not {"1", "2", "3", "4"} & set(drawn)


def test_the_internal_edition_shows_them():
    with translation.override("en"):
        context = report_context(snapshot_of(made_up(9, 3)), public=False)
    assert context["details"][0][1] == "3"


def test_a_hidden_whole_hides_every_main_figure_and_prints_no_table_of_asterisks() -> None:
    """A month of three cases: what would be asterisks and noughts is said in a sentence."""
    with translation.override("en"):
        context = report_context(snapshot_of(made_up(9, 3)), public=True)
        html = render_to_string("reports/report.html", context)
        few = too_few({"figures": {"received": 3}, "period": {"from": "2026-01-01", "to": "2026-03-31"}})
        all_of_them = titles_of(list(MAIN))
    assert context["sentences"][0][0] == "Fewer than five cases were received."
    assert context["details"] == [] and context["not_shown"] == all_of_them
    sections = {each.key: each for each in context["sections"] if not each.tables}
    assert not sections.keys() & {"over_time", "time_to_end", "by_agency", "course"}
    assert sections["left_out"].lead == few  # once, with the names of all that it is true of
    (names,) = sections["left_out"].paragraphs
    assert names.startswith("Over time; Open cases by age; Time to an end; Agencies; ")
    assert "<table" not in html and 'class="chart"' not in html


def test_rows_of_which_only_their_number_is_told_are_one_row_of_the_tables_that_say_more() -> None:
    rows = [row("a", 50, 40), row("b", 20, 10), row("c", 10, 5)]
    rows = [each | {"hours_to_end_median": 5.0, "hours_without_pauses_median": 5.0} for each in rows]
    rows = [each | {"excluded": dict.fromkeys(EXCLUDED, 0)} for each in rows]
    only = set(EVERYTHING - {"received"})
    named = [(each["agency"], each, only if n else set()) for n, each in enumerate(rows)]
    named.append(("Together", total(rows, "agency"), set()))
    with translation.override("en"):
        groups = Groups(snapshot_of(made_up(9, 300)).data, Colours("#000", "#000", "#000"), public=True)
        received, promises, _progress = groups.named_tables("Agency", named, has_total=True)
    assert [line[:2] for line in received.rows] == [["a", "50"], ["b", "20"], ["c", "10"]]
    assert [line[:3] for line in promises.rows] == [
        ["a", "50", "40"],
        ["The others, too few each", "30", "*"],
    ]
    assert promises.total[:2] == ["Together", "80"]


def test_what_is_hidden_of_both_periods_is_named_once_and_is_no_row() -> None:
    snapshot = snapshot_of(made_up(9, 30))
    snapshot.figures["previous"] = {**snapshot_of(made_up(8, 3)).figures, "previous": None}
    with translation.override("en"):
        context = report_context(snapshot, public=True)
    assert context["not_shown"] and not set(context["not_shown"]) & {
        name for name, *_rest in context["details"]
    }
    *titles, reasons = context["not_shown"]  # of what is in no share, in one
    named = len(titles) + reasons.count(",") + 1
    assert reasons.startswith("In no share: ") and named + len(context["details"]) == len(MAIN)
    assert {moved for _name, now, before, moved in context["details"] if "*" in (now, before)} == {"*"}
    assert all(figure.value != "*" for figure in context["figures"])
    assert context["sentences"][0][0] == "30 cases were received."


def test_a_years_report_sends_nobody_to_a_longer_one() -> None:
    data = snapshot_of(made_up(9, 8)).data
    year = data | {"period": {"from": "2026-01-01", "to": "2026-12-31"}}
    with translation.override("en"):
        assert [("longer" in too_few(each), "longer" in why_hidden(each)) for each in (data, year)] == [
            (True, True),
            (False, False),
        ]


@pytest.mark.parametrize("hidden", [{"ended", "open"}, {"end_unknown"}])
def test_a_share_is_not_told_of_a_whole_that_is_hidden(hidden: set[str]) -> None:
    """Nine of a hidden number in 26.5 % are nine of 34."""
    marks = Marks()
    snapshot = snapshot_of(made_up(9, 120))
    for names, shown in ((hidden, False), (set[str](), True)):
        marks.cells["", ""] = names
        with translation.override("en"):
            context = report_context(snapshot, public=True, marks=marks)
        (table,) = next(each for each in context["sections"] if each.key == "time_to_end").tables
        assert ("Share" in [head for head, _is_number in table.heads]) is shown, "no column of asterisks"
        assert (table.total[1] == "*") != shown


def test_a_period_without_a_case_is_told_in_one_sentence_and_a_running_one_says_that_it_is() -> None:
    snapshot = snapshot_of([])
    with translation.override("en"):
        context = report_context(snapshot, public=True)
        snapshot.data["period"]["to"] = "2026-04-30"
        assert report_context(snapshot)["is_running"]
    assert [(each.key, each.lead) for each in context["sections"]] == [("left_out", "No case was received.")]
    assert [each.code for each in context["figures"]] == ["received", "ended", "open"], "no dash, large"
    assert not context["is_running"]


def test_what_is_left_out_for_the_sake_of_an_earlier_version_is_not_said_to_be_too_few() -> None:
    for count, words in ((120, "Beside what is out already"), (12, "Too few cases")):
        marks = Marks(is_one_way=True, is_bare=True)
        with translation.override("en"):
            context = report_context(snapshot_of(made_up(9, count)), public=True, marks=marks)
        (left_out,) = context["sections"]
        assert left_out.lead.startswith(words)
        assert "Stages" in left_out.paragraphs[0], "of the same few cases"


def test_the_page_names_once_what_it_does_not_tell_of_either_period() -> None:
    codes = {
        "received": ("9", "*"),
        "ended": ("*", "*"),
        "open": ("*", "0"),
        "merged": ("*", "–"),
        "late": ("*", "7"),
    }
    rows = [{"code": code, "now": now, "before": before} for code, (now, before) in codes.items()]
    with translation.override("en"):
        shown, names = told(rows)
    assert [row["code"] for row in shown] == ["received", "late"]
    assert names == ["Ended", "Open", "In no share: merged"]


def test_what_happened_to_too_few_on_the_way_is_named_and_not_a_row_of_asterisks() -> None:
    snapshot = snapshot_of(made_up(9, 120))
    snapshot.figures.update({"disputed": 2, "reopened": 30, "answered": 60})
    for public in (True, False):
        groups = Groups(snapshot.data, Colours("#000", "#000", "#000"), public=public, marks=Marks())
        with translation.override("en"):
            section = course(groups)
        names = [row[0] for row in section.tables[0].rows]
        assert ("Disputed by the citizen" in names) is not public
        assert "Taken up again after an answer" in names
        assert ["Disputed by the citizen" in note for note in section.notes] == [True] * public


def test_of_a_kept_promise_fewer_than_five_reports_are_not_told_as_on_its_own_page() -> None:
    columns = [{"code": code, "name": {"en": code, "id": code}, "unit": "count"} for code in EFFECT]
    few = {"reports_before": 4, "reports_after": 10}
    rows = [{code: few.get(code, 150) for code in EFFECT}, dict.fromkeys(EFFECT)]
    data = {
        "figures": {"promises_kept": rows},
        "definitions": {"promises_kept": {"name": {"en": "", "id": ""}, "columns": columns}},
    }
    with translation.override("en"):
        shown = [kept_promises(Frozen(data), public=public).rows for public in (True, False)]
    assert [[row[2:4] for row in rows] for rows in shown] == [
        [["*", "10"], ["–", "–"]],
        [["4", "10"], ["–", "–"]],
    ]


def test_two_shares_of_a_stage_do_not_tell_that_a_few_got_more_time() -> None:
    snapshot = snapshot_of(made_up(9, 120))
    stage = {"stage": "first_response", "clocks": 100, "met": 80, "late": 20, "not_yet_due": 0, "paused": 0}
    stage |= {"not_needed": {}, "share": 80.0, "share_extended": 80.0}
    shown = []
    for more in (0, 2, 6):
        snapshot.figures["stages"] = [stage | {"met_extended": 80 + more, "late_extended": 20 - more}]
        for public in (True, False):
            groups = Groups(snapshot.data, Colours("#000", "#000", "#000"), public=public, marks=Marks())
            with translation.override("en"):
                shown.append(stages(groups).tables[0].rows[0][-1].replace("\xa0", " "))
    assert shown == ["80.0 %", "80.0 %", "*", "82.0 %", "86.0 %", "86.0 %"]
