"""The one way of a staff action: a form that was sent, the service that does what it says, the page that answers."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.desk.access import refusals, staff
from complaints.desk.forms.actions import StaffForm
from complaints.desk.unsent import Unsent
from complaints.files import storage
from complaints.models import Attachment
from complaints.services.change import NotPossible


def perform(
    request: HttpRequest,
    form: StaffForm,
    service: Callable[..., Any],
    *,
    page: Callable[[int], HttpResponse],
    to: Callable[[Any], HttpResponse],
    done: str | Promise = "",
    invalid: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    """Does what the form says, as who is signed in.

    `page` shows the form again under a status: `invalid` when it is filled in wrongly, 409 with the reason when
    it is not possible. `to` answers when it is done, with what the service gave back. A Conflict is the caller's.
    """
    unsent = Unsent.named(request)
    if unsent:
        unsent.take(request, timezone.now())
        unsent.tell(form)
    if not form.is_valid():
        return page(invalid)
    user, now = staff(request), timezone.now()
    try:
        with refusals():
            result = service(actor=user, now=now, **_given(form, user, now))
    except NotPossible as error:
        form.add_error(None, str(error))
        return page(HTTPStatus.CONFLICT)
    if unsent:
        unsent.forget()
    if done:
        messages.success(request, str(done))
    return to(result)


def _given(form: StaffForm, user: User, now: datetime) -> dict[str, Any]:
    """The arguments of the service. Uploads are made harmless before it locks the case: that is slow."""
    arguments = form.arguments()
    if "attachments" in arguments:
        uploads = arguments.pop("attachments")
        arguments["files"] = _take_files(uploads, user, now) if form.kept is None else form.kept
    return arguments


def _take_files(uploads: list[Any], user: User, now: datetime) -> list[Attachment]:
    """NotPossible when one is refused; then none is kept."""
    if not uploads:
        return []
    digest = token_hex(32)
    try:
        received = storage.receive_all(uploads, digest=digest, now=now, added_by=user)
    except storage.StorageFull as full:
        later = _("Try again later.")
        raise NotPossible(lazystr(f"{full.reason} {later}")) from None
    if received.problems:
        for draft in received.kept:
            storage.discard(draft)
        again = _("Nothing was saved. Attach the files again.")
        raise NotPossible(lazystr(" ".join([*received.problems, str(again)])))
    return received.kept
