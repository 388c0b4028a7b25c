"""Paths of the public pages."""

from django.urls import URLPattern, path

from complaints.files import views as files
from complaints.public.views import filing, filing_pages, home, ledger, proofs, receipt, tracking

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("complaints/new/", filing.complaint_new, name="complaint-new"),
    path("complaints/new/<slug:draft>/", filing_pages.complaint_draft, name="complaint-draft"),
    path("complaints/new/<slug:draft>/review/", filing_pages.complaint_review, name="complaint-review"),
    path("complaints/new/<slug:draft>/receipt/", receipt.complaint_receipt, name="complaint-receipt"),
    path("complaints/new/<slug:draft>/files/<slug:key>/", filing_pages.draft_file, name="draft-file"),
    path("complaints/track/", tracking.complaint_track, name="complaint-track"),
    path("complaints/track/lost/", tracking.lost_code, name="lost-code"),
    path("complaints/mine/", tracking.mine, name="mine"),
    path("complaints/mine/answer/", tracking.mine_answer, name="mine-answer"),
    path("complaints/mine/confirm/", tracking.mine_confirm, name="mine-confirm"),
    path("complaints/mine/dispute/", tracking.mine_dispute, name="mine-dispute"),
    path("complaints/mine/withdraw/", tracking.mine_withdraw, name="mine-withdraw"),
    path("complaints/mine/files/", tracking.mine_files, name="mine-files"),
    path("complaints/mine/second/", tracking.mine_react, name="mine-react"),
    path("complaints/mine/outside/", tracking.mine_outside, name="mine-outside"),
    path("complaints/mine/mail/", tracking.mine_mail, name="mine-mail"),
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
    path("files/<slug:key>/small/", files.file_small, name="file-small"),
]
