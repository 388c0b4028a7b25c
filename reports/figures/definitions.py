"""What each figure means, in plain words. English here; the PDF shows them in its language."""

from django.utils.translation import gettext_noop as _

DEFINITIONS = {
    "received": _(
        "Cases that reached the city in the period, through any channel. A case shared between agencies counts once; "
        "in the report of an agency that works on a part of it, that part counts."
    ),
    "ended": _(
        "Cases that were answered, or are over in another way: closed, rejected, lapsed, merged, "
        "referred, withdrawn."
    ),
    "open": _("Cases that still wait for verification, for the agency, or for an answer of the citizen."),
    "with_target": _(
        "Cases that are judged by their promise, now or once it is due: in time, late, or open in time. All others "
        "are in no share and stand beside it, each with its reason."
    ),
    "met_target": _(
        "Cases of which every answer came at or before the first promise made for it: the answer to the complaint, "
        "and after each dispute the next one. Time in which the citizen was asked, and days off that were decided "
        "late, belong to the promise; more time that a decision gave does not."
    ),
    "late": _(
        "Cases of which an answer came after its first promise, or is still missing past it. That stays so however "
        "the case ended afterwards."
    ),
    "not_yet_due": _("Open cases whose promise had not been reached when the report was made."),
    "excluded": _(
        "Received, but in no share: without a target; standing still while the citizen is asked; and ended "
        "before the promise without an answer: rejected, merged into another case that is counted, referred to an "
        "outside body, withdrawn by the citizen, lapsed because the citizen did not answer. "
        "Received = in time + late + open in time + each of these."
    ),
    "on_time_share": _(
        "In time, of those in time and late together. An open case past its promise counts "
        "as late; an open case whose promise is still to come is left out."
    ),
    "on_time_share_extended": _(
        "The same, if more time that a decision gave counts as promised from the start: what the extensions do to "
        "the share is the difference."
    ),
    "on_time_share_ended": _("The same of the ended cases alone."),
    "hours_to_end_median": _(
        "Half of the ended cases took less time from receipt to answer or other end, half took more. "
        "All hours count, day and night."
    ),
    "hours_to_end_p90": _("Nine of ten ended cases took less time than this; one of ten took longer."),
    "hours_to_end_mean": _("The time of all ended cases together, divided by their number."),
    "hours_without_pauses_median": _(
        "The same without the time in which the case waited for the citizen's answer to a question."
    ),
    "end_unknown": _(
        "Ended cases whose moment of ending is not known, since another system did not tell it. "
        "With a target they count as late; they have no time to end."
    ),
    "stages": _(
        "Each target of each stage that ran, by its first promise; a stage that ran twice, after a dispute or another "
        "agency, counts twice; a promise that goes on after a merger counts once. Not needed: the stage ended before "
        "its promise without being done, since the case was taken away, handed back, its agency closed, rejected, "
        "merged, referred, withdrawn or lapsed. Who rejects or merges a case has verified it."
    ),
    "escalations": _("How often a case was raised to a level above the officer, and what came of it."),
    "previous": _("The period of equal length just before, counted the same way on the same day."),
}
