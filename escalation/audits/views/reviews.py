"""One drawn case: its file beside the checklist, and afterwards both reviews beside each other."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from complaints.desk.access import case_or_404, refusals, staff, staff_page
from complaints.desk.case_page import case_context
from complaints.desk.perform import perform
from complaints.services.change import NotPossible
from escalation.audits.forms import AgreeForm, ReviewForm
from escalation.audits.models import Answer, AuditItem, AuditQuestion, AuditReview
from escalation.audits.reading import Complete, place_among
from escalation.audits.services import (
    FIRST,
    SECOND,
    agree,
    differing,
    finish_review,
    item_for,
    may_release,
    place_of,
    release,
    save_draft,
    stuck_review,
)
from escalation.rights import EscalationAct


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(EscalationAct.AUDIT)
def audit_review(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """The checklist for whoever is to answer it; for all others, and later, what was answered."""
    item = _item_or_404(request, pk, number)
    questions = list(item.sample.checklist.questions.all())
    if request.method != "POST":
        return _page(request, item, questions)
    is_final = "final" in request.POST
    form = ReviewForm(request.POST, questions=questions, is_final=is_final)
    done = _("The review is final and stands on the case's history.")
    sample, here = ("escalation:audit-detail", pk), ("escalation:audit-review", pk, number)
    return perform(
        request,
        form,
        partial(finish_review if is_final else save_draft, pk, number),
        page=lambda status: _page(request, item, questions, form=form, status=status),
        to=lambda _review: redirect(*(sample if is_final else here)),
        done=done if is_final else _("The draft is saved. Nobody else sees it."),
    )


@require_POST
@staff_page(EscalationAct.AUDIT)
def audit_agree(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """What both reviewers agreed on where they had differed."""
    item = _item_or_404(request, pk, number)
    questions = list(item.sample.checklist.questions.all())
    open_to_do = differing(item.reviews.order_by("place"))
    form = AgreeForm(request.POST, questions=[q for q in questions if q.code in open_to_do])
    return perform(
        request,
        form,
        partial(agree, pk, number),
        page=lambda status: _page(request, item, questions, agree_form=form, status=status),
        to=lambda _item: redirect("escalation:audit-review", pk, number),
        done=_("What you agreed on is on record and counts in the results."),
    )


@require_POST
@staff_page(EscalationAct.AUDIT)
def audit_release(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Lets a case count with one review where the other cannot be made any more."""
    user, item = staff(request), _item_or_404(request, pk, number)
    try:
        with refusals():
            release(pk, number, actor=user, now=timezone.now())
    except NotPossible as error:
        messages.warning(request, str(error))
        questions = list(item.sample.checklist.questions.all())
        return _page(request, item, questions, status=409)
    messages.success(request, _("The case counts in the results with one review."))
    return redirect("escalation:audit-review", pk, number)


def _item_or_404(request: HttpRequest, pk: int, number: str) -> AuditItem:
    try:
        return item_for(pk, number, staff(request))
    except AuditItem.DoesNotExist:
        raise Http404 from None


def _page(
    request: HttpRequest,
    item: AuditItem,
    questions: list[AuditQuestion],
    *,
    form: ReviewForm | None = None,
    agree_form: AgreeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, place = staff(request), place_of(item, staff(request))
    reviews = list(item.reviews.select_related("event__content", "reviewer").order_by("place"))
    mine = next((review for review in reviews if review.place == place), None)
    compared = _compared(item, questions, reviews, mine)
    is_open = place is not None and not compared["is_complete"] and (mine is None or not mine.is_final)
    if is_open and form is None:
        form = ReviewForm(questions=questions, review=mine)
    case = case_or_404(user, item.complaint.number)
    context = case_context(case, user, timezone.now(), whole=True) | {
        "item": item,
        "sample": item.sample,
        **place_among(item, user),
        "review_form": form if is_open else None,
        "waits_for": _waits_for(item, reviews, user),
        "may_release": (stuck := stuck_review(item)) is not None and may_release(item, stuck, user),
        **compared,
    }
    if context["unsettled"] and place is not None:
        open_questions = [q for q in questions if q.code in context["unsettled"]]
        context["agree_form"] = agree_form or AgreeForm(questions=open_questions)
    return render(request, "audits/review.html", context, status=status)


def _waits_for(item: AuditItem, reviews: list[AuditReview], user: User) -> list[str]:
    """The names of those whose review is not final yet, other than the reader."""
    done = {review.place for review in reviews if review.is_final}
    if done and not item.is_twice:
        return []
    wanted = {FIRST: item.sample.drawn_by, **({SECOND: item.sample.second_reviewer} if item.is_twice else {})}
    return [who.name for place, who in wanted.items() if who and place not in done and who.pk != user.pk]


def _compared(
    item: AuditItem, questions: list[AuditQuestion], reviews: list[AuditReview], mine: AuditReview | None
) -> dict[str, Any]:
    """The reviews that this reader may see: all once all are final, before that their own final one."""
    final = [review for review in reviews if review.is_final]
    complete = len(final) == (SECOND if item.is_twice else FIRST)
    shown = final if complete else [review for review in final if review is mine]
    unsettled = differing(shown) if item.agreed_event_id is None else set()
    lines = [
        {
            "question": question,
            "answers": [Answer(review.answers[question.code]).label for review in shown],
            "agreed": Answer(item.agreed[question.code]).label if question.code in item.agreed else "",
            "differs": len({review.answers[question.code] for review in shown}) > 1,
        }
        for question in questions
    ]
    words = Complete(item, shown, item.rank).agreed_words
    return {
        "is_complete": complete,
        "shown": shown,
        "lines": lines,
        "unsettled": unsettled,
        "agreed_words": words,
    }
