"""Paths of the desk pages."""

from django.urls import URLPattern, path

from complaints.desk.actions import ACTIONS
from complaints.desk.bulk_actions import BULK_ACTIONS
from complaints.desk.views import away, bulk, case, choices, drafts, field, intake, lists, proofs, queue

CASE = "staff/cases/<str:number>/"

urlpatterns: list[URLPattern] = [
    path("staff/", queue.home, name="desk-home"),
    path("staff/search/", queue.search, name="desk-search"),
    path("staff/intake/", intake.enter, name="intake"),
    path("staff/draft/", drafts.keep, name="desk-draft"),
    path("staff/workload/", lists.loads, name="workload"),
    path("staff/lists/keep/", lists.keep, name="view-keep"),
    path("staff/lists/<int:pk>/drop/", lists.drop, name="view-drop"),
    path("staff/choice/", choices.choose, name="desk-choice"),
    path("staff/away/", away.absences, name="absences"),
    path("staff/away/<int:pk>/end/", away.end, name="absence-end"),
    path("staff/cases/", queue.queue, name="desk-queue"),
    path("staff/cases/cases.csv", queue.queue_csv, name="desk-queue-csv"),
    *(
        path(f"staff/cases/bulk/{each.slug}/", bulk.act, {"slug": each.slug}, name=f"bulk-{each.slug}")
        for each in BULK_ACTIONS
    ),
    path(CASE, case.detail, name="case-detail"),
    path(f"{CASE}form/<slug:slug>/", case.form, name="case-form"),
    path(f"{CASE}next/", case.go_on, name="case-next"),
    path(f"{CASE}print/", case.print_view, name="case-print"),
    path(f"{CASE}field/", field.on_the_spot, name="case-field"),
    path(f"{CASE}proof/", proofs.case_proof, name="case-proof"),
    path(f"{CASE}open-identity/", case.identity, name="case-open-identity"),
    *(
        path(f"{CASE}{each.slug}/", case.act, {"slug": each.slug}, name=f"case-{each.slug}")
        for each in ACTIONS
    ),
    *(
        path(f"{CASE}{each.slug}/draft/", case.draft, {"slug": each.slug}, name=f"case-{each.slug}-draft")
        for each in ACTIONS
    ),
]
