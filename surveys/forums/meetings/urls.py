"""Meetings: what everybody reads and does under /forums/, the office's side under /staff/forums/."""

from django.urls import URLPattern, path

from surveys.forums.meetings.views import desk, minutes, public, taking_part, voices

_DESK = "staff/forums/<slug:code>/"
_PUBLIC = "forums/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("forums/", public.forum_list, name="forums"),
    path("forums/yours/", taking_part.yours, name="forum-yours"),
    path("forums/yours/cancel/", taking_part.yours_cancel, name="forum-yours-cancel"),
    path("forums/yours/object/", minutes.yours_object, name="forum-yours-object"),
    path("forums/yours/sign/", minutes.yours_sign, name="forum-yours-sign"),
    path("forums/yours/leave/", taking_part.yours_leave, name="forum-yours-leave"),
    path("forums/photos/<slug:key>/", public.photo, name="forum-photo"),
    path(_PUBLIC, public.forum, name="forum"),
    path(f"{_PUBLIC}calendar.ics", public.calendar, name="forum-calendar"),
    path(f"{_PUBLIC}register/", taking_part.register, name="forum-register"),
    path(f"{_PUBLIC}here/", taking_part.here, name="forum-here"),
    path(f"{_PUBLIC}questions/", voices.questions, name="forum-questions"),
    path(f"{_PUBLIC}minutes/", minutes.public_minutes, name="forum-minutes"),
    path(f"{_PUBLIC}minutes.json", minutes.minutes_text, name="forum-minutes-text"),
    path("staff/forums/", desk.forum_list, name="desk-forums"),
    path("staff/forums/new/", desk.forum_new, name="desk-forum-new"),
    path(_DESK, desk.forum_detail, name="desk-forum"),
    path(f"{_DESK}change/", desk.forum_change, name="desk-forum-change"),
    path(f"{_DESK}do/<slug:verb>/", desk.forum_act, name="desk-forum-act"),
    path(f"{_DESK}cancel/", desk.forum_cancel, name="desk-forum-cancel"),
    path(f"{_DESK}invite/", desk.forum_invite, name="desk-forum-invite"),
    path(f"{_DESK}attendance/", desk.forum_attendance, name="desk-forum-attendance"),
    path(f"{_DESK}people/", desk.forum_people, name="desk-forum-people"),
    path(f"{_DESK}people/<slug:kind>/<int:pk>/forget/", desk.person_forget, name="desk-forum-forget"),
    path(f"{_DESK}photos/", desk.forum_photos, name="desk-forum-photos"),
    path(f"{_DESK}photos/<int:pk>/", desk.photo_show, name="desk-forum-photo"),
    path(f"{_DESK}wall/", desk.forum_wall, name="desk-forum-wall"),
    path(f"{_DESK}notes/", voices.notes, name="desk-forum-notes"),
    path(f"{_DESK}notes/say/", voices.notes_say, name="desk-forum-notes-say"),
    path(f"{_DESK}notes/worker.js", voices.notes_worker, name="desk-forum-notes-worker"),
    path(f"{_DESK}minutes/", minutes.desk_minutes, name="desk-forum-minutes"),
    path(f"{_DESK}minutes/write/", minutes.minutes_write, name="desk-minutes-write"),
    path(f"{_DESK}minutes/do/<slug:verb>/", minutes.minutes_act, name="desk-minutes-act"),
    path(f"{_DESK}minutes/objections/<int:pk>/", minutes.minutes_answer, name="desk-minutes-answer"),
    path(
        f"{_DESK}minutes/representative/", minutes.minutes_representative, name="desk-minutes-representative"
    ),
    path(f"{_DESK}minutes/objections/<int:pk>/erase/", minutes.minutes_erase, name="desk-minutes-erase"),
    path(f"{_DESK}minutes/paper/", minutes.minutes_paper, name="desk-minutes-paper"),
    path(f"{_DESK}minutes/scans/<int:pk>/", minutes.minutes_scan, name="desk-minutes-scan"),
]
