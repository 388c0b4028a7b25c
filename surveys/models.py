"""Gathers the tables of the rooms for Django."""

from surveys.forums.inputs.models import InputMark, InputStep, InputTerm, Slip
from surveys.forums.models import Contact, Finding, Forum, ForumInput, InputWords, Support
from surveys.questionnaires.models import Element, Question, Section, Survey, SurveyVersion
from surveys.rounds.models import CounterDevice, Response, ResponseWords, Round, Token

__all__ = [
    "Contact",
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
    "Support",
    "Survey",
    "SurveyVersion",
    "Token",
]
