"""The pages of one case: on screen, on paper, and each thing done to it."""

from datetime import datetime
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import role_of
from complaints.desk.access import case_or_404, refusals, staff, staff_page
from complaints.desk.action_panels import Opened, reply_named
from complaints.desk.actions import BY_SLUG, Action
from complaints.desk.additions import CASE_LINKS, CaseLink
from complaints.desk.case_page import case_context, form_context, identity_shown
from complaints.desk.forms.actions import CaseForm, OpenIdentityForm
from complaints.desk.looks import look
from complaints.desk.next_case import LONGEST, address, list_address, next_case
from complaints.desk.perform import perform
from complaints.desk.unsent import Unsent, typed_in
from complaints.history.timeline import timeline_for
from complaints.models import Complaint
from complaints.models.complaint import Conflict
from complaints.permissions import Act, role_may
from complaints.services.change import NOT_NOW
from complaints.services.system import open_identity


@require_safe
@staff_page(Act.READ_WORDS)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    case = case_or_404(staff(request), number)
    whole = request.GET.get("history") == "all"
    now, opened = timezone.now(), Opened.by(request)
    context = case_context(case, staff(request), now, opened, whole=whole) | _from_list(case, opened.listing)
    if not opened.slug:  # what is new stays marked while somebody writes
        look(case, staff(request), now)
    return render(request, "complaints/desk/case.html", context)


def _from_list(case: Complaint, listing: str) -> dict[str, str]:
    """The ways to the list from which the page was opened, and on in it."""
    path = reverse("complaints:case-next", args=[case.number])
    return {
        "list_url": list_address(listing),
        "next_url": f"{path}?{urlencode({'list': listing})}" if listing else path,
    }


@require_safe
@staff_page(Act.READ_WORDS)
def go_on(request: HttpRequest, number: str) -> HttpResponse:
    """On to the case that comes next in the list."""
    listing = request.GET.get("list", "")
    return _onwards(request, case_or_404(staff(request), number), listing)


def _onwards(request: HttpRequest, case: Complaint, listing: str) -> HttpResponse:
    found = next_case(case, listing, staff(request), timezone.now())
    if found is None:
        messages.info(request, _("That was the last one of the list."))
        return redirect(list_address(listing))
    return redirect(address(found.number, listing))


