"""The minutes: written and signed on the desk, read and objected to in public."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import role_of
from complaints.clock.dates import moment_words
from complaints.desk.access import refusals, staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.desk.perform import perform
from complaints.files.storage import FileDamaged, read
from complaints.files.views import as_download
from complaints.permissions import role_may
from complaints.public.guards import takes_files
from complaints.services.change import NotPossible
from surveys.forums.meetings.additions import MINUTES_FILES
from surveys.forums.meetings.minutes_forms import AnswerForm, MinutesForm, PaperForm, RepresentativeForm
from surveys.forums.meetings.models.minutes import Minutes, MinutesState, Objection, Signature
from surveys.forums.meetings.models.people import Group
from surveys.forums.meetings.public_forms import ObjectionForm, SignForm
from surveys.forums.meetings.services import minutes as service
from surveys.forums.meetings.services import signing
from surveys.forums.meetings.text import changed_since_signing, digest_of, present, text_of
from surveys.forums.meetings.views.shared import desk_or_404, public_or_404
from surveys.forums.meetings.views.taking_part import yours_of, yours_page
from surveys.forums.models import Forum
from surveys.rights import SurveyAct

READABLE = (MinutesState.OBJECTIONS, MinutesState.SIGNED, MinutesState.PUBLISHED)


def _of(forum: Forum) -> Minutes:
    row = Minutes.objects.select_related("forum__agency").filter(forum=forum).first()
    if row is None or row.state == MinutesState.DROPPED:
        raise Http404
    found: Minutes = row
    return found


@require_safe
@staff_page(SurveyAct.READ_FORUMS)
def desk_minutes(request: HttpRequest, code: str) -> HttpResponse:
    return _detail(request, desk_or_404(staff(request), code))


def _detail(request: HttpRequest, forum: Forum, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page with the forms of what this person may do now; `bound` is the form that was refused, `answering` the
    objection that it answers."""
    user, now = staff(request), timezone.now()
    minutes = _of(forum)
    runs = role_may(role_of(user), SurveyAct.RUN_FORUMS)
    not_now = signing.why_not(minutes, now)
    answering = bound.pop("answering", None)
    refused = bound.pop("answer_form", None)
    signed = {row.side for row in minutes.signatures.all()}
    unsigned = minutes.state in (MinutesState.DRAFT, MinutesState.OBJECTIONS) and not signed
    context = {
        **shown(minutes),
        "runs": runs,
        "may_write": runs and unsigned and forum.state == "held",
        "may_circulate": runs and minutes.state == MinutesState.DRAFT and minutes.latest is not None,
        "may_sign": not_now is None
        and "provider" not in signed
        and role_may(role_of(user), SurveyAct.SIGN_MINUTES),
        "may_publish": runs and minutes.state == MinutesState.SIGNED,
        "not_now": str(not_now) if not_now and minutes.state == MinutesState.OBJECTIONS else "",
        "representative": signing.representative_of(minutes) if runs else "",
        "objections": [
            (row, _answer_form(row, runs and unsigned, refused if row.pk == answering else None))
            for row in minutes.objections.order_by("pk")
        ],
        "representative_form": RepresentativeForm(auto_id="rep-%s")
        if runs and "public" not in signed and minutes.state in (MinutesState.DRAFT, MinutesState.OBJECTIONS)
        else None,
        "paper_form": PaperForm(auto_id="paper-%s") if runs and not_now is None else None,
        **bound,
    }
    return render(request, "forums/desk/minutes.html", context, status=status)


def _answer_form(row: Objection, may: bool, refused: AnswerForm | None) -> AnswerForm | None:
    if not may or row.answered_at is not None:
        return None
    return refused or AnswerForm(auto_id=f"answer-{row.pk}-%s")


def shown(minutes: Minutes) -> dict[str, Any]:
    """What desk, public page and paper show of minutes."""
    version, counts = minutes.latest, present(minutes)
    return {
        "forum": minutes.forum,
        "minutes": minutes,
        "version": version,
        "versions": minutes.versions.order_by("-number"),
        "agreements": version.agreements.select_related("agency", "service", "finding") if version else [],
        "present": [(group.label, counts.get(group.value, 0)) for group in Group],
        "total": sum(counts.values()),
        "objections": [(row, None) for row in minutes.objections.order_by("pk")],
        "signatures": minutes.signatures.order_by("side"),
        "until": moment_words(minutes.objections_until) if minutes.objections_until else "",
        "is_altered": changed_since_signing(minutes),
        "digest": digest_of(minutes, version) if version else "",
        "files": [url for each in MINUTES_FILES if (url := each(minutes))],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RUN_FORUMS)
def minutes_write(request: HttpRequest, code: str) -> HttpResponse:
    forum = desk_or_404(staff(request), code)
    minutes = _of(forum)
    asks_why = minutes.state == MinutesState.OBJECTIONS
    form = MinutesForm(request.POST or None, forum=forum, latest=minutes.latest, asks_why=asks_why)

    def page(status: int = 200) -> HttpResponse:
        context = {"forum": forum, "form": form, "minutes": minutes}
        return render(request, "forums/desk/minutes_form.html", context, status=status)

    if not form.is_bound:
        return page()
    write = partial(service.write, forum.pk)
    return perform(
        request, form, write, page=page, to=lambda _row: _back(forum), done=_("Saved as a new text.")
    )


def _back(forum: Forum) -> HttpResponse:
    return redirect("surveys:desk-forum-minutes", forum.code)


