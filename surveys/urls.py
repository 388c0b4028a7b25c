"""Surveys, forums and service standards: public pages, and the desk under /staff/."""

from django.urls import URLPattern

from surveys.aftercase import urls as aftercase
from surveys.forums.inputs import urls as inputs
from surveys.forums.meetings import urls as meetings
from surveys.index import urls as index
from surveys.questionnaires import urls as questionnaires
from surveys.rounds import urls as rounds
from surveys.standards import urls as standards
from surveys.voice import urls as voice

app_name = "surveys"

urlpatterns: list[URLPattern] = [
    *voice.urlpatterns,
    *aftercase.urlpatterns,
    *inputs.urlpatterns,
    *meetings.urlpatterns,
    *index.urlpatterns,
    *questionnaires.urlpatterns,
    *rounds.urlpatterns,
    *standards.urlpatterns,
]
