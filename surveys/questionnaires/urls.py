"""Where questionnaires are written: administrators and supervisors."""

from django.urls import URLPattern, path

from surveys.questionnaires.views import questions, versions

_VERSION = "staff/surveys/questionnaires/<slug:code>/<int:number>/"
_SECTION = f"{_VERSION}sections/<int:section>/"
_QUESTION = f"{_VERSION}questions/<int:question>/"

urlpatterns: list[URLPattern] = [
    path("staff/surveys/", versions.survey_list, name="survey-list"),
    path("staff/surveys/questionnaires/new/", versions.survey_new, name="survey-new"),
    path("staff/surveys/questionnaires/<slug:code>/name/", versions.survey_rename, name="survey-rename"),
    path(_VERSION, versions.version_detail, name="survey-version"),
    path(f"{_VERSION}copy/", versions.version_copy, name="survey-copy"),
    path(f"{_VERSION}discard/", versions.version_discard, name="survey-discard"),
    path(f"{_VERSION}intro/", versions.version_intro, name="survey-intro"),
    path(f"{_VERSION}publish/", versions.version_publish, name="survey-publish"),
    path(f"{_VERSION}preview/", versions.version_preview, name="survey-preview"),
    path(f"{_VERSION}sections/new/", questions.section_new, name="survey-section-new"),
    path(_SECTION, questions.section_change, name="survey-section"),
    path(f"{_SECTION}move/", questions.section_move, name="survey-section-move"),
    path(f"{_SECTION}remove/", questions.section_remove, name="survey-section-remove"),
    path(f"{_SECTION}questions/new/", questions.question_new, name="survey-question-new"),
    path(_QUESTION, questions.question_change, name="survey-question"),
    path(f"{_QUESTION}move/", questions.question_move, name="survey-question-move"),
    path(f"{_QUESTION}remove/", questions.question_remove, name="survey-question-remove"),
    path(f"{_QUESTION}rule/", questions.question_rule, name="survey-question-rule"),
]
