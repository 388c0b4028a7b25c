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
    READ_FORUMS = "read_forums"  # the office's side of forums
    RECOUNT = "recount_index"  # type in what was published, to be counted again
    RUN_FORUMS = "run_forums"  # announce, write down, minutes
    SIGN_MINUTES = "sign_minutes"  # for the provider
    MODERATE = "moderate"  # hide and show contributions
    ANSWER_INPUT = "answer_input"
    ENTER_INPUT = "enter_input"  # what comes by suggestion box and telephone
    SET_STANDARD = "set_standard"


STAFF = frozenset({Role.CLERK, Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR, Role.ADMINISTRATOR})
RIGHTS: dict[Right, frozenset[Role]] = {
    SurveyAct.HEAR: STAFF,
    SurveyAct.BUILD: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR}),
    SurveyAct.RUN_ROUNDS: frozenset({Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.SEE_RESULTS: frozenset({Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.READ_FORUMS: frozenset({Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.RECOUNT: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.RUN_FORUMS: frozenset({Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.SIGN_MINUTES: frozenset({Role.AGENCY_HEAD}),
    SurveyAct.MODERATE: frozenset({Role.AGENCY_HEAD, Role.SUPERVISOR}),
    SurveyAct.ANSWER_INPUT: frozenset({Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.ENTER_INPUT: frozenset({Role.CLERK, Role.OFFICER, Role.AGENCY_HEAD}),
    SurveyAct.SET_STANDARD: frozenset({Role.AGENCY_HEAD}),
}
