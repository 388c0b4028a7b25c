"""What each figure means, in plain words. English here; the PDF shows them in its language."""

from django.utils.translation import gettext_noop as _

DEFINITIONS = {
    "received": _("Cases that reached the city in the period, through any channel."),
    "ended": _(
        "Cases that were answered, or are over in another way: closed, rejected, lapsed, merged, "
        "referred, withdrawn."
    ),
    "open": _("Cases that still wait for verification, for the agency, or for an answer of the citizen."),
    "with_target": _(
        "Cases with a promised moment of resolution. Cases without one are in no share of cases in time."
    ),
    "met_target": _("Cases with a target that ended at or before it."),
    "not_yet_due": _("Open cases whose target had not been reached when the report was made."),
    "on_time_share": _(
        "Of the cases with a target, the share that ended in time. An open case past its target counts "
        "as late; an open case whose target is still to come is left out."
    ),
    "on_time_share_ended": _("Of the ended cases with a target, the share that ended in time."),
    "hours_to_end_median": _(
        "Half of the ended cases took less time from receipt to answer, half took more. "
        "All hours count, day and night."
    ),
    "hours_to_end_p90": _("Nine of ten ended cases took less time than this; one of ten took longer."),
    "hours_to_end_mean": _("The time of all ended cases together, divided by their number."),
    "end_unknown": _(
        "Ended cases whose moment of ending is not known, since another system did not tell it. "
        "With a target they count as late; they have no time to end."
    ),
    "stages": _("Each target of each stage that ran; a stage that ran twice, after a dispute, counts twice."),
    "escalations": _("How often a case was raised to a level above the officer, and what came of it."),
    "previous": _("The period of equal length just before, counted the same way on the same day."),
}
