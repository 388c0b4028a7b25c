"""The supervisors' desk: what is escalated, what will be late, agencies side by side, search, whole files."""

from django.urls import path

from escalation.views import oversight, oversight_lists

urlpatterns = [
    path("oversight/", oversight.home, name="oversight-home"),
    path("oversight/escalations/", oversight.escalations, name="oversight-escalations"),
    path("oversight/soon/", oversight_lists.soon, name="oversight-soon"),
    path("oversight/oldest/", oversight_lists.oldest, name="oversight-oldest"),
    path("oversight/agencies/", oversight_lists.agencies, name="oversight-agencies"),
    path("oversight/search/", oversight_lists.search, name="oversight-search"),
    path("oversight/identity/", oversight.identity_looks, name="oversight-identity"),
    path("oversight/cases/<str:number>/", oversight.case_file, name="oversight-case"),
]
