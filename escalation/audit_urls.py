"""Audit by sampling."""

from django.urls import path

from escalation.views import audit_reviews, audits

urlpatterns = [
    path("oversight/audits/", audits.audit_list, name="audit-list"),
    path("oversight/audits/new/", audits.audit_new, name="audit-new"),
    path("oversight/audits/<int:pk>/", audits.audit_detail, name="audit-detail"),
    path("oversight/audits/<int:pk>/frame.txt", audits.audit_frame, name="audit-frame"),
    path("oversight/audits/<int:pk>/results/", audits.audit_results, name="audit-results"),
    path("oversight/audits/<int:pk>/results.csv", audits.audit_results_csv, name="audit-results-csv"),
    path("oversight/audits/<int:pk>/answers.csv", audits.audit_answers_csv, name="audit-answers-csv"),
    path("oversight/audits/<int:pk>/cases/<str:number>/", audit_reviews.audit_review, name="audit-review"),
    path(
        "oversight/audits/<int:pk>/cases/<str:number>/agree/", audit_reviews.audit_agree, name="audit-agree"
    ),
    path(
        "oversight/audits/<int:pk>/cases/<str:number>/release/",
        audit_reviews.audit_release,
        name="audit-release",
    ),
]
