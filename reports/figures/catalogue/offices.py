"""What an office is judged by: the time that a case was with it."""

from django.utils.translation import gettext_noop as _

from reports.figures.catalogue.making import table
from reports.figures.figure import Column, Unit

FIGURES = (
    table(
        "by_time_with",
        _("Agencies by the time a case was with them"),
        _(
            "Each time that a case of the period was with an agency or unit counts for it, wherever the case is "
            "now: from when it was given to it until it answered, passed it on or the case ended, and anew after "
            "a dispute; of a shared case each part. The time promised to the citizen is counted from the moment "
            "the case came there, without the time in which the citizen was asked. Handed on: given back within "
            "the time of the first answer, since it was not its own; later than that it is late. Referred: "
            "another level's matter. Otherwise: taken away, withdrawn, lapsed or merged before the time was over, "
            "or its agency closed. What had passed is late, however it ended. Unknown: another system had the "
            "case, and nobody knows since when."
        ),
        (
            Column("agency", _("Agency"), Unit.CODE, "agency"),
            Column("stays", _("Times with it")),
            Column("in_time", _("In time")),
            Column("late", _("Late")),
            Column("open_in_time", _("Open in time")),
            Column("handed_on", _("Handed on")),
            Column("referred", _("Referred")),
            Column("otherwise", _("Ended otherwise")),
            Column("standing_still", _("Standing still")),
            Column("unknown", _("Unknown")),
            Column("share", _("Share in time"), Unit.SHARE),
            Column("in_time_extended", _("In time, if more time given counts as promised")),
            Column("late_extended", _("Late, if more time given counts as promised")),
            Column("share_extended", _("Share in time, if more time given counts as promised"), Unit.SHARE),
            Column("typed", _("Typed in by staff")),
            Column("hours_median", _("Median time with it"), Unit.HOURS),
        ),
        lambda sheet: sheet.stays.by_agency(),
        tables=("stays",),
    ),
)
