"""The proof of a case as a file, on either side of the counter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from complaints.files.views import download
from complaints.ledger.proofs import NoHead, as_file, is_all_signed, proof_for
from complaints.models import Complaint


def download_proof(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse | None:
    """None, with a word to the reader, while nothing of the case is signed yet. What is signed in part only says so
    in its name: whoever is given the file has not seen the page."""
    try:
        proof = proof_for(case, actor)
    except NoHead:
        messages.info(request, _("There is no proof yet: the history is signed once an hour."))
        return None
    name = "proof" if is_all_signed(proof) else "proof-not-all-signed"
    return download(as_file(proof), f"{case.number}-{name}.json", "application/json")
