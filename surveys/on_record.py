"""What of this app's tables the history does not hold fast (complaints/history/untold.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.history.untold import Untold
from surveys.models import (
    Contact,
    Finding,
    Forum,
    ForumInput,
    InputWords,
    Question,
    Response,
    ResponseWords,
    Round,
    Section,
    Support,
    Survey,
    SurveyVersion,
    Token,
)

UNTOLD = (
    Untold(
        "surveys",
        _("The tables of surveys and their rounds"),
        _("Rounds and their answers are not entered in the history yet."),
        dict.fromkeys((Survey, SurveyVersion, Section, Question, Round, Token, Response, ResponseWords), ()),
    ),
    Untold(
        "forums",
        _("The tables of forums and what was said there"),
        _("What was said, and what became of it, is not entered in the history yet."),
        dict.fromkeys((Forum, Contact, Finding, ForumInput, InputWords, Support), ()),
    ),
)