@require_POST
@staff_page(SurveyAct.READ_FORUMS)
def minutes_act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """What takes no more than a button: circulate, sign, publish."""
    services: dict[str, tuple[Any, str]] = {
        "circulate": (service.circulate, _("Open to objections. Those who left an address are told.")),
        "sign": (signing.sign_for_provider, _("You have signed.")),
        "publish": (
            service.publish,
            _("Published. Each agreement is a finding now, which can become a promise."),
        ),
    }
    if verb not in services:
        raise Http404
    forum, (act, done) = desk_or_404(staff(request), code), services[verb]
    _of(forum)
    try:
        with refusals():
            act(forum.pk, actor=staff(request), now=timezone.now())
    except NotPossible as error:
        messages.error(request, str(error))
        return _detail(request, forum, status=409)
    messages.success(request, done)
    return _back(forum)


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def minutes_answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    forum = desk_or_404(staff(request), code)
    if not Objection.objects.filter(pk=pk, minutes=_of(forum)).exists():
        raise Http404
    form = AnswerForm(request.POST, auto_id=f"answer-{pk}-%s")
    answer = partial(service.answer_objection, forum.pk, pk)
    return _act(
        request, forum, answer, _("Answered. The answer stands in the minutes."), answer_form=form, pk=pk
    )


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def minutes_erase(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Takes the words of an objection out, when whoever wrote them asks for it."""
    forum = desk_or_404(staff(request), code)
    if not Objection.objects.filter(pk=pk, minutes=_of(forum)).exists():
        raise Http404
    service.erase_objection(forum.pk, pk, actor=staff(request), now=timezone.now())
    messages.success(request, _("The words were taken out. What was signed is still what it was."))
    return _back(forum)


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def minutes_representative(request: HttpRequest, code: str) -> HttpResponse:
    forum = desk_or_404(staff(request), code)
    form = RepresentativeForm(request.POST, auto_id="rep-%s")
    name = partial(signing.name_representative, forum.pk)
    return _act(request, forum, name, _("Named."), representative_form=form)


@takes_files
@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def minutes_paper(request: HttpRequest, code: str) -> HttpResponse:
    forum = desk_or_404(staff(request), code)
    form = PaperForm(request.POST, request.FILES, auto_id="paper-%s")
    sign = partial(signing.sign_on_paper, forum.pk)
    return _act(request, forum, sign, _("Kept as signed on paper."), paper_form=form)


def _act(
    request: HttpRequest, forum: Forum, do: Any, done: str, pk: int | None = None, **sent: StaffForm
) -> HttpResponse:
    """`sent`: the form by its name on the page, which shows it again when it is refused."""
    _of(forum)
    (form,) = sent.values()
    return perform(
        request,
        form,
        do,
        page=lambda status: _detail(request, forum, status=status, answering=pk, **sent),
        to=lambda _row: _back(forum),
        done=done,
    )


@require_safe
@staff_page(SurveyAct.READ_FORUMS)
def minutes_scan(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The scan of a signed sheet, for those who read the forum on the desk."""
    forum = desk_or_404(staff(request), code)
    row = Signature.objects.select_related("scan").filter(pk=pk, minutes__forum=forum).first()
    if row is None or row.scan is None:
        raise Http404
    try:
        return as_download(read(row.scan), row.scan)
    except FileDamaged:
        return render(request, "complaints/public/file_damaged.html", status=500)


@require_safe
def public_minutes(request: HttpRequest, code: str) -> HttpResponse:
    """Read by everybody once they are open to objections, with whatever is said against them."""
    forum = public_or_404(code)
    minutes = _of(forum)
    if minutes.state not in READABLE:
        raise Http404
    return render(request, "forums/minutes.html", shown(minutes))


@require_safe
def minutes_text(request: HttpRequest, code: str) -> HttpResponse:
    """The text as it was signed, byte by byte: its SHA-256 stands in the ledger."""
    minutes = _of(public_or_404(code))
    version = minutes.latest
    if minutes.state not in READABLE or version is None:
        raise Http404
    return HttpResponse(text_of(minutes, version), content_type="application/json")


@require_POST
def yours_object(request: HttpRequest) -> HttpResponse:
    """An objection by somebody who showed the code of their attendance."""
    now = timezone.now()
    found = yours_of(request, now)
    if found is None or found.attendance is None:
        raise Http404
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return yours_page(request, found, now, form=form, status=422)
    data = form.cleaned_data
    try:
        service.object_to(
            found.attendance, data["text"], pseudonym=data["pseudonym"], now=now, secret=data["secret"]
        )
    except NotPossible as error:
        form.add_error(None, str(error))
        return yours_page(request, found, now, form=form, status=409)
    messages.success(request, _("Your objection stands in the minutes. The office has to answer it."))
    return redirect("surveys:forum-minutes", found.forum.code)


@require_POST
def yours_sign(request: HttpRequest) -> HttpResponse:
    """The representative of the public signs, once."""
    now = timezone.now()
    found = yours_of(request, now)
    if found is None or found.minutes is None:
        raise Http404
    form = SignForm(request.POST)
    if not form.is_valid():
        return yours_page(request, found, now, form=form, status=422)
    try:
        signing.sign_by_link(found.minutes, now=now)
    except NotPossible as error:
        form.add_error(None, str(error))
        return yours_page(request, found, now, form=form, status=409)
    messages.success(request, _("You have signed for the public. Thank you."))
    return redirect("surveys:forum-minutes", found.forum.code)
