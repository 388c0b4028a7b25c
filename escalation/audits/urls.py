"""Audit by sampling."""

from django.urls import path

from escalation.audits.views import reviews, samples

urlpatterns = [
    path("oversight/audits/", samples.audit_list, name="audit-list"),
    path("oversight/audits/new/", samples.audit_new, name="audit-new"),
    path("oversight/audits/<int:pk>/", samples.audit_detail, name="audit-detail"),
    path("oversight/audits/<int:pk>/cancel/", samples.audit_cancel, name="audit-cancel"),
    path("oversight/audits/<int:pk>/frame.txt", samples.audit_frame, name="audit-frame"),
    path("oversight/audits/<int:pk>/results/", samples.audit_results, name="audit-results"),
    path("oversight/audits/<int:pk>/results.csv", samples.audit_results_csv, name="audit-results-csv"),
    path("oversight/audits/<int:pk>/answers.csv", samples.audit_answers_csv, name="audit-answers-csv"),
    path("oversight/audits/<int:pk>/cases/<str:number>/", reviews.audit_review, name="audit-review"),
    path("oversight/audits/<int:pk>/cases/<str:number>/agree/", reviews.audit_agree, name="audit-agree"),
    path(
        "oversight/audits/<int:pk>/cases/<str:number>/release/",
        reviews.audit_release,
        name="audit-release",
    ),
]
