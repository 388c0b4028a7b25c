"""Meetings: what everybody reads and does under /forums/, the office's side under /staff/forums/."""

from django.urls import URLPattern, path

from surveys.forums.meetings.views import desk, public, taking_part

_DESK = "staff/forums/<slug:code>/"
_PUBLIC = "forums/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("forums/", public.forum_list, name="forums"),
    path("forums/yours/", taking_part.yours, name="forum-yours"),
    path("forums/yours/cancel/", taking_part.yours_cancel, name="forum-yours-cancel"),
    path("forums/yours/leave/", taking_part.yours_leave, name="forum-yours-leave"),
    path("forums/photos/<slug:key>/", public.photo, name="forum-photo"),
    path(_PUBLIC, public.forum, name="forum"),
    path(f"{_PUBLIC}calendar.ics", public.calendar, name="forum-calendar"),
    path(f"{_PUBLIC}register/", taking_part.register, name="forum-register"),
    path(f"{_PUBLIC}here/", taking_part.here, name="forum-here"),
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
]
