"""Gathers the tables of the rooms for Django."""

from surveys.aftercase.models import AfterCase, AfterCaseRound, AfterCaseTerm
from surveys.forums.inputs.models import InputMark, InputStep, InputTerm, Slip
from surveys.forums.meetings.models.minutes import Agreement, Minutes, MinutesVersion, Objection, Signature
from surveys.forums.meetings.models.people import Attendance, Invitation, Registration
from surveys.forums.meetings.models.record import ForumPhoto, ForumPolicy, ForumStep
from surveys.forums.models import Contact, Finding, Forum, ForumInput, InputWords, Support
from surveys.index.models import PublishedIndex, RoundResult
from surveys.questionnaires.models import Element, Question, Section, Survey, SurveyVersion
from surveys.rounds.models import CounterDevice, Response, ResponseWords, Round, Token
from surveys.standards.models import Counter, ServiceRecord, StandardChange

__all__ = [
    "AfterCase",
    "AfterCaseRound",
    "AfterCaseTerm",
    "Agreement",
    "Attendance",
    "Contact",
    "Counter",
    "CounterDevice",
    "Element",
    "Finding",
    "Forum",
    "ForumInput",
    "ForumPhoto",
    "ForumPolicy",
    "ForumStep",
    "InputMark",
    "InputStep",
    "InputTerm",
    "InputWords",
    "Invitation",
    "Minutes",
    "MinutesVersion",
    "Objection",
    "PublishedIndex",
    "Question",
    "Registration",
    "Response",
    "ResponseWords",
    "Round",
    "RoundResult",
    "Section",
    "ServiceRecord",
    "Signature",
    "Slip",
    "StandardChange",
    "Support",
    "Survey",
    "SurveyVersion",
    "Token",
]
