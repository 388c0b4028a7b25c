"""What people said: in forums, in surveys, and after their cases ended."""

from typing import Any

from django.utils.translation import gettext_noop as _

from reports.figures.catalogue.making import table
from reports.figures.counting.voices import (
    after_case,
    became,
    call_backs,
    declined,
    inputs,
    inputs_by,
    satisfaction,
    satisfaction_by_element,
    satisfaction_together,
)
from reports.figures.figure import Column, Figure, Rule, Unit
from reports.figures.sheet import Sheet

BECAME = (
    Column("count", _("Inputs")),
    Column("case", _("Became a report")),
    Column("commitment", _("Became a promise")),
    Column("answered", _("Answered")),
    Column("declined", _("Declined with a reason")),
    Column("waiting", _("Waiting, in time")),
    Column("overdue", _("Waiting too long")),
    Column("in_time", _("Answered in time")),
    Column("in_time_share", _("Share answered in time"), Unit.SHARE),
    Column("supports", _("Supporters")),
)


def _inputs(column: str, name: str, head: str) -> Figure:
    group = "input_source" if column == "source" else column

    def count(sheet: Sheet) -> Any:
        return inputs_by(sheet.tables["inputs"], column, sheet.built_on)

    columns = (Column(column, head, Unit.CODE, group), *BECAME)
    definition = _("The inputs of the period and what became of them.")
    return table(
        f"forum_inputs_by_{column}", name, definition, columns, count, rule=Rule.OPEN, tables=("inputs",)
    )


def _together(code: str, name: str, definition: str, unit: Unit) -> Figure:
    part = code.removeprefix("satisfaction_")

    def count(sheet: Sheet) -> Any:
        return satisfaction_together(sheet.tables["rounds"])[part]

    return Figure(code, name, definition, unit, Rule.RESPONDENTS, count, ("rounds",))


