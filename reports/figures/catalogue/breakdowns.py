"""The cases by agency, category, place, channel, kind and state, and over time."""

from django.utils.translation import gettext_noop as _

from reports.figures.catalogue.making import ALL_CASES, PROMISE_COLUMNS, grouped, table
from reports.figures.counting.bands import hours_bands, open_by_age
from reports.figures.counting.cases import by_step
from reports.figures.counting.places import by_district
from reports.figures.figure import Column, Unit

FIGURES = (
    grouped(
        "agency",
        _("By agency"),
        _("Each case counts for the agency or unit that leads it when the report is made."),
        _("Agency"),
    ),
    grouped(
        "office",
        _("By agency with its units"),
        _("The same, each agency together with the units below it."),
        _("Agency with its units"),
        group="agency",
    ),
    grouped("service", _("By service"), _("The public service that a case names."), _("Service")),
    grouped("category", _("By category"), _("What the cases were about, after corrections."), _("Category")),
    grouped("area", _("By area"), _("The ward or district that a case names."), _("Area")),
    table(
        "by_district",
        _("By district"),
        _(
            "The areas put together by district, with how many cases that is per 1,000 residents where they are known."
        ),
        (
            Column("district", _("District"), Unit.CODE, "area"),
            *PROMISE_COLUMNS,
            Column("residents", _("Residents")),
            Column("per_thousand", _("Received per 1,000 residents"), Unit.RATE),
        ),
        lambda sheet: by_district(sheet.cases, sheet.tables["areas"]),
        tables=(*ALL_CASES, "areas"),
    ),
    grouped("channel", _("By channel"), _("How the cases reached the city."), _("Channel")),
    grouped(
        "kind",
        _("By kind"),
        _("Complaint, oversight complaint, aspiration or request for information, after corrections."),
        _("Kind"),
    ),
    grouped("state", _("By state"), _("Where the cases stand when the report is made."), _("State")),
    table(
        "by_step",
        _("Over time"),
        _("By the day of receipt: of what came in then, what has ended and what is still open."),
        (
            Column("from", _("From"), Unit.DAY),
            Column("to", _("To"), Unit.DAY),
            *PROMISE_COLUMNS,
        ),
        lambda sheet: by_step(sheet.cases, sheet.period),
        tables=ALL_CASES,
    ),
    table(
        "open_by_age",
        _("Open cases by age"),
        _("Days since receipt of the cases that were still open when this report was made."),
        (
            Column("from_days", _("From days"), Unit.MEAN),
            Column("below_days", _("Below days"), Unit.MEAN),
            Column("count", _("Cases")),
            Column("late", _("of these late")),
        ),
        lambda sheet: open_by_age(sheet.cases),
        tables=ALL_CASES,
    ),
    table(
        "hours_to_end_bands",
        _("Ended cases by the time they took"),
        _("From receipt to the answer or other end, all hours counted."),
        (
            Column("from_hours", _("From hours"), Unit.MEAN),
            Column("below_hours", _("Below hours"), Unit.MEAN),
            Column("count", _("Cases")),
        ),
        lambda sheet: hours_bands(sheet.cases),
    ),
)
