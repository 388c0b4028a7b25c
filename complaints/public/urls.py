"""Paths of the public pages."""

from django.urls import URLPattern, path

from complaints.files import views as files
from complaints.public.views import filing, home, ledger, proofs, tracking

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
    path("complaints/mine/second/", tracking.mine_react, name="mine-react"),
    path("complaints/mine/outside/", tracking.mine_outside, name="mine-outside"),
    path("complaints/mine/proof/", proofs.mine_proof, name="mine-proof"),
    path("complaints/mine/leave/", tracking.mine_leave, name="mine-leave"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/heads.txt", ledger.heads_file, name="ledger-heads"),
    path("ledger/gaps.txt", ledger.gaps_file, name="ledger-gaps"),
    path("ledger/heads/<int:size>/", ledger.head, name="ledger-head"),
    path("ledger/consistency/", ledger.consistency, name="ledger-consistency"),
    path("ledger/key.txt", ledger.key, name="ledger-key"),
    path("ledger/tuntas_verify.py", ledger.verify_script, name="ledger-verify"),
    path("files/<slug:key>/", files.file, name="file"),
]
