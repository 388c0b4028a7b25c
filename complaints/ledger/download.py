"""The proof of a case as a file, on either side of the counter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from complaints.files.views import download
from complaints.ledger.proofs import NoHead, as_file, proof_for
from complaints.models import Complaint


def download_proof(request: HttpRequest, case: Complaint, actor: Actor) -> HttpResponse | None:
    """None, with a word to the reader, while no head is signed yet."""
    try:
        proof = proof_for(case, actor)
    except NoHead:
        messages.info(request, _("There is no proof yet: the history is signed once an hour."))
        return None
    return download(as_file(proof), f"{case.number}-proof.json", "application/json")
