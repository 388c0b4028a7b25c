"""Gathers the tables of the rooms for Django."""

from surveys.forums.inputs.models import InputMark, InputStep, InputTerm, Slip
from surveys.forums.models import Contact, Finding, Forum, ForumInput, InputWords, Support
from surveys.questionnaires.models import Element, Question, Section, Survey, SurveyVersion
from surveys.rounds.models import CounterDevice, Response, ResponseWords, Round, Token
from surveys.standards.models import Counter, StandardChange

__all__ = [
    "Contact",
    "Counter",
    "CounterDevice",
    "Element",
    "Finding",
    "Forum",
    "ForumInput",
    "InputMark",
    "InputStep",
    "InputTerm",
    "InputWords",
    "Question",
    "Response",
    "ResponseWords",
    "Round",
    "Section",
    "Slip",
    "StandardChange",
    "Support",
    "Survey",
    "SurveyVersion",
    "Token",
]
