"""Documents on the desk: reports for those who may read them, and the file of a case."""

from django.urls import URLPattern, URLResolver, path

from reports.documents import views

app_name = "reports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/reports/", views.report_list, name="report-list"),
    path("staff/cases/<str:number>/pdf/", views.case_pdf, name="case-pdf"),
    path("staff/cases/<str:number>/seal/", views.case_seal, name="case-seal"),
    path("staff/documents/<int:pk>/", views.document, name="document"),
]
