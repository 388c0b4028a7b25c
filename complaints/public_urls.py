"""Paths of the public pages."""

from django.urls import URLPattern, path

from complaints.views import files, filing, home, tracking

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("complaints/new/", filing.complaint_new, name="complaint-new"),
    path("complaints/track/", tracking.complaint_track, name="complaint-track"),
    path("complaints/mine/", tracking.mine, name="mine"),
    path("complaints/mine/answer/", tracking.mine_answer, name="mine-answer"),
    path("complaints/mine/confirm/", tracking.mine_confirm, name="mine-confirm"),
    path("complaints/mine/dispute/", tracking.mine_dispute, name="mine-dispute"),
    path("complaints/mine/withdraw/", tracking.mine_withdraw, name="mine-withdraw"),
    path("complaints/mine/files/", tracking.mine_files, name="mine-files"),
    path("complaints/mine/second/", tracking.mine_second, name="mine-second"),
    path("complaints/mine/leave/", tracking.mine_leave, name="mine-leave"),
    path("files/<slug:key>/", files.file, name="file"),
]
