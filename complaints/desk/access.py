"""How a desk page reaches a case, and how it answers when it may not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse

from accounts.actors import role_of
from accounts.models import User
from complaints.database.kept_statements import rows_of
from complaints.desk.additions import CASE_PANELS
from complaints.desk.looks import with_marks
from complaints.models import Attachment, Complaint, ReportedParty
from complaints.models.complaint import Complaints
from complaints.names import OF_A_CASE, with_names
from complaints.permissions import Right, role_may
from complaints.querysets import scope_of
from complaints.services.change import NotAllowed

View = Callable[..., HttpResponse]


def staff_page(*rights: Right) -> Callable[[View], View]:
    """For signed-in staff whose role has all of these rights over some case; else 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(_page_to_come_back_to(request))
            role = role_of(staff(request))
            if not all(role_may(role, right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _page_to_come_back_to(request: HttpRequest) -> str:
    """After signing in: what was asked for; of what was sent the page on which its form stood, since few such paths can
    be asked for. Those of the acts of a case can: they open the case with that form."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    match = request.resolver_match
    is_act = match is not None and {"number", "slug"} <= match.kwargs.keys()
    if request.method == "POST" and not is_act and came_from.netloc == request.get_host():
        return urlunsplit(("", "", came_from.path, came_from.query, ""))
    return request.get_full_path()


def staff(request: HttpRequest) -> User:
    """The signed-in person, behind `staff_page`."""
    assert isinstance(request.user, User)
    return request.user


# Most cases have none of these: one statement says so, instead of one each.
PARTIES = ReportedParty.objects.select_related("user", "agency")
MARKS: dict[str, Exists | Q] = {
    "has_parties": Exists(ReportedParty.objects.filter(complaint=OuterRef("pk"))),
    "has_files": Exists(Attachment.objects.filter(complaint=OuterRef("pk"))),
    "has_neighbours": Exists(Complaint.objects.filter(parent=OuterRef("pk")))
    | Exists(Complaint.objects.filter(merged_into=OuterRef("pk"))),
}


def case_or_404(user: User, number: str) -> Complaint:
    """The case in this person's scope, with the names that its page shows, its files and whom it is about; and marks of
    what else there is about it."""
    found = rows_of(("case", *scope_of(user)), number, f"{number}?", partial(_as_seen_by, user))
    if not found:
        raise Http404
    [case] = found
    with_names([case], OF_A_CASE)
    _read(case, "has_parties", "reported_parties", PARTIES)
    _read(case, "has_files", "attachments", Attachment.objects.all())
    return case


def _as_seen_by(user: User, number: str) -> Complaints:
    cases = with_marks(Complaint.objects.visible_to(user), user).select_related("complainant")
    marks = MARKS | {panel.mark: panel.rows for panel in CASE_PANELS if panel.rows}
    return cases.annotate(**marks).filter(number=number).order_by()


def _read(case: Complaint, mark: str, name: str, rows: QuerySet[Any]) -> None:
    if getattr(case, mark):
        prefetch_related_objects([case], Prefetch(name, rows))
        return
    none = rows.none()
    none._result_cache = []  # as prefetched: else it is put together before it is found to be empty
    vars(case).setdefault("_prefetched_objects_cache", {})[name] = none


@contextmanager
def refusals() -> Iterator[None]:
    """Out of scope is 404, in scope without the right 403."""
    try:
        yield
    except Complaint.DoesNotExist:
        raise Http404 from None
    except NotAllowed:
        raise PermissionDenied from None
