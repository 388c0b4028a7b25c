"""What came in, how it stands to its promises, and how long it took."""

from django.utils.translation import gettext_noop as _

from reports.figures.catalogue.making import ALL_CASES, cases_counted, hours, share_of
from reports.figures.counting.cases import excluded
from reports.figures.counting.flow import flow
from reports.figures.counting.places import per_thousand, residents_of_city
from reports.figures.figure import Figure, Rule, Unit
from reports.figures.sheet import Sheet


def _flow(code: str, name: str, definition: str) -> Figure:
    def count(sheet: Sheet) -> int:
        found: int = flow(sheet.flow)[code]
        return found

    return Figure(code, name, definition, Unit.COUNT, Rule.PARTS, count, ("cases", "carried"))


FIGURES = (
    cases_counted(
        "received",
        _("Received"),
        _(
            "Cases that reached the city in the period, through any channel. A case shared between agencies counts "
            "once; in the report of an agency that works on a part of it, that part counts."
        ),
        rule=Rule.PARTS,
    ),
    cases_counted(
        "ended",
        _("Ended"),
        _(
            "Cases that were answered, or are over in another way: closed, rejected, lapsed, merged, "
            "referred, withdrawn."
        ),
        rule=Rule.PARTS,
    ),
    cases_counted(
        "open",
        _("Open"),
        _("Cases that still wait for verification, for the agency, or for an answer of the citizen."),
        rule=Rule.PARTS,
    ),
    cases_counted(
        "with_target",
        _("Judged by a promise"),
        _(
            "Cases that are judged by their promise, now or once it is due: in time, late, or open in time. All others "
            "are in no share and stand beside it, each with its reason."
        ),
        rule=Rule.PARTS,
    ),
    cases_counted(
        "met_target",
        _("In time"),
        _(
            "Cases of which every answer came at or before the first promise made for it: the answer to the complaint, "
            "and after each dispute the next one. Time in which the citizen was asked, and days off that were decided "
            "late, belong to the promise; more time that a decision gave does not."
        ),
        rule=Rule.PARTS,
    ),
    cases_counted(
        "late",
        _("Late"),
        _(
            "Cases of which an answer came after its first promise, or is still missing past it. That stays so however "
            "the case ended afterwards."
        ),
        rule=Rule.PARTS,
    ),
    cases_counted(
        "not_yet_due",
        _("Open in time"),
        _("Open cases whose promise had not been reached when the report was made."),
        rule=Rule.PARTS,
    ),
    Figure(
        "excluded",
        _("In no share"),
        _(
            "Received, but in no share: without a target; standing still while the citizen is asked; and ended "
            "before the promise without an answer: rejected, merged into another case that is counted, referred to an "
            "outside body, withdrawn by the citizen, lapsed because the citizen did not answer. "
            "Received = in time + late + open in time + each of these."
        ),
        Unit.PARTS,
        Rule.PARTS,
        lambda sheet: excluded(sheet.cases.sums),
        ALL_CASES,
    ),
    share_of(
        "on_time_share",
        _("Share in time"),
        _(
            "In time, of those in time and late together. An open case past its promise counts "
            "as late; an open case whose promise is still to come is left out."
        ),
    ),
    cases_counted(
        "met_target_extended",
        _("In time, if more time given counts as promised"),
        _("In time, where more time that a decision gave counts as promised from the start."),
    ),
    cases_counted(
        "late_extended",
        _("Late, if more time given counts as promised"),
        _("Late, where more time that a decision gave counts as promised from the start."),
    ),
    share_of(
        "on_time_share_extended",
        _("Share in time, if more time given counts as promised"),
        _(
            "The same, if more time that a decision gave counts as promised from the start: what the extensions do to "
            "the share is the difference."
        ),
    ),
    cases_counted(
        "late_ended",
        _("Late, of the ended"),
        _("Late cases that are answered or over."),
    ),
    share_of(
        "on_time_share_ended",
        _("Share in time of the ended"),
        _("The same of the ended cases alone."),
    ),
    cases_counted(
        "waiting_for_citizen",
        _("Waiting for the citizen"),
        _("Open cases in which the citizen was asked something and has not answered yet."),
    ),
    cases_counted(
        "end_unknown",
        _("Moment of ending unknown"),
        _(
            "Ended cases whose moment of ending is not known, since another system did not tell it. "
            "With a target they count as late; they have no time to end."
        ),
    ),
    hours(
        "hours_to_end_median",
        _("Median time"),
        _(
            "Half of the ended cases took less time from receipt to answer or other end, half took more. "
            "All hours count, day and night."
        ),
    ),
    hours(
        "hours_to_end_p90",
        _("Nine of ten within"),
        _("Nine of ten ended cases took less time than this; one of ten took longer."),
    ),
    hours(
        "hours_to_end_mean",
        _("Mean time"),
        _("The time of all ended cases together, divided by their number."),
    ),
    hours(
        "hours_without_pauses_median",
        _("Median time without waiting for the citizen"),
        _("The same without the time in which the case waited for the citizen's answer to a question."),
    ),
    hours(
        "hours_without_pauses_p90",
        _("Nine of ten within, without waiting for the citizen"),
        _(
            "Nine of ten ended cases took less than this, without the time of waiting for the citizen's answer."
        ),
    ),
    hours(
        "hours_without_pauses_mean",
        _("Mean time without waiting for the citizen"),
        _("The time of all ended cases without that of waiting for the citizen, divided by their number."),
    ),
    _flow(
        "open_at_start",
        _("Open when the period began"),
        _(
            "Cases that had come before the period and were not over when it began. Open at the start + received = "
            "ended in the period + open at the end. A case that was answered and then taken up again counts as open."
        ),
    ),
    _flow(
        "ended_in_period",
        _("Ended in the period"),
        _(
            "Of those that were open when the period began and those received in it, how many ended within it."
        ),
    ),
    _flow(
        "open_at_end",
        _("Open when the period ended"),
        _("What was left of both; of a period that still runs, when the report was made."),
    ),
    cases_counted(
        "typed_by_staff",
        _("Typed in by staff"),
        _(
            "Cases that staff wrote down for the citizen: by telephone, at the counter, from a letter or a slip."
        ),
    ),
    Figure(
        "residents",
        _("Residents"),
        _("How many people live in the city, by the source that the report names."),
        Unit.COUNT,
        Rule.OPEN,
        lambda sheet: residents_of_city(sheet.tables["areas"]),
        ("areas",),
    ),
    Figure(
        "received_per_thousand",
        _("Received per 1,000 residents"),
        _("The cases received, divided by the residents of the city, times 1,000."),
        Unit.RATE,
        Rule.SHARE,
        lambda sheet: per_thousand(sheet.cases.sums["received"], residents_of_city(sheet.tables["areas"])),
        ("cases", "areas"),
    ),
)
