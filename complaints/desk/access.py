"""How a desk page reaches a case, and how it answers when it may not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.actors import role_of
from accounts.models import User
from complaints.models import Complaint
from complaints.permissions import Right, role_may
from complaints.services.change import NotAllowed

View = Callable[..., HttpResponse]


def staff_page(*rights: Right) -> Callable[[View], View]:
    """For signed-in staff whose role has all of these rights over some case; else 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            role = role_of(staff(request))
            if not all(role_may(role, right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


def staff(request: HttpRequest) -> User:
    """The signed-in person, behind `staff_page`."""
    assert isinstance(request.user, User)
    return request.user


def case_or_404(user: User, number: str) -> Complaint:
    """The case in this person's scope, with what its page shows of its neighbours."""
    cases = Complaint.objects.visible_to(user).with_everything().select_related("referred_to")
    try:
        case: Complaint = cases.get(number=number)
    except Complaint.DoesNotExist:
        raise Http404 from None
    return case


@contextmanager
def refusals() -> Iterator[None]:
    """Out of scope is 404, in scope without the right 403."""
    try:
        yield
    except Complaint.DoesNotExist:
        raise Http404 from None
    except NotAllowed:
        raise PermissionDenied from None
