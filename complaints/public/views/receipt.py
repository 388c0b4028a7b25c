"""The receipt: the one page on which the secret code stands.

No address, no session and no log ever holds the code. It is worked out anew from the sealed secret of the form, as long
as that is kept (kept.py); somebody without a name sees it once, since nothing of them stays in the browser.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actors import Citizen
from complaints.clock.calendars import build, calendar_for
from complaints.clock.dates import day_words, moment_words, why_later
from complaints.models import Complaint
from complaints.models.catalogue import Kind
from complaints.numbers import show_receipt
from complaints.peppers import code_behind
from complaints.public.kept import kept
from complaints.public.qr import qr_picture
from complaints.services.intake import Receipt
from complaints.states import State

NUMBER, CODE, PICTURE, RECEIVED, HERE = (
    f"0{name}0comes0here0" for name in ("number", "code", "qr", "moment", "path")
)
KEPT_PAGES = 200
_pages: dict[tuple[Any, ...], str] = {}


@require_safe
def complaint_receipt(request: HttpRequest, draft: str) -> HttpResponse:
    """The receipt of a form that was sent by its page."""
    now = timezone.now()
    state = kept(request, draft, now)
    sent = state.get("sent") if state else None
    case = Complaint.objects.visible_to(Citizen(sent)).first() if sent else None
    if state is None or case is None or case.receipt_digest is None:  # erased since
        messages.info(request, _("This receipt is not shown any more. Enter its code to see your report."))
        return redirect("complaints:complaint-track")
    code = code_behind(case.receipt_digest, lambda _pepper: str(state["secret"]))
    calendar = calendar_for(None)[0] if state["is_new"] else None
    receipt = Receipt(case, code, is_new=state["is_new"], calendar=calendar, has_mail=state["has_mail"])
    return receipt_page(request, receipt, status=200)


def receipt_page(request: HttpRequest, receipt: Receipt, *, status: int = 0) -> HttpResponse:
    """As an answer to a POST 201 for a new case, 200 when the same form was sent again."""
    case = receipt.case
    own = {
        NUMBER: case.number,
        CODE: show_receipt(receipt.code),
        PICTURE: qr_picture(receipt.code),
        RECEIVED: moment_words(case.received_at),
        HERE: request.path,
    }
    # Who is shown it once must not lose it to a switch of the language.
    is_lasting = request.method != "POST" and not case.is_anonymous
    page = _page_without_secrets(receipt, is_lasting=is_lasting)
    for mark, value in own.items():
        page = page.replace(mark, escape(value))
    response = HttpResponse(page, status=status or (201 if receipt.is_new else 200))
    add_never_cache_headers(response)
    if case.is_anonymous:
        forget_visitor(request, response)
    return response


def _page_without_secrets(receipt: Receipt, *, is_lasting: bool) -> str:
    """The page with marks where this case's own number, code, picture and moment go.

    All else is the same for everybody who files on the same day with the same switches, and is kept.
    """
    case = receipt.case
    steps = next_steps(case)
    # Said once, when it arrives: what follows later is on the case's own page.
    later = why_later(case.received_at, build(receipt.calendar)) if receipt.calendar else ""
    lines = readers(case)
    notes = tuple(step["note"] for step in steps)
    key = (
        get_language(),
        receipt.is_new,
        case.is_anonymous,
        receipt.has_mail,
        is_lasting,
        later,
        tuple(lines),
        notes,
    )
    page = _pages.get(key)
    if page is None:
        context = {
            "case": {"number": NUMBER, "is_anonymous": case.is_anonymous},
            "code": CODE,
            "qr": PICTURE,
            "is_new": receipt.is_new,
            "next_steps": steps,
            "why_later": later,
            "readers": lines,
            "has_mail": receipt.has_mail,
            "is_lasting": is_lasting,
        }
        nobody = HttpRequest()
        nobody.path = nobody.path_info = HERE
        page = render_to_string("complaints/public/receipt.html", context, nobody)
        if len(_pages) >= KEPT_PAGES:
            _pages.clear()
        _pages[key] = page
    return page


def next_steps(case: Complaint) -> list[dict[str, Any]]:
    """What happens next and by when, for the component steps. The moment of receipt is a mark."""
    checked = day_words(case.due_at) if case.due_at and case.state == State.SUBMITTED else ""
    answered = day_words(case.target_at) if case.target_at else ""
    return [
        {"label": _("Received"), "state": "done", "note": RECEIVED},
        {
            "label": _("A verifier reads it and passes it to the right agency"),
            "state": "current",
            "note": _("by %(day)s") % {"day": checked} if checked else "",
        },
        {
            "label": _("The agency works on it and answers you"),
            "state": "todo",
            "note": _("by %(day)s") % {"day": answered} if answered else "",
        },
        {"label": _("You say whether it is solved"), "state": "todo", "note": _("with your receipt code")},
    ]


def readers(case: Complaint) -> list[str]:
    """Who will read the report, and who will not, in sentences."""
    lines = [_("The city's verifiers, and the officers of the agency that answers.")]
    if case.kind == Kind.OVERSIGHT:
        lines = [_("The city's verifiers and the inspectorate only, never the office or person it is about.")]
    lines.append(_("Supervisors, who check that nobody is left without an answer."))
    if case.is_anonymous:
        lines.append(_("Nobody knows who you are: nothing about you was kept."))
    elif case.is_confidential:
        lines.append(_("Your name and contact are locked away from the agency."))
    return lines


def forget_visitor(request: HttpRequest, response: HttpResponse) -> None:
    """Leaves no cookie in the browser of someone who chose to be anonymous."""
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    ours = (
        settings.CSRF_COOKIE_NAME,
        settings.SESSION_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        "messages",
    )
    for name in ours:
        if name in request.COOKIES:
            response.delete_cookie(name, samesite="Lax")
