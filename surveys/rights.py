"""The rows that this app adds to the rights table."""

from enum import StrEnum

from accounts.roles import Role
from complaints.permissions import Right


class SurveyAct(StrEnum):
    """What can be done with surveys, forums and service standards."""

    HEAR = "hear"  # the door to all of it on the desk
    BUILD = "build_survey"  # write questionnaires
    RUN_ROUNDS = "run_rounds"  # open rounds, type in answers, see results of one's own line
    SEE_RESULTS = "see_survey_results"
    ERASE_WORDS = "erase_survey_words"  # that somebody wrote into a survey
    READ_FORUMS = "read_forums"  # the office's side of forums
    RECOUNT = "recount_index"  # type in what was published, to be counted again
    TYPE_AFTER_CASE = "type_after_case"  # what a citizen says after a report that one took in
    RUN_FORUMS = "run_forums"  # announce, write down, minutes
    SIGN_MINUTES = "sign_minutes"  # for the provider
    MODERATE = "moderate"  # hide and show contributions
    ANSWER_INPUT = "answer_input"
    ENTER_INPUT = "enter_input"  # what comes by suggestion box and telephone
    SEE_INPUTS = "see_inputs"  # the queue of what people said
    ROUTE_INPUT = "route_input"  # give one to the agency that can answer it
    NAME_SPOKEN_OF = "name_spoken_of"  # mark that it speaks of somebody who works here
    CLEAR_SPOKEN_OF = "clear_spoken_of"
    ERASE_SPEAKER = "erase_speaker"  # who asks for it
    SET_STANDARD = "set_standard"


STAFF = frozenset(
    {Role.CLERK, Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR, Role.ADMINISTRATOR}
)
RIGHTS: dict[Right, frozenset[Role]] = {
    SurveyAct.HEAR: STAFF,
    SurveyAct.BUILD: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR}),
    SurveyAct.RUN_ROUNDS: frozenset({Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.SEE_RESULTS: frozenset({Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    # Not the unit's own people: they would erase what they do not like to read.
    SurveyAct.ERASE_WORDS: frozenset({Role.SUPERVISOR}),
    SurveyAct.READ_FORUMS: frozenset({Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.RECOUNT: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    # Not the agency's own people: they would be marking their own work.
    SurveyAct.TYPE_AFTER_CASE: frozenset({Role.CLERK}),
    SurveyAct.RUN_FORUMS: frozenset({Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.SIGN_MINUTES: frozenset({Role.AGENCY_HEAD}),
    SurveyAct.MODERATE: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.ANSWER_INPUT: frozenset({Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.ENTER_INPUT: frozenset({Role.CLERK, Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.SEE_INPUTS: frozenset({Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.ROUTE_INPUT: frozenset({Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.NAME_SPOKEN_OF: frozenset({Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.CLEAR_SPOKEN_OF: frozenset({Role.SUPERVISOR}),
    SurveyAct.ERASE_SPEAKER: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.SET_STANDARD: frozenset({Role.AGENCY_HEAD}),
}
