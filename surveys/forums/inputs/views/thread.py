"""The thread of a forum in public: read, say, reply, support. Nothing here needs JavaScript or an account."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.identity import Identity
from complaints.paging import COUNT_CAP
from complaints.public.guards import refused_for_now
from complaints.services.change import NotPossible
from surveys.forums.inputs import thread
from surveys.forums.inputs.forms import ReplyForm, SayForm, SupportForm
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.inputs.services import saying, supporting
from surveys.forums.inputs.thread import BROWSER, browser_of
from surveys.forums.models import Forum, ForumInput

YEAR = 365 * 86400
SAY_PER_MINUTE, SUPPORT_PER_MINUTE = 6, 20
LOG_MOST = 200
NOT_PUBLIC = (StepKind.NAMED, StepKind.CLEARED, StepKind.REMINDED)
LOGGED = (StepKind.HIDDEN, StepKind.UNHIDDEN, StepKind.SWITCHED)


def forum_or_404(code: str) -> Forum:
    """A forum that was announced and has a thread."""
    forum: Forum | None = Forum.objects.public().filter(code=code, has_thread=True).first()
    if forum is None:
        raise Http404
    return forum


def _of_contribution(code: str, number: str) -> Forum:
    """A forum with a thread; without one, that of a question sent in beforehand, which has a page in any case."""
    forum: Forum | None = Forum.objects.public().filter(code=code).first()
    asked = ForumInput.objects.public().filter(number=number, forum=forum, source=ForumInput.Source.BEFORE)
    if forum is None or not (forum.has_thread or asked.exists()):
        raise Http404
    return forum


def language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


@require_safe
def forum_thread(request: HttpRequest, code: str) -> HttpResponse:
    return _thread(request, forum_or_404(code), SayForm())


def _thread(request: HttpRequest, forum: Forum, form: SayForm, status: int = 200) -> HttpResponse:
    order = request.GET.get("order", "")
    order = order if order in thread.ORDERS else thread.ORDERS[0]
    after = request.GET.get("after", "")
    now = timezone.now()
    page = thread.thread_page(forum, order, after, now, browser_of(request))
    rows = ForumInput.objects.public().filter(forum=forum)
    pending = ForumInput.objects.filter(forum=forum, visibility=ForumInput.Visibility.PENDING)
    context: dict[str, Any] = {
        "forum": forum,
        "page": page,
        "order": order,
        "is_first": not after,
        "form": form,
        "is_open": saying.is_thread_open(forum, now),
        "count": rows.order_by()[:COUNT_CAP].count(),
        "pending": pending.count(),
        "count_cap": COUNT_CAP,
    }
    return render(request, "forums/thread.html", context, status=status)


@require_POST
def say(request: HttpRequest, code: str) -> HttpResponse:
    forum, now, form = forum_or_404(code), timezone.now(), SayForm(request.POST)
    if not form.is_valid():
        return _thread(request, forum, form, 422)
    if refusal := refused_for_now(request, "say", SAY_PER_MINUTE, now):
        return refusal
    said = form.said(forum, ForumInput.Source.THREAD, language())
    row = _said(request, said, form, now)
    if row is None:
        return _thread(request, forum, form, 409)
    if row.visibility == ForumInput.Visibility.PENDING:
        return redirect("surveys:forum-thread", forum.code)
    return redirect("surveys:thread-input", forum.code, row.number)


def _said(request: HttpRequest, said: saying.Said, form: SayForm, now: datetime) -> ForumInput | None:
    """The input; None where the thread was closed, with the reason on the form."""
    try:
        row = saying.say(said, actor=None, now=now, idempotency_key=form.cleaned_data["secret"])
    except NotPossible as error:
        form.add_error(None, str(error))
        return None
    words = [_("Received under the number %(number)s.") % {"number": row.number}]
    if row.visibility == ForumInput.Visibility.PENDING:
        words.append(_("A moderator reads it before it is shown."))
    if form.cleaned_data.get("email"):
        words.append(_("If we may write to this address, a mail is on its way."))
    messages.success(request, " ".join(words))
    return row


@require_http_methods(["GET", "HEAD"])
def thread_input(request: HttpRequest, code: str, number: str) -> HttpResponse:
    return _contribution(request, _of_contribution(code, number), number)


def _contribution(
    request: HttpRequest, forum: Forum, number: str, status: int = 200, **forms: Any
) -> HttpResponse:
    now = timezone.now()
    try:
        page = thread.contribution(forum, number, request.GET.get("after", ""), now, browser_of(request))
    except ForumInput.DoesNotExist:
        raise Http404 from None
    entry = page.entries[0]
    context = {
        "forum": forum,
        "entry": entry,
        "page": page,
        "to": page.asked,
        "steps": _public_steps(entry.row),
        "reply_form": ReplyForm(),
        "support_form": SupportForm(),
        "is_open": saying.is_thread_open(forum, now),
    }
    return render(request, "forums/contribution.html", context | forms, status=status)


def _public_steps(row: ForumInput) -> QuerySet[InputStep]:
    """What happened to it, and to the finding under which it stands: what is decided on that is decided on it."""
    of_it = Q(input=row)
    if row.finding_id is not None:
        of_it |= Q(finding=row.finding_id)
    return InputStep.objects.filter(of_it).exclude(kind__in=NOT_PUBLIC).order_by("pk")


@require_POST
def reply(request: HttpRequest, code: str, number: str) -> HttpResponse:
    forum, now, form = forum_or_404(code), timezone.now(), ReplyForm(request.POST)
    parent = ForumInput.objects.public().filter(forum=forum, number=number, visibility="shown").first()
    if parent is None:
        raise Http404
    if not form.is_valid():
        return _contribution(request, forum, number, 422, reply_form=form)
    if refusal := refused_for_now(request, "say", SAY_PER_MINUTE, now):
        return refusal
    row = _said(request, form.said(forum, ForumInput.Source.THREAD, language(), parent), form, now)
    if row is None:
        return _contribution(request, forum, number, 409, reply_form=form)
    return redirect("surveys:thread-input", forum.code, number)


@require_POST
def support(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Without an address by one press, by another it is taken back; with one, a link is mailed that confirms it."""
    forum, now = _of_contribution(code, number), timezone.now()
    row = ForumInput.objects.public().filter(forum=forum, number=number).first()
    if row is None:
        raise Http404
    form = SupportForm(request.POST) if "email" in request.POST else None
    if form is not None and not form.is_valid():
        return _contribution(request, forum, number, 422, support_form=form)
    if refusal := refused_for_now(request, "support", SUPPORT_PER_MINUTE, now):
        return refusal
    browser = browser_of(request) or token_urlsafe(16)
    identity = Identity(email=form.cleaned_data["email"]) if form else None
    response = redirect("surveys:thread-input", forum.code, number)
    try:
        if request.POST.get("what") == "take-back":
            supporting.take_back(row, browser=browser, now=now)
            messages.success(request, _("You no longer support this."))
            return response
        is_new = supporting.support(row, browser=browser, now=now, identity=identity, language=language())
    except ForumInput.DoesNotExist:
        raise Http404 from None
    except NotPossible as error:
        messages.error(request, str(error))
        return response
    messages.success(request, _("Your support counts.") if is_new else _("You support this already."))
    response.set_signed_cookie(
        BROWSER,
        browser,
        salt=BROWSER,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@require_safe
def moderation_log(request: HttpRequest, code: str) -> HttpResponse:
    """What was hidden in this thread, when and why, without the words; and each switch of the moderation."""
    forum = forum_or_404(code)
    steps = InputStep.objects.filter(forum=forum, kind__in=LOGGED).select_related("input").order_by("-pk")
    context = {"forum": forum, "steps": steps[:LOG_MOST]}
    return render(request, "forums/moderation.html", context)
