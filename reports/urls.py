"""Documents on the desk: reports for those who may read them, and the file of a case."""

from django.urls import URLPattern, URLResolver, path

from reports.documents import mine, views
from reports.evaluation import views as evaluation
from reports.minutes import views as minutes
from reports.opendata import views as opendata
from reports.publication import urls as publication
from reports.recount import views as recount
from reports.statistics import views as statistics

app_name = "reports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/days.csv", opendata.days, name="statistics-days"),
    path("statistics/catalogue.jsonld", opendata.statistics_catalogue, name="statistics-catalogue"),
    path("statistics/<slug:block>/data/<str:name>", opendata.statistics_data, name="statistics-data"),
    path("staff/statistics/", statistics.live, name="statistics-live"),
    path("reports/<slug:code>/data/<str:name>", opendata.report_data, name="report-data"),
    path("forums/<slug:code>/minutes.pdf", minutes.minutes_pdf, name="minutes-pdf"),
    path("complaints/mine/sealed/", mine.mine_seal, name="mine-seal"),
    path("complaints/mine/sealed/file/", mine.mine_sealed_file, name="mine-sealed-file"),
    path("reports/check/", recount.check, name="recount"),
    path("reports/check/tuntas_recount.pyz", recount.script, name="recount-program"),
    path("staff/reports/", views.report_list, {"more": evaluation.list_context}, name="report-list"),
    path("staff/reports/evaluation/", evaluation.evaluation, name="evaluation"),
    path(
        "staff/reports/evaluation/<slug:code>/<slug:file_language>.zip",
        evaluation.evaluation_zip,
        name="evaluation-file",
    ),
    path("staff/cases/<str:number>/pdf/", views.case_pdf, name="case-pdf"),
    path("staff/cases/<str:number>/seal/", views.case_seal, name="case-seal"),
    path(
        "staff/surveys/rounds/<str:code>/results/report/",
        views.survey_paper,
        {"kind": "survey_report"},
        name="survey-report",
    ),
    path(
        "staff/surveys/rounds/<str:code>/results/poster/",
        views.survey_paper,
        {"kind": "survey_poster"},
        name="survey-poster",
    ),
    path("staff/surveys/rounds/<slug:code>/poster/", views.round_poster, name="round-poster"),
    path("staff/standards/<slug:code>/poster/<slug:counter>/", views.counter_poster, name="counter-poster"),
    path("staff/documents/<int:pk>/", views.document, name="document"),
    *publication.urlpatterns,  # last: a code takes whatever stands below reports/
]
