"""What people said: threads in public, links in mails, the desk."""

from django.urls import URLPattern, path

from surveys.forums.inputs.views import batch, desk, links, moderation, thread

_FORUM = "forums/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path(f"{_FORUM}thread/", thread.forum_thread, name="forum-thread"),
    path(f"{_FORUM}thread/say/", thread.say, name="thread-say"),
    path(f"{_FORUM}thread/<str:number>/", thread.thread_input, name="thread-input"),
    path(f"{_FORUM}thread/<str:number>/reply/", thread.reply, name="thread-reply"),
    path(f"{_FORUM}thread/<str:number>/support/", thread.support, name="thread-support"),
    path(f"{_FORUM}moderation/", thread.moderation_log, name="forum-moderation"),
    path("staff/forums/<slug:code>/moderation/", moderation.moderation_switch, name="moderation-switch"),
    path("staff/inputs/", desk.input_list, name="input-list"),
    path("staff/inputs/gather/", desk.input_gather, name="input-gather"),
    path("staff/inputs/batch/", batch.batch, name="input-batch"),
    path("staff/inputs/export/", batch.export, name="input-export"),
    path("staff/inputs/<str:number>/photo/", batch.slip_photo, name="slip-photo"),
    path("staff/inputs/<str:number>/", desk.input_detail, name="input-detail"),
    path("staff/inputs/<str:number>/marks/<int:user_id>/clear/", desk.mark_clear, name="input-mark-clear"),
    path("staff/inputs/<str:number>/<slug:act>/", desk.input_act, name="input-act"),
    path("staff/findings/<str:number>/", desk.finding_detail, name="finding-detail"),
    path("staff/findings/<str:number>/<slug:act>/", desk.finding_act, name="finding-act"),
    path("take-part/mails/", links.stop_page, name="voice-stop-page"),
    path("take-part/mails/<str:token>/", links.stop, name="voice-stop"),
    path("take-part/receipt/", links.code_page, name="voice-code-page"),
    path("take-part/receipt/<str:token>/", links.code, name="voice-code"),
    path("take-part/confirm/", links.confirm_page, name="voice-confirm-page"),
    path("take-part/confirm/<str:token>/", links.confirm, name="voice-confirm"),
]
