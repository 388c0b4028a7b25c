"""The desk of inputs: the queue, one input with what can be done, a finding, gathering several at once."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import role_of
from accounts.models import User
from complaints.desk.access import refusals, staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.desk.perform import perform
from complaints.paging import BadCursor
from complaints.permissions import role_may
from complaints.services.change import NotPossible
from surveys.forums.inputs import desk
from surveys.forums.inputs.additions import act_links
from surveys.forums.inputs.desk_forms import (
    AnswerForm,
    BecomeCaseForm,
    DeclineForm,
    EraseForm,
    GatherForm,
    HideForm,
    InputFilterForm,
    NameForm,
    PassOnForm,
)
from surveys.forums.inputs.models import InputMark
from surveys.forums.inputs.services import answering, gathering, moderating, naming
from surveys.forums.inputs.services.erasing import erase_contact
from surveys.forums.models import Contact, Finding, ForumInput
from surveys.rights import SurveyAct

CURSOR = "from"
View = Callable[..., HttpResponse]


def lost_is_404(view: View) -> View:
    """What went out of scope between the page and the act does not exist."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except (ForumInput.DoesNotExist, Finding.DoesNotExist):
            raise Http404 from None

    return guarded


def input_or_404(user: User, number: str) -> ForumInput:
    rows = ForumInput.objects.visible_to(user).select_related(
        "words", "forum", "agency", "service", "finding", "complaint", "contact", "slip__photo", "parent"
    )
    found: ForumInput | None = rows.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def finding_or_404(user: User, number: str) -> Finding:
    rows = Finding.objects.visible_to(user).select_related("forum", "agency", "service")
    found: Finding | None = rows.filter(number=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
@staff_page(SurveyAct.SEE_INPUTS)
def input_list(request: HttpRequest) -> HttpResponse:
    return _list(request, GatherForm())


def _list(request: HttpRequest, gather: GatherForm, status: int = 200) -> HttpResponse:
    user, now = staff(request), timezone.now()
    form = InputFilterForm(request.GET, actor=user)
    rows = desk.narrowed(user, form, now)
    try:
        page = desk.page_of_queue(rows, form, request.GET.get(CURSOR, ""))
    except BadCursor:
        page, status = desk.page_of_queue(rows, form, ""), 400
    context = {
        "form": form,
        "page": page,
        "now": now,
        "gather": gather if role_may(role_of(user), SurveyAct.ANSWER_INPUT) else None,
        "late": ForumInput.objects.visible_to(user).overdue(now).count(),
        "waiting": ForumInput.objects.visible_to(user).waiting().count(),
        "next_url": _beside(request, page.next),
        "previous_url": _beside(request, page.previous),
    }
    return render(request, "inputs/list.html", context, status=400 if form.errors else status)


def _beside(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query[CURSOR] = cursor
    return f"{request.path}?{query.urlencode()}" if cursor else ""


@require_POST
@staff_page(SurveyAct.ANSWER_INPUT)
@lost_is_404
def input_gather(request: HttpRequest) -> HttpResponse:
    """The ticked rows become one finding, or join one that is there."""
    form, user = GatherForm(request.POST), staff(request)
    rows = ForumInput.objects.visible_to(user).filter(number__in=request.POST.getlist("number"))
    keys = list(rows.values_list("pk", flat=True))

    def gather(*, idempotency_key: str, title: str, into: str, **common: Any) -> Finding:
        if into:
            return gathering.add(finding_or_404(user, into.upper()), keys, **common)
        return gathering.gather(keys, title, idempotency_key=idempotency_key, **common)

    return perform(
        request,
        form,
        gather,
        page=lambda status: _list(request, form, status),
        to=lambda finding: redirect("surveys:finding-detail", finding.number),
        done=_("Gathered. What you decide here is decided on each of them."),
    )


@require_safe
@staff_page(SurveyAct.SEE_INPUTS)
def input_detail(request: HttpRequest, number: str) -> HttpResponse:
    return _detail(request, input_or_404(staff(request), number))


def _detail(request: HttpRequest, row: ForumInput, status: int = 200, **bound: StaffForm) -> HttpResponse:
    user = staff(request)
    marks = InputMark.objects.filter(input=row, cleared_at=None).select_related("user__agency")
    acts = desk.acts_on(row, user, bound)
    context = acts | {
        "row": row,
        "now": timezone.now(),
        "steps": row.steps.select_related("actor").order_by("pk"),
        "marks": marks,
        "may_clear": role_may(role_of(user), SurveyAct.CLEAR_SPOKEN_OF),
        "links": act_links(row.number, role_of(user)) if acts["may_promise"] else [],
    }
    return render(request, "inputs/detail.html", context, status=status)


def _act(request: HttpRequest, number: str, name: str, form: StaffForm, do: Any, done: str) -> HttpResponse:
    """One act on one input; a refusal shows its page again with the reason."""
    row = input_or_404(staff(request), number)

    def again(status: int) -> HttpResponse:
        return _detail(request, input_or_404(staff(request), number), status, **{name: form})

    return perform(
        request,
        form,
        partial(do, row),
        page=again,
        to=lambda _done: redirect("surveys:input-list"),
        done=done,
    )


def _on_input(service: Any) -> Any:
    def do(row: ForumInput, *, actor: User, **arguments: Any) -> Any:
        about = answering.about_input(row.pk, actor=actor)
        return service(about, actor=actor, **arguments)

    return do


def _by_key(service: Any) -> Any:
    def do(row: ForumInput, **arguments: Any) -> Any:
        return service(row.pk, **arguments)

    return do


def _erase(row: ForumInput, *, actor: User, **arguments: Any) -> Any:
    if not moderating.moderates(actor, row) or row.contact is None:
        raise NotPossible(moderating.DONE_ALREADY)
    return erase_contact(Contact.objects.get(pk=row.contact.pk), actor=actor, **arguments)


ACTS: dict[str, tuple[type[StaffForm], Any, SurveyAct]] = {
    "answer": (AnswerForm, _on_input(answering.answer), SurveyAct.ANSWER_INPUT),
    "decline": (DeclineForm, _on_input(answering.decline), SurveyAct.ANSWER_INPUT),
    "case": (BecomeCaseForm, _on_input(answering.become_case), SurveyAct.ANSWER_INPUT),
    "pass-on": (PassOnForm, _by_key(answering.pass_on), SurveyAct.ROUTE_INPUT),
    "hide": (HideForm, _by_key(moderating.hide), SurveyAct.MODERATE),
    "unhide": (StaffForm, _by_key(moderating.unhide), SurveyAct.MODERATE),
    "show": (StaffForm, _by_key(moderating.let_through), SurveyAct.MODERATE),
    "split": (StaffForm, _by_key(gathering.split), SurveyAct.ANSWER_INPUT),
    "name": (NameForm, _by_key(naming.name_person), SurveyAct.NAME_SPOKEN_OF),
    "erase": (EraseForm, _erase, SurveyAct.ERASE_SPEAKER),
}


@require_POST
@staff_page(SurveyAct.SEE_INPUTS)
@lost_is_404
def input_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    form_class, service, right = ACTS[act]
    user = staff(request)
    input_or_404(user, number)
    if not role_may(role_of(user), right):
        raise PermissionDenied
    extra = {"actor": user} if form_class is NameForm else {}
    form = form_class(request.POST, auto_id=f"{act}-%s", **extra)
    return _act(request, number, act, form, service, _("Done. Whoever took part is told."))


@require_POST
@staff_page(SurveyAct.CLEAR_SPOKEN_OF)
@lost_is_404
def mark_clear(request: HttpRequest, number: str, user_id: int) -> HttpResponse:
    row = input_or_404(staff(request), number)
    mark = InputMark.objects.filter(input=row, user=user_id, cleared_at=None).select_related("user").first()
    if mark is None:
        raise Http404
    with refusals():
        naming.clear_person(row.pk, actor=staff(request), now=timezone.now(), user=mark.user)
    messages.success(request, _("The mark was taken back."))
    return redirect("surveys:input-detail", number)


@require_safe
@staff_page(SurveyAct.SEE_INPUTS)
def finding_detail(request: HttpRequest, number: str) -> HttpResponse:
    return _finding(request, finding_or_404(staff(request), number))


def _finding(request: HttpRequest, finding: Finding, status: int = 200, **bound: StaffForm) -> HttpResponse:
    user = staff(request)
    acts = desk.acts_on_finding(finding, user, bound)
    context = acts | {
        "finding": finding,
        "rows": finding.inputs.select_related("words", "forum", "finding", "complaint").order_by("pk"),
        "steps": finding.steps.select_related("actor").order_by("pk"),
        "links": act_links(finding.number, role_of(user)) if acts["may_promise"] else [],
        "now": timezone.now(),
    }
    return render(request, "inputs/finding.html", context, status=status)


@require_POST
@staff_page(SurveyAct.ANSWER_INPUT)
@lost_is_404
def finding_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    if act not in ("answer", "decline", "case"):
        raise Http404
    form_class = ACTS[act][0]
    service = {"answer": answering.answer, "decline": answering.decline, "case": answering.become_case}[act]
    finding = finding_or_404(staff(request), number)
    form = form_class(request.POST, auto_id=f"{act}-%s")

    def do(*, actor: User, **arguments: Any) -> Any:
        return service(answering.about_finding(finding.pk, actor=actor), actor=actor, **arguments)  # type: ignore[operator]

    return perform(
        request,
        form,
        do,
        page=lambda status: _finding(request, finding_or_404(staff(request), number), status, **{act: form}),
        to=lambda _step: redirect("surveys:finding-detail", number),
        done=_("Done. Whoever took part is told."),
    )
