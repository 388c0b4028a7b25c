"""Paths of the room. Those with a code come last: other rooms have pages beside them."""

from django.urls import URLPattern, path

from reports.publication.views import desk, public, subscribing

urlpatterns: list[URLPattern] = [
    path("reports/", public.report_list, name="public-list"),
    path("reports/feed.atom", public.feed, {"feed_language": "id"}, name="feed"),
    path("reports/feed.en.atom", public.feed, {"feed_language": "en"}, name="feed-en"),
    path("reports/subscribe/", subscribing.subscribe, name="subscribe"),
    path("reports/subscribe/confirm/", subscribing.confirm_page, name="subscription-confirm-page"),
    path("reports/subscribe/confirm/<str:token>/", subscribing.confirm, name="subscription-confirm"),
    path("reports/subscribe/stop/", subscribing.stop_page, name="subscription-stop-page"),
    path("reports/subscribe/stop/<str:token>/", subscribing.stop, name="subscription-stop"),
    path("staff/reports/prepare/", desk.report_prepare, name="report-prepare"),
    path("staff/reports/<slug:code>/", desk.report_detail, name="desk-report"),
    path("staff/reports/<slug:code>/internal/", desk.report_internal, name="report-internal"),
    path("staff/reports/<slug:code>/sentence/", desk.report_sentence, name="report-sentence"),
    path("staff/reports/<slug:code>/foreword/", desk.report_foreword, name="report-foreword"),
    path("staff/reports/<slug:code>/recipients/", desk.report_recipients, name="report-recipients"),
    path("staff/reports/<slug:code>/remark/", desk.report_remark, name="report-remark"),
    path("staff/reports/<slug:code>/remarks/<int:pk>/answer/", desk.remark_answer, name="remark-answer"),
    path("staff/reports/<slug:code>/remarks/<int:pk>/settle/", desk.remark_settle, name="remark-settle"),
    path("staff/reports/<slug:code>/review/", desk.report_review, name="report-review"),
    path("staff/reports/<slug:code>/give-back/", desk.report_give_back, name="report-give-back"),
    path("staff/reports/<slug:code>/publish/", desk.report_publish, name="report-publish"),
    path("staff/reports/<slug:code>/withdraw/", desk.report_withdraw, name="report-withdraw"),
    path("staff/reports/<slug:code>/drop/", desk.report_drop, name="report-drop"),
    path("staff/reports/<slug:code>/again/<slug:what>/", desk.report_again, name="report-again"),
    path("staff/reports/<slug:code>/<slug:paper_language>.pdf", desk.report_paper, name="desk-report-pdf"),
    path("reports/<slug:code>/", public.report, name="report"),
    path("reports/<slug:code>/check/", public.report_check, name="report-proof"),
    path("reports/<slug:code>/words.json", public.report_text, name="report-text"),
    path("reports/<slug:code>/<slug:paper_language>.pdf", public.report_pdf, name="report-pdf"),
]