@require_safe
@staff_page(Act.READ_WORDS)
def form(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """What stands in the fold of an action, for a page that is open already. 409 when the case is not as that page
    shows it any more: what is sent says which version its writer saw."""
    user = staff(request)
    case = case_or_404(user, number)
    if slug not in BY_SLUG:
        raise Http404
    if not role_may(role_of(user), BY_SLUG[slug].right):
        raise PermissionDenied
    if request.GET.get("seen") != str(case.version):
        return HttpResponse(status=409)
    link = _link_named(request.GET.get("back"))
    opened = Opened(slug, page=_page_of(case, link), listing=request.GET.get("list", "")[:LONGEST])
    context = form_context(case, user, timezone.now(), opened)
    if context is None:
        return HttpResponse(status=409)
    return render(request, "complaints/desk/_form.html", context | {"back": link.back if link else ""})


@require_safe
@staff_page(Act.READ_WORDS)
def print_view(request: HttpRequest, number: str) -> HttpResponse:
    """The case as pages of paper, as far as this person may read it."""
    case = case_or_404(staff(request), number)
    context = case_context(case, staff(request), timezone.now())
    return render(request, "complaints/desk/case_print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page()
def act(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Does one thing to the case; what was typed and chosen comes back with the reason when it cannot be done, also
    where the case is with others by now."""
    try:
        return _act(request, number, slug)
    except Http404:
        typed = typed_in(BY_SLUG[slug].form.base_fields, request.POST)
        if not typed:
            raise
        return render(request, "complaints/desk/case_gone.html", {"typed": typed}, status=404)


def _act(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    case, unsent = _unsent(request, number, slug)
    now = timezone.now()
    other = _page_of(case, _link_named(request.POST.get("back")))
    page = other or reverse("complaints:case-detail", args=[number])
    if request.method != "POST":  # back from signing in
        return redirect(f"{page}?do={slug}#do-{slug}")
    listing = request.POST.get("list", "")
    here = {"list": listing} if listing else {}
    if request.POST.get("forget"):
        unsent.forget()
        return redirect(f"{page}?{urlencode(here)}" if here else page)
    if request.POST.get("fill"):
        unsent.take(request, now, more=_reply_asked_for(request, case, BY_SLUG[slug], now))
        return redirect(f"{page}?{urlencode({'do': slug} | here)}#do-{slug}")
    unsent.take(request, now)
    return _done_or_again(request, case, BY_SLUG[slug], unsent)


@require_POST
@staff_page()
def draft(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Keeps a form while it is typed; answers with the files that are kept with it."""
    _case, unsent = _unsent(request, number, slug)
    unsent.take(request, timezone.now())
    context = {"files": unsent.files, "problems": unsent.problems}
    return render(request, "complaints/desk/_kept_files.html", context)


def _unsent(request: HttpRequest, number: str, slug: str) -> tuple[Complaint, Unsent]:
    """Whoever may not do it any more may still throw away what they had begun."""
    action, user = BY_SLUG[slug], staff(request)
    case = case_or_404(user, number)
    if not request.POST.get("forget") and not role_may(role_of(user), action.right):
        raise PermissionDenied
    return case, Unsent.of(user, case, action)


def _reply_asked_for(request: HttpRequest, case: Complaint, action: Action, now: datetime) -> str:
    identity = identity_shown(case, staff(request))
    return reply_named(request.POST.get("reply", ""), action, case, now, identity=identity)


def _done_or_again(request: HttpRequest, case: Complaint, action: Action, unsent: Unsent) -> HttpResponse:
    """What was sent is a draft by now, which goes when it is done."""
    user = unsent.person
    form = action.form_for(case)(
        request.POST, request.FILES, case=case, actor=user, auto_id=f"{action.slug}-%s"
    )
    unsent.tell(form)

    def done(changed: object) -> HttpResponse:
        unsent.forget()
        if isinstance(changed, Complaint):
            look(changed, user, timezone.now())  # one's own act is no news
        said = str(action.done)
        if user.goes_on and not request.POST.get("back"):
            messages.success(request, f"{case.number}: {said}")
            return _onwards(request, case, request.POST.get("list", ""))
        messages.success(request, said)
        return _back(request, case.number)

    try:
        return perform(
            request,
            form,
            partial(action.service, case.pk),
            page=lambda status: _refused(request, case, action, form, status=status),
            to=done,
            invalid=400,
        )
    except Conflict:
        return _conflict(request, case.number, action, form)
    except PermissionDenied:
        # Somebody moved the case out of this person's hands while they typed: show that, not a bare refusal.
        if form.seen_version == case.version:
            raise
        return _conflict(request, case.number, action, form)


def _back(request: HttpRequest, number: str) -> HttpResponse:
    """To the page of the case it was done on, or to the queue when the case has left this person's scope."""
    if not Complaint.objects.visible_to(staff(request)).filter(number=number).exists():
        return redirect("complaints:desk-queue")
    link = _link_named(request.POST.get("back"))
    if link:
        return redirect(link.url_name, number)
    return redirect(address(number, request.POST.get("list", "")))


def _link_named(asked: str | None) -> CaseLink | None:
    """The page other than the case page on which something was asked for."""
    return next((link for link in CASE_LINKS if asked and link.back == asked), None)


def _page_of(case: Complaint, link: CaseLink | None) -> str:
    return link.url(case) if link else ""


def _way_back(request: HttpRequest) -> dict[str, str]:
    """What a page takes that shows the form once more."""
    link = _link_named(request.POST.get("back"))
    return {"back": link.back if link else ""}


def _refused(
    request: HttpRequest, case: Complaint, action: Action, form: CaseForm, *, status: int
) -> HttpResponse:
    user = staff(request)
    if not action.is_open_to(user, case):
        is_news = form.seen_version not in (None, case.version)
        if not is_news and not form.non_field_errors():
            form.add_error(None, str(NOT_NOW))
        return _conflict(request, case.number, action, form)
    page, listing = (
        _page_of(case, _link_named(request.POST.get("back"))),
        request.POST.get("list", "")[:LONGEST],
    )
    opened = Opened(action.slug, bound=form, page=page, listing=listing)
    context = (
        case_context(case, user, timezone.now(), opened) | _way_back(request) | _from_list(case, listing)
    )
    return render(request, "complaints/desk/case.html", context, status=status)


def _conflict(request: HttpRequest, number: str, action: Action, form: CaseForm) -> HttpResponse:
    """409: what happened meanwhile beside what was typed; sending again is against the case as it is now."""
    user = staff(request)
    case = case_or_404(user, number)
    seen = form.seen_version or 0
    again: CaseForm | None = None
    if action.is_open_to(user, case):
        data = request.POST.copy()
        data["version"] = str(case.version)
        again = action.form_for(case)(data, case=case, actor=user, auto_id=f"{action.slug}-%s")
        again.errors.clear()
    context = {
        "case": case,
        "action": action,
        "form": again,
        "errors": form.non_field_errors(),
        "files": Unsent.of(user, case, action).files,
        "typed": [] if again else typed_in(form.fields, form.data),
        "news": [item for item in timeline_for(case, user) if item.seq > seen],
        **_way_back(request),
    }
    return render(request, "complaints/desk/case_conflict.html", context, status=409)


@require_POST
@staff_page(Act.OPEN_IDENTITY)
def identity(request: HttpRequest, number: str) -> HttpResponse:
    """A protected identity, shown once; the look and its motive become part of the history."""
    user = staff(request)
    case = case_or_404(user, number)
    form = OpenIdentityForm(request.POST, case=case, actor=user, auto_id="open-identity-%s")
    if not form.is_valid():
        context = case_context(case, user, timezone.now(), identity_form=form) | _from_list(case, "")
        return render(request, "complaints/desk/case.html", context, status=400)
    with refusals():
        found = open_identity(case.pk, actor=user, now=timezone.now(), motive=form.cleaned_data["motive"])
    return render(request, "complaints/desk/case_identity.html", {"case": case, "identity": found})