FIGURES = (
    _together(
        "satisfaction_index",
        _("Satisfaction index"),
        _(
            "The national satisfaction index (Permenpan-RB 14/2017) over all answers of the survey rounds whose last "
            "day lay in the period, as if they had been asked once: units with more answers weigh more."
        ),
        Unit.INDEX,
    ),
    _together(
        "satisfaction_low",
        _("Satisfaction index, lower end"),
        _(
            "The index lies between lower and upper end with a certainty of 95 in 100, "
            "if who answered was drawn by chance."
        ),
        Unit.INDEX,
    ),
    _together(
        "satisfaction_high",
        _("Satisfaction index, upper end"),
        _(
            "The index lies between lower and upper end with a certainty of 95 in 100, "
            "if who answered was drawn by chance."
        ),
        Unit.INDEX,
    ),
    _together("satisfaction_grade", _("Grade"), _("The grade of the index, from A to D."), Unit.CODE),
    _together(
        "satisfaction_respondents",
        _("Respondents"),
        _("How many answered at least one element, in rounds with ten respondents or more."),
        Unit.COUNT,
    ),
    table(
        "satisfaction",
        _("Satisfaction by unit"),
        _(
            "Each survey round whose last day lay in the period: the index with its interval and grade, how many "
            "answered of how many that were asked for, and whether that is too few. Rounds of fewer than ten "
            "respondents have no index."
        ),
        (
            Column("round", _("Round"), Unit.CODE),
            Column("agency", _("Unit"), Unit.CODE, "agency"),
            Column("service", _("Service"), Unit.CODE, "service"),
            Column("opens_on", _("From"), Unit.DAY),
            Column("closes_on", _("To"), Unit.DAY),
            Column("population", _("Users of the service")),
            Column("asked_for", _("Sample asked for")),
            Column("respondents", _("Respondents")),
            Column("is_too_small", _("Sample too small"), Unit.CODE, "yes_no"),
            Column("response_share", _("Answers as a share of the sample"), Unit.SHARE),
            Column("index", _("Index"), Unit.INDEX),
            Column("low", _("Lower end"), Unit.INDEX),
            Column("high", _("Upper end"), Unit.INDEX),
            Column("grade", _("Grade"), Unit.CODE),
            Column("grades", _("Grades within the interval"), Unit.CODE),
        ),
        lambda sheet: satisfaction(sheet.tables["rounds"]),
        rule=Rule.RESPONDENTS,
        tables=("rounds",),
    ),
    table(
        "satisfaction_by_element",
        _("Satisfaction by element"),
        _("The mean of each element, 1 to 4, with its interval: of each round, and of all together."),
        (
            Column("round", _("Round"), Unit.CODE),
            Column("element", _("Element"), Unit.CODE, "element"),
            Column("mean", _("Mean"), Unit.MEAN),
            Column("low", _("Lower end"), Unit.MEAN),
            Column("high", _("Upper end"), Unit.MEAN),
            Column("answered", _("Answers")),
        ),
        lambda sheet: satisfaction_by_element(sheet.tables["rounds"]),
        rule=Rule.RESPONDENTS,
        tables=("rounds",),
    ),
    table(
        "after_case",
        _("After a report: what citizens say"),
        _(
            "Of quarters whose last answer could be given in the period, some weeks after the quarter: whether it was "
            "solved, as the citizen says, beside how the city says that it ended. By unit, by ending and together; "
            "groups of fewer than ten answers are not shown. Who does not answer is in none of these."
        ),
        (
            Column("quarter", _("Quarter from"), Unit.DAY),
            Column("by", _("Of what"), Unit.CODE, "after_case_by"),
            Column("code", _("Unit or ending"), Unit.CODE, "after_case"),
            Column("asked", _("Asked")),
            Column("answers", _("Answers")),
            Column("solved_yes", _("Solved")),
            Column("solved_no", _("Not solved")),
            Column("solved_share", _("Share solved"), Unit.SHARE),
            Column("solved_low", _("Lower end"), Unit.SHARE),
            Column("solved_high", _("Upper end"), Unit.SHARE),
            Column("rated", _("Rated")),
            Column("satisfaction_mean", _("Mean satisfaction, 1 to 4"), Unit.MEAN),
            Column("typed", _("Typed in by staff")),
        ),
        lambda sheet: after_case(sheet.tables["after_case"]),
        rule=Rule.RESPONDENTS,
        tables=("after_case",),
        version=2,
    ),
    table(
        "call_backs",
        _("Was it done? What citizens say who were drawn"),
        _(
            "Each quarter at least thirty of the reports that the city counts as answered, or all where there are "
            "fewer, are drawn by lot: its seed is the signature of the history, which nobody can choose. Until the end "
            "of the next quarter their citizens are asked whether it was done. Here are those whose last day lay in "
            "the period. The share is of those who answered; partly done does not count as done. The interval holds "
            "with 95 in 100 certainty if those who did not answer are like those who did. Fewer than ten answers are "
            "not shown."
        ),
        (
            Column("quarter", _("Quarter from"), Unit.DAY),
            Column("population", _("Answered, says the city")),
            Column("asked", _("Asked")),
            Column("answered", _("Answers")),
            Column("done", _("Yes, done")),
            Column("partly", _("Partly done")),
            Column("not_done", _("Not done")),
            Column("done_share", _("Share done"), Unit.SHARE),
            Column("done_low", _("Lower end"), Unit.SHARE),
            Column("done_high", _("Upper end"), Unit.SHARE),
            Column("refused", _("Did not want to answer")),
            Column("not_reached", _("Not reached by telephone")),
            Column("silent", _("Neither answered nor called")),
            Column("typed", _("Typed in by staff")),
        ),
        lambda sheet: call_backs(sheet.tables["call_backs"]),
        rule=Rule.RESPONDENTS,
        tables=("call_backs",),
    ),
    table(
        "forum_inputs",
        _("Inputs of forums"),
        _(
            "What people said in meetings, beforehand, online, in suggestion boxes and by telephone in the period, and "
            "what became of each. Replies to others and what a moderator has not let through are not counted."
        ),
        BECAME,
        lambda sheet: [inputs(sheet.tables["inputs"], sheet.built_on)],
        rule=Rule.OPEN,
        tables=("inputs",),
    ),
    _inputs("source", _("Inputs by how they came"), _("Came by")),
    _inputs("agency", _("Inputs by agency"), _("Agency")),
    _inputs("forum", _("Inputs by forum"), _("Forum")),
    table(
        "forum_inputs_declined",
        _("Declined inputs by reason"),
        _("The inputs of the period of which nothing comes, by the reason that was given."),
        (Column("reason", _("Reason"), Unit.CODE, "decline_reason"), Column("count", _("Inputs"))),
        lambda sheet: declined(sheet.tables["inputs"]),
        rule=Rule.OPEN,
        tables=("inputs",),
    ),
    table(
        "forum_inputs_became",
        _("What became of the reports and promises"),
        _("Of the inputs of the period that became a report or a promise: how far that is."),
        (
            Column("state", _("Became"), Unit.CODE, "input_state"),
            Column("became", _("How far"), Unit.CODE, "became"),
            Column("count", _("Inputs")),
        ),
        lambda sheet: became(sheet.tables["inputs"]),
        rule=Rule.OPEN,
        tables=("inputs",),
    ),
)
