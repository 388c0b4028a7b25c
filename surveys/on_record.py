"""What of this app's tables the history does not hold fast (complaints/history/untold.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.history.untold import Untold
from surveys.models import (
    AfterCase,
    AfterCaseRound,
    Agreement,
    Attendance,
    Contact,
    CounterDevice,
    Finding,
    Forum,
    ForumInput,
    ForumPhoto,
    ForumStep,
    InputMark,
    InputStep,
    Invitation,
    Minutes,
    MinutesVersion,
    Objection,
    Registration,
    ResponseWords,
    Round,
    Signature,
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
        _("Who said something there, by when it is answered, and under which finding it stands"),
        _(
            "Words, by a digest, and each step are in the history. The rows that say who has it and until when are not "
            "held against it yet."
        ),
        {
            **dict.fromkeys((Contact, Finding, ForumInput, InputMark, Slip, Support), ()),
            InputStep: ("words",),
        },
    ),
    Untold(
        "forums",
        _("Forums, who was invited and who came, their photos, steps and minutes"),
        _(
            "The history has that a forum was announced, moved, held or cancelled, the SHA-256 of the text of its "
            "minutes when each side signed, and that they were published. Names are in no history."
        ),
        dict.fromkeys(
            (
                *(Forum, ForumStep, ForumPhoto, Invitation, Registration, Attendance),
                *(Minutes, MinutesVersion, Agreement, Objection, Signature),
            ),
            (),
        ),
    ),
)
