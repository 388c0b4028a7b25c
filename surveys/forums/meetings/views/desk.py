"""The office's side of a meeting, up to its minutes: prepared, announced, run, who came, photos."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import role_of
from complaints.clock.dates import moment_words
from complaints.desk.access import refusals, staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.desk.perform import perform
from complaints.models import Complaint
from complaints.permissions import role_may
from complaints.public.guards import takes_files
from complaints.services.change import NotPossible
from surveys.forums.meetings.forms import CancelForm, ForumForm, ListForm, PeopleForm, PhotosForm
from surveys.forums.meetings.models.people import Attendance, Group, Invitation, Registration
from surveys.forums.meetings.models.record import ForumPhoto
from surveys.forums.meetings.services import announcing, attending, photos
from surveys.forums.meetings.views.shared import desk_or_404, newest, paging, standing
from surveys.forums.meetings.words import history
from surveys.forums.models import Forum, ForumState
from surveys.rights import SurveyAct

PEOPLE: dict[str, Any] = {"invitation": Invitation, "registration": Registration, "attendance": Attendance}
SHOWN = 500


@require_safe
@staff_page(SurveyAct.READ_FORUMS)
def forum_list(request: HttpRequest) -> HttpResponse:
    """The forums of one's line by what they wait for."""
    user, now = staff(request), timezone.now()
    rows = Forum.objects.visible_to(user).select_related("agency", "minutes")
    page = newest(rows, request)
    context = {
        "rows": [{"row": row, "standing": standing(row, now)} for row in page.rows],
        "may_run": role_may(role_of(user), SurveyAct.RUN_FORUMS),
        **paging(request, page),
    }
    return render(request, "forums/desk/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RUN_FORUMS)
def forum_new(request: HttpRequest) -> HttpResponse:
    form = ForumForm(request.POST or None, actor=staff(request))
    page = partial(_form, request, form, None)
    if not form.is_bound:
        return page()
    done = _("Prepared. Only your office sees it until you announce it.")
    return perform(request, form, announcing.prepare, page=page, to=_to_forum, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RUN_FORUMS)
def forum_change(request: HttpRequest, code: str) -> HttpResponse:
    user = staff(request)
    forum = desk_or_404(user, code)
    if forum.state not in announcing.STILL_AHEAD:
        raise Http404
    form = ForumForm(request.POST or None, actor=user, forum=forum)
    page = partial(_form, request, form, forum)
    if not form.is_bound:
        return page()
    change = partial(announcing.change, forum.pk)
    return perform(request, form, change, page=page, to=_to_forum, done=_("Changed."))


def _form(request: HttpRequest, form: ForumForm, forum: Forum | None, status: int = 200) -> HttpResponse:
    return render(request, "forums/desk/form.html", {"form": form, "forum": forum}, status=status)


def _to_forum(forum: Forum) -> HttpResponse:
    return redirect("surveys:desk-forum", forum.code)


@require_safe
@staff_page(SurveyAct.READ_FORUMS)
def forum_detail(request: HttpRequest, code: str) -> HttpResponse:
    return _detail(request, desk_or_404(staff(request), code))


def _detail(request: HttpRequest, forum: Forum, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page with the forms of what this person may do now; `bound` is the form that was refused."""
    user, now = staff(request), timezone.now()
    forum.refresh_from_db()
    runs = role_may(role_of(user), SurveyAct.RUN_FORUMS)
    context = {
        "forum": forum,
        "runs": runs,
        "standing": standing(forum, now),
        "starts": moment_words(forum.starts_at),
        "ends": moment_words(forum.ends_at, "H:i"),
        "agenda": [line for line in forum.agenda.split("\n") if line.strip()],
        "has_begun": forum.starts_at <= now,
        "groups": groups_of(forum),
        "minutes": getattr(forum, "minutes", None),
        "photos": forum.photos.select_related("attachment"),
        "steps": history(forum.steps.select_related("actor__agency")),
        "cases": Complaint.objects.visible_to(user).filter(forums=forum).order_by("pk"),
        **(_forms(forum) if runs else {}),
        **bound,
    }
    return render(request, "forums/desk/detail.html", context, status=status)


def _forms(forum: Forum) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if forum.state in announcing.STILL_AHEAD:
        found["cancel_form"] = CancelForm(auto_id="cancel-%s")
        found["invite_form"] = PeopleForm(auto_id="invite-%s")
    if forum.state in (ForumState.ANNOUNCED, ForumState.OPEN, ForumState.HELD) and forum.has_meeting:
        found["list_form"] = ListForm(auto_id="list-%s")
        found["photos_form"] = PhotosForm(auto_id="photos-%s")
    return found


def groups_of(forum: Forum) -> list[dict[str, Any]]:
    """Of each group: how many were invited, registered, and came."""
    invited, registered, came = (
        dict(rows.order_by().values_list("group").annotate(n=Count("pk")))
        for rows in (
            forum.invitations.all(),
            forum.registrations.filter(cancelled_at=None),
            forum.attendances.all(),
        )
    )
    return [
        {
            "code": group.value,
            "label": group.label,
            "invited": invited.get(group.value, 0),
            "registered": registered.get(group.value, 0),
            "came": came.get(group.value, 0),
        }
        for group in Group
    ]


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def forum_act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """What takes no more than a button: announce, begin, close."""
    services: dict[str, tuple[Callable[..., Forum], str]] = {
        "announce": (announcing.announce, _("Announced. Everybody can read it now.")),
        "begin": (announcing.begin, _("The doors are open.")),
        "close": (announcing.close, _("Closed as held. The time for the minutes runs.")),
    }
    if verb not in services:
        raise Http404
    forum, (service, done) = desk_or_404(staff(request), code), services[verb]
    try:
        with refusals():
            service(forum.pk, actor=staff(request), now=timezone.now())
    except NotPossible as error:
        messages.error(request, str(error))
        return _detail(request, forum, status=409)
    messages.success(request, done)
    return _to_forum(forum)


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def forum_cancel(request: HttpRequest, code: str) -> HttpResponse:
    form = CancelForm(request.POST, auto_id="cancel-%s")
    done = _("Cancelled. Whoever registered or was invited is told.")
    return _act(request, code, announcing.cancel, done, cancel_form=form)


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def forum_invite(request: HttpRequest, code: str) -> HttpResponse:
    form = PeopleForm(request.POST, auto_id="invite-%s")
    done = _("Added to the invitations. Those with an address get a mail once the forum is announced.")
    return _act(request, code, attending.invite, done, invite_form=form)


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def forum_attendance(request: HttpRequest, code: str) -> HttpResponse:
    form = ListForm(request.POST, auto_id="list-%s")
    return _act(request, code, attending.type_list, _("Added to the attendance list."), list_form=form)


@takes_files
@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def forum_photos(request: HttpRequest, code: str) -> HttpResponse:
    form = PhotosForm(request.POST, request.FILES, auto_id="photos-%s")
    done = _("Added. Only your office sees them until you show them to everybody.")
    return _act(request, code, photos.add_photos, done, photos_form=form)


def _act(
    request: HttpRequest, code: str, do: Callable[..., object], done: str, **sent: StaffForm
) -> HttpResponse:
    """`sent`: the form by its name on the page, which shows it again when it is refused."""
    forum = desk_or_404(staff(request), code)
    (form,) = sent.values()
    return perform(
        request,
        form,
        partial(do, forum.pk),
        page=lambda status: _detail(request, forum, status=status, **sent),
        to=lambda _result: _to_forum(forum),
        done=done,
    )


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def photo_show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    forum = desk_or_404(staff(request), code)
    shown = request.POST.get("show") == "yes"
    try:
        photos.show_photo(forum.pk, pk, shown, actor=staff(request), now=timezone.now())
    except ForumPhoto.DoesNotExist:
        raise Http404 from None
    messages.success(
        request, _("Everybody sees the photo now.") if shown else _("Only your office sees it now.")
    )
    return _to_forum(forum)


@never_cache
@require_safe
@staff_page(SurveyAct.RUN_FORUMS)
def forum_people(request: HttpRequest, code: str) -> HttpResponse:
    """Who was invited, registered and came, with names as far as they were told: for those who run the forum."""
    forum = desk_or_404(staff(request), code)
    context = {
        "forum": forum,
        "groups": groups_of(forum),
        "lists": [
            (_("Invited"), "invitation", _named(forum.invitations.all())),
            (_("Registered"), "registration", _named(forum.registrations.filter(cancelled_at=None))),
            (_("Were there"), "attendance", _named(forum.attendances.all())),
        ],
    }
    return render(request, "forums/desk/people.html", context)


def _named(rows: Any) -> list[dict[str, Any]]:
    """Those who told who they are; of the others there is nothing but their number."""
    told = rows.filter(Q(contact__isnull=False) | Q(sealed__isnull=False))
    found = told.select_related("contact").order_by("group", "pk")[:SHOWN]
    return [{"row": row, "who": row.identity, "group": Group(row.group).label} for row in found]


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def person_forget(request: HttpRequest, code: str, kind: str, pk: int) -> HttpResponse:
    """Takes a name off the list, when its owner asks for it."""
    forum = desk_or_404(staff(request), code)
    named = Q(contact__isnull=False) | Q(sealed__isnull=False)
    row = PEOPLE[kind].objects.filter(named, pk=pk, forum=forum).first() if kind in PEOPLE else None
    if row is None:
        raise Http404
    attending.forget(row, actor=staff(request), now=timezone.now())
    messages.success(request, _("The name was taken off the list. The person still counts in the group."))
    return redirect("surveys:desk-forum-people", forum.code)


@require_safe
@staff_page(SurveyAct.RUN_FORUMS)
def forum_wall(request: HttpRequest, code: str) -> HttpResponse:
    """The code, as large as the screen of the room."""
    forum = desk_or_404(staff(request), code)
    if not forum.attendance_code:
        raise Http404
    address = request.build_absolute_uri(f"/forums/{forum.code}/here/")
    shown = f"{forum.attendance_code[:3]} {forum.attendance_code[3:]}"
    return render(request, "forums/desk/wall.html", {"forum": forum, "code": shown, "address": address})
