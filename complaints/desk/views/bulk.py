"""The same done to several cases at once: each by itself, so that one that cannot go does not hold up the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actors import role_of
from accounts.models import User
from complaints.desk.access import staff, staff_page
from complaints.desk.bulk_actions import BULK_ACTIONS
from complaints.desk.forms.bulk import BulkForm
from complaints.desk.unsent import Unsent
from complaints.models import Complaint
from complaints.models.complaint import Conflict
from complaints.permissions import Act, role_may
from complaints.services.change import NotAllowed, NotPossible

MOST = 100
SEPARATOR = "@"  # between the number of a ticked case and the version that was seen


@dataclass(frozen=True)
class Outcome:
    number: str
    problem: str = ""


@require_POST
@staff_page(Act.BULK)
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Does one thing to each of the ticked cases."""
    action = next(each for each in BULK_ACTIONS if each.slug == slug)
    user = staff(request)
    if not role_may(role_of(user), action.right):
        raise PermissionDenied
    form = action.form(request.POST, actor=user)
    unsent = Unsent.named(request)
    if unsent:
        unsent.take(request, timezone.now())
        form.draft_of = unsent.act
    ticked = list(dict.fromkeys(request.POST.getlist("cases")))
    problem = ""
    if not ticked:
        problem = _("No case was ticked.")
    elif len(ticked) > MOST:
        problem = _("At most %(count)d cases at once.") % {"count": MOST}
    outcomes: list[Outcome] = []
    if not problem and form.is_valid():
        outcomes = [_try(user, each, form, action.service) for each in ticked]
        if unsent and not any(each.problem for each in outcomes):
            unsent.forget_only(form.fields, timezone.now())
    context = {
        "title": action.title,
        "problem": problem,
        "form": form,
        "ticked": ticked,
        "went": [each for each in outcomes if not each.problem],
        "stayed": [each for each in outcomes if each.problem],
    }
    return render(request, "complaints/desk/bulk_result.html", context, status=200 if outcomes else 400)


def _try(user: User, ticked: str, form: BulkForm, service: Callable[..., object]) -> Outcome:
    number, _separator, version = ticked.partition(SEPARATOR)
    number = number[:24]
    case = Complaint.objects.visible_to(user).filter(number=number).only("pk", "number").first()
    if case is None or not version.isdecimal() or len(version) > 9:
        return Outcome(number, _("There is no such case."))
    try:
        service(case.pk, actor=user, now=timezone.now(), version=int(version), **form.arguments())
    except Complaint.DoesNotExist:
        return Outcome(number, _("There is no such case."))
    except Conflict:
        return Outcome(case.number, _("Somebody else changed this case meanwhile. Look at it again."))
    except NotAllowed:
        return Outcome(case.number, _("This case is no longer with you."))
    except NotPossible as error:
        return Outcome(case.number, str(error))
    return Outcome(case.number)
