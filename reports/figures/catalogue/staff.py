"""Figures about persons who work for the city: in no public edition."""

from django.utils.translation import gettext_noop as _

from reports.figures.catalogue.making import ALL_CASES, table
from reports.figures.counting.places import by_handler
from reports.figures.figure import Column, Rule, Unit

FIGURES = (
    table(
        "by_handler",
        _("By handler"),
        _(
            "Cases of the period by who has them now, in no order of merit. Of few cases these figures say little "
            "about a person."
        ),
        (
            Column("handler", _("Handler"), Unit.CODE, "handler"),
            Column("agency", _("Agency"), Unit.CODE, "agency"),
            Column("received", _("Cases")),
            Column("ended", _("Ended")),
            Column("open", _("Open")),
            Column("met_target", _("In time")),
            Column("late", _("Late")),
            Column("disputed", _("Disputed by the citizen")),
            Column("reopened", _("Taken up again after an answer")),
            Column("extended", _("Given more time by a decision")),
            Column("ratings", _("Rated by the citizen")),
            Column("rating_mean", _("Mean rating, 1 to 4"), Unit.MEAN),
            Column("hours_to_end_median", _("Median time"), Unit.HOURS),
        ),
        lambda sheet: by_handler(sheet.cases),
        rule=Rule.INTERNAL,
        tables=(*ALL_CASES, "handlers"),
    ),
)
