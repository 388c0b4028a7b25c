"""Recommendations and promises: what agencies owe, and whether they did it."""

from collections import Counter

from django.utils.translation import gettext_noop as _

from reports.figures.catalogue.making import table
from reports.figures.counting.cases import by_value
from reports.figures.counting.owed import (
    effects,
    promises,
    promises_by,
    recommendations,
    sign_answers,
    within,
)
from reports.figures.figure import Column, Rule, Unit
from reports.figures.sheet import Sheet

PROMISED = (
    Column("count", _("Promises")),
    Column("kept_in_time", _("Kept in time")),
    Column("kept_late", _("Kept late")),
    Column("broken", _("Broken")),
    Column("overdue", _("Overdue, not kept so far")),
    Column("reported", _("Reported as done, being checked")),
    Column("not_due", _("Not due yet")),
    Column("kept_in_time_share", _("Share kept in time"), Unit.SHARE),
)


def _types(sheet: Sheet) -> list[dict[str, object]]:
    rows = sheet.tables["recommendations"]
    found = rows.loc[within(rows["issued_on"], sheet.days), "maladministration"]
    return by_value(Counter(found), "maladministration")


ANSWERED = (
    Column("count", _("Asked")),
    Column("answered_in_time", _("Answered in time")),
    Column("answered_late", _("Answered late")),
    Column("waiting", _("Answer awaited")),
    Column("not_answered", _("Not answered in time")),
    Column("answered_share", _("Share answered in time"), Unit.SHARE),
    Column("answers", _("Answers given")),
)
ANSWERS_TO_SIGNS = _(
    "What agencies said to the signs that they were asked about in the period: the first answer by the last day for "
    "it, later, still awaited, or none in time. Of those that are not awaited any more, answered in time is the share."
)

FIGURES = (
    table(
        "sign_answers",
        _("Answers of agencies to signs"),
        ANSWERS_TO_SIGNS,
        (Column("signal", _("Sign"), Unit.CODE, "signal"), *ANSWERED),
        lambda sheet: sign_answers(sheet.tables["sign_answers"], "signal", sheet.built_on),
        rule=Rule.INTERNAL,
        tables=("sign_answers",),
    ),
    table(
        "sign_answers_by_agency",
        _("Answers of agencies to signs, by agency"),
        ANSWERS_TO_SIGNS,
        (Column("agency", _("Agency"), Unit.CODE, "agency"), *ANSWERED),
        lambda sheet: sign_answers(sheet.tables["sign_answers"], "agency", sheet.built_on),
        rule=Rule.INTERNAL,
        tables=("sign_answers",),
    ),
    table(
        "recommendations",
        _("Recommendations"),
        _(
            "What supervisors recommended to agencies, as it stands when the report is made: of those issued in the "
            "period, and of those owed within it. Complied with, of those judged, is the share."
        ),
        (
            Column("basis", _("Of those"), Unit.CODE, "basis"),
            Column("count", _("Recommendations")),
            Column("complied", _("Complied with")),
            Column("partly", _("Partly complied with")),
            Column("not_complied", _("Not complied with")),
            Column("withdrawn", _("Withdrawn")),
            Column("to_judge", _("Answered, to be judged")),
            Column("overdue", _("Overdue")),
            Column("not_due", _("Not due yet")),
            Column("complied_share", _("Share complied with"), Unit.SHARE),
        ),
        lambda sheet: recommendations(sheet.tables["recommendations"], sheet.days, sheet.built_on),
        rule=Rule.OPEN,
        tables=("recommendations",),
    ),
    table(
        "recommendations_by_type",
        _("Recommendations by kind of maladministration"),
        _("What supervisors found, of the recommendations issued in the period."),
        (
            Column("maladministration", _("Maladministration"), Unit.CODE, "maladministration"),
            Column("count", _("Recommendations")),
        ),
        _types,
        tables=("recommendations",),
    ),
    table(
        "promises",
        _("Promises of agencies"),
        _(
            "What agencies promised to change, as it stands when the report is made: of those made in the period, and "
            "of those whose day lay in it. A promise that is overdue is not kept; the share is kept in time, of those "
            "kept, broken and overdue."
        ),
        (Column("basis", _("Of those"), Unit.CODE, "basis"), *PROMISED),
        lambda sheet: promises(sheet.tables["commitments"], sheet.days, sheet.built_on),
        rule=Rule.OPEN,
        tables=("commitments",),
    ),
    table(
        "promises_by_agency",
        _("Promises by agency"),
        _("The promises whose day lay in the period."),
        (Column("agency", _("Agency"), Unit.CODE, "agency"), *PROMISED),
        lambda sheet: promises_by(sheet.tables["commitments"], "agency", sheet.days, sheet.built_on),
        rule=Rule.OPEN,
        tables=("commitments",),
    ),
    table(
        "promises_by_kind",
        _("Promises by what changes"),
        _("The promises whose day lay in the period."),
        (Column("kind", _("What changes"), Unit.CODE, "promise_kind"), *PROMISED),
        lambda sheet: promises_by(sheet.tables["commitments"], "kind", sheet.days, sheet.built_on),
        rule=Rule.OPEN,
        tables=("commitments",),
    ),
    table(
        "promises_kept",
        _("Kept promises and their effect"),
        _(
            "Promises that were judged kept in the period. Reports in as many days before and after the change, from "
            "the thirtieth day on, and the survey mean of the element that it is about. More or fewer is said only "
            "where chance does not explain it; that something changed afterwards does not prove that it changed "
            "because of it."
        ),
        (
            Column("promise", _("Promise"), Unit.CODE),
            Column("agency", _("Agency"), Unit.CODE, "agency"),
            Column("service", _("Service"), Unit.CODE, "service"),
            Column("kind", _("What changes"), Unit.CODE, "promise_kind"),
            Column("done_on", _("Done on"), Unit.DAY),
            Column("reports_before", _("Reports before")),
            Column("reports_after", _("Reports after")),
            Column("effect_days", _("Days on each side")),
            Column("effect", _("Reports since"), Unit.CODE, "effect"),
            Column("element", _("Element"), Unit.CODE, "element"),
            Column("mean_before", _("Mean before"), Unit.MEAN),
            Column("mean_after", _("Mean after"), Unit.MEAN),
            Column("means", _("Satisfaction since"), Unit.CODE, "effect"),
        ),
        lambda sheet: effects(sheet.tables["commitments"], sheet.days),
        rule=Rule.OPEN,
        tables=("commitments",),
    ),
)
