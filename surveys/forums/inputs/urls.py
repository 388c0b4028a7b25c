"""What people said: threads in public, links in mails, the desk."""

from django.urls import URLPattern, path

from surveys.forums.inputs.views import links, thread

_FORUM = "forums/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path(f"{_FORUM}thread/", thread.forum_thread, name="forum-thread"),
    path(f"{_FORUM}thread/say/", thread.say, name="thread-say"),
    path(f"{_FORUM}thread/<str:number>/", thread.thread_input, name="thread-input"),
    path(f"{_FORUM}thread/<str:number>/reply/", thread.reply, name="thread-reply"),
    path(f"{_FORUM}thread/<str:number>/support/", thread.support, name="thread-support"),
    path(f"{_FORUM}moderation/", thread.moderation_log, name="forum-moderation"),
    path("take-part/mails/", links.stop_page, name="voice-stop-page"),
    path("take-part/mails/<str:token>/", links.stop, name="voice-stop"),
    path("take-part/confirm/", links.confirm_page, name="voice-confirm-page"),
    path("take-part/confirm/<str:token>/", links.confirm, name="voice-confirm"),
]
