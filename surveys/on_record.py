"""What of this app's tables the history does not hold fast (complaints/history/untold.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.history.untold import Untold
from surveys.models import (
    AfterCase,
    AfterCaseRound,
    Attendance,
    Contact,
    CounterDevice,
    ForumInput,
    ForumPhoto,
    InputMark,
    InputStep,
    Invitation,
    Minutes,
    Objection,
    Registration,
    ResponseWords,
    Round,
    ServiceRecord,
    Slip,
    Support,
    Token,
)

UNTOLD = (
    Untold(
        "after-case",
        _("Who was asked after a report"),
        _("That somebody answered has no date, so that no answer of that day is found by it."),
        dict.fromkeys((AfterCase, AfterCaseRound), ()),
    ),
    Untold(
        "survey-tokens",
        _("Tokens, tablets and texts of surveys"),
        _("Tokens are rewritten each night so that they lead to no answer, and texts may be erased."),
        dict.fromkeys((Token, CounterDevice, ResponseWords), ()),
    ),
    Untold(
        "survey-rounds",
        _("How a survey round is asked, rounds in preparation, and answers of the running day"),
        _(
            "Unit, days, sample and state of a round are in the history, and after midnight each day's answers."
        ),
        {Round: ("target_is_own", "opens_itself", "needs_token", "in_steps", "made_by_id")},
    ),
    Untold(
        "inputs",
        _("Who said something or supports it, whom it speaks of, and on which slip it came"),
        _(
            "Names and addresses are in no history, and can be erased. What was said, by a digest, who has it, until "
            "when and what became of it are in the history."
        ),
        {
            **dict.fromkeys((Contact, InputMark, Slip, Support), ()),
            ForumInput: ("contact_id", "pseudonym", "in_own_name", "supports", "sweep_error"),
            InputStep: ("words",),
        },
    ),
    Untold(
        "records",
        _("What became of the reports about a service, as it was counted last"),
        _(
            "It is counted from the reports, and counted again every quarter of an hour; a check compares the two."
        ),
        {ServiceRecord: ()},
    ),
    Untold(
        "forums",
        _(
            "Forums in preparation, who was invited, came or objected, photos of a meeting, and the code to sign by"
        ),
        _(
            "Names are in no history, and can be erased. Days, texts, steps and minutes of an announced forum are in "
            "the history, words by a digest."
        ),
        {
            **dict.fromkeys((ForumPhoto, Invitation, Registration, Attendance), ()),
            Minutes: (
                "representative",
                "representative_for",
                "representative_contact_id",
                "nonce",
                "code_digest",
                "sweep_error",
            ),
            Objection: ("attendance_id", "pseudonym", "text", "salt"),
        },
    ),
)
