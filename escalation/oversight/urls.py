"""The supervisors' desk: what is escalated, what will be late, agencies side by side, search, whole files."""

from django.urls import path

from escalation.oversight.views import desk, files, lists

urlpatterns = [
    path("oversight/", desk.home, name="oversight-home"),
    path("oversight/escalations/", desk.escalations, name="oversight-escalations"),
    path("oversight/ignored/", lists.ignored, name="oversight-ignored"),
    path("oversight/referred/", lists.referred, name="oversight-referred"),
    path("oversight/referred/cases.csv", files.referred, name="oversight-referred-csv"),
    path("oversight/soon/", lists.soon, name="oversight-soon"),
    path("oversight/soon/cases.csv", files.soon, name="oversight-soon-csv"),
    path("oversight/oldest/", lists.oldest, name="oversight-oldest"),
    path("oversight/oldest/cases.csv", files.oldest, name="oversight-oldest-csv"),
    path("oversight/agencies/", lists.agencies, name="oversight-agencies"),
    path("oversight/search/", lists.search, name="oversight-search"),
    path("oversight/search/cases.csv", files.search, name="oversight-search-csv"),
    path("oversight/identity/", desk.identity_accesses_list, name="oversight-identity"),
    path("oversight/cases/<str:number>/", desk.case_file, name="oversight-case"),
]
