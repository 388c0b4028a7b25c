"""What happened to the cases on the way: stages, escalations, disputes, questions, endings, ratings."""

from django.utils.translation import gettext_noop as _

from reports.figures.catalogue.making import cases_counted, table
from reports.figures.counting.cases import by_value, mean
from reports.figures.counting.stages import (
    decided,
    escalations,
    kinds_corrected,
    raised_by,
    signals,
    stages,
)
from reports.figures.figure import Column, Figure, Rule, Unit
from reports.figures.sheet import Sheet


def _received(sheet: Sheet, column: str) -> dict[str, int]:
    return {value: sums["received"] for value, sums in sheet.cases.by(column).items()}


FIGURES = (
    table(
        "stages",
        _("Stages"),
        _(
            "Each target of each stage that ran, by its first promise; a stage that ran twice, after a dispute or "
            "another agency, counts twice; a promise that goes on after a merger counts once. Not needed: the stage "
            "ended before its promise without being done, since the case was taken away, handed back, its agency "
            "closed, rejected, merged, referred, withdrawn or lapsed. Who rejects or merges a case has verified it."
        ),
        (
            Column("stage", _("Stage"), Unit.CODE, "stage"),
            Column("clocks", _("Targets")),
            Column("met", _("In time")),
            Column("late", _("Late")),
            Column("not_yet_due", _("Still running")),
            Column("paused", _("Standing still")),
            Column("not_needed", _("Not needed"), Unit.PARTS),
            Column("share", _("Share in time"), Unit.SHARE),
            Column("met_extended", _("In time, if more time given counts as promised")),
            Column("late_extended", _("Late, if more time given counts as promised")),
            Column("share_extended", _("Share in time, if more time given counts as promised"), Unit.SHARE),
        ),
        lambda sheet: stages(sheet.stages),
        tables=("clocks",),
    ),
    table(
        "escalations",
        _("Escalations"),
        _("How often a case was raised to a level above the officer, and what came of it."),
        (
            Column("level", _("Level"), Unit.CODE, "level"),
            Column("raised", _("Raised")),
            Column("waiting", _("Not acknowledged yet")),
            Column("acknowledged", _("Acknowledged")),
            Column("decided", _("Decided")),
            Column("lifted", _("Lifted: resolved first")),
        ),
        lambda sheet: escalations(sheet.escalations),
        tables=("escalations",),
    ),
    cases_counted(
        "escalated",
        _("Raised to a higher level"),
        _("Cases that were raised at least once to a level above the officer."),
    ),
    table(
        "escalations_by_trigger",
        _("Escalations by reason"),
        _("Why cases were raised, over all levels."),
        (Column("trigger", _("Reason"), Unit.CODE, "trigger"), Column("count", _("Raised"))),
        lambda sheet: by_value(raised_by(sheet.escalations, "trigger"), "trigger"),
        tables=("escalations",),
    ),
    table(
        "decisions",
        _("Decisions"),
        _("What was decided on escalations: instruct, give more time, take away, refer, or unfounded."),
        (Column("decision", _("Decision"), Unit.CODE, "decision"), Column("count", _("Decided"))),
        lambda sheet: by_value(decided(sheet.escalations), "decision"),
        tables=("escalations",),
    ),
    cases_counted(
        "corrected",
        _("Kind or category corrected"),
        _(
            "Cases of which a verifier put right the kind or the category; the promise became that of the right one."
        ),
    ),
    table(
        "kinds_corrected",
        _("Corrections of kind"),
        _("As what cases were filed, and what they were corrected to."),
        (
            Column("kind_before", _("Filed as"), Unit.CODE, "kind"),
            Column("kind", _("Corrected to"), Unit.CODE, "kind"),
            Column("count", _("Times")),
        ),
        lambda sheet: kinds_corrected(sheet.corrections),
        tables=("corrections",),
    ),
    cases_counted(
        "answered",
        _("Answered"),
        _("Cases that the city has answered at least once, whatever became of them after the answer."),
        version=2,
    ),
    cases_counted(
        "disputed",
        _("Disputed by the citizen"),
        _("Cases in which the citizen said at least once that the answer does not settle it."),
    ),
    cases_counted(
        "reopened",
        _("Taken up again after an answer"),
        _("Cases that went into another round after an answer."),
    ),
    cases_counted(
        "extended",
        _("Given more time by a decision"),
        _("Cases of which a decision moved at least one promise."),
    ),
    cases_counted(
        "paused",
        _("Paused to ask the citizen"),
        _("Cases whose time stood still at least once while the citizen was asked."),
    ),
    Figure(
        "pauses",
        _("Questions for which a case was paused"),
        _("How often the time of a case stood still while the citizen was asked, over all cases."),
        Unit.COUNT,
        Rule.COUNT,
        lambda sheet: sheet.cases.sums["pauses"],
    ),
    cases_counted(
        "handed_back",
        _("Handed back by an agency at least once"),
        _("Cases that an agency gave back to the verifiers at least once, since they were not its own."),
    ),
    Figure(
        "hand_backs",
        _("Times a case was handed back"),
        _("How often an agency gave a case back to the verifiers, over all cases."),
        Unit.COUNT,
        Rule.COUNT,
        lambda sheet: sheet.cases.sums["hand_backs"],
    ),
    table(
        "rejected",
        _("Rejected, by reason"),
        _("Cases that were not taken up, by the reason that the verifier chose from the list."),
        (Column("reason", _("Reason"), Unit.CODE, "reason"), Column("count", _("Cases"))),
        lambda sheet: by_value(_received(sheet, "end_reason"), "reason"),
    ),
    table(
        "ended_how",
        _("How they ended"),
        _("The ended cases by how they ended; closed by the citizen's word apart from closed by silence."),
        (Column("how", _("Outcome"), Unit.CODE, "how"), Column("count", _("Cases"))),
        lambda sheet: by_value(_received(sheet, "how"), "how"),
    ),
    cases_counted(
        "ratings",
        _("Rated by the citizen"),
        _("Cases whose citizen rated the answer, from 1 to 4."),
    ),
    Figure(
        "rating_mean",
        _("Mean rating, 1 to 4"),
        _("The ratings of the citizens together, divided by their number."),
        Unit.MEAN,
        Rule.TIME,
        lambda sheet: mean(sheet.cases.sums["rating"], sheet.cases.sums["ratings"]),
    ),
    table(
        "signals",
        _("Signs to look at"),
        _(
            "How often a rule found that a figure may have been looked after rather than the case behind it, of how "
            "often it asked, as it was looked at last. A sign is a reason to look, never a verdict; for each there "
            "are innocent reasons."
        ),
        (
            Column("signal", _("Sign"), Unit.CODE, "signal"),
            Column("signs", _("Signs")),
            Column("of", _("Of how many")),
            Column("share", _("Share"), Unit.SHARE),
            Column("cases", _("Cases")),
        ),
        lambda sheet: signals(sheet.signals),
        rule=Rule.COUNT,
        tables=("signals",),
    ),
)
