"""What the pages of meetings share: the forum by its code, how it stands, its lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.paging import BadCursor, Cursor, Order, Page, page_of
from surveys.forums.models import Forum, ForumState

PAGE = 20


@dataclass(frozen=True)
class Standing:
    """As the component badge takes it."""

    label: str
    tone: str
    icon: str


def standing(forum: Forum, now: datetime) -> Standing:
    """How a forum stands, as everybody reads it."""
    if forum.state == ForumState.DRAFT:
        return Standing(_("in preparation"), "neutral", "edit")
    if forum.state == ForumState.CANCELLED:
        return Standing(_("cancelled"), "danger", "x-circle")
    if forum.state == ForumState.HELD:
        return Standing(_("held"), "success", "check-circle")
    if forum.ends_at <= now:
        return Standing(_("over"), "neutral", "clock")
    if forum.state == ForumState.OPEN or forum.starts_at <= now:
        return Standing(_("under way"), "warning", "chat")
    return Standing(_("coming"), "info", "calendar")


def public_or_404(code: str) -> Forum:
    forum: Forum | None = Forum.objects.public().select_related("agency").filter(code=code).first()
    if forum is None:
        raise Http404
    return forum


def desk_or_404(user: User, code: str) -> Forum:
    """The forum in this person's scope."""
    rows = Forum.objects.visible_to(user).select_related("agency")
    forum: Forum | None = rows.filter(code=code).first()
    if forum is None:
        raise Http404
    return forum


def newest(rows: QuerySet[Any], request: HttpRequest) -> Page[Any]:
    """A page of forums, the latest first; Http404 for a cursor that we did not make."""
    text = request.GET.get("after", "")
    try:
        cursor = Cursor.decode(text) if text else None
    except BadCursor:
        raise Http404 from None
    return page_of(rows.order_by(), Order("starts_at", newest_first=True), cursor, PAGE)


def paging(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """The links of the component paging."""

    def link(cursor: str) -> str:
        query = request.GET.copy()
        query["after"] = cursor
        return f"?{query.urlencode()}"

    return {
        "previous_url": link(page.previous) if page.previous else "",
        "next_url": link(page.next) if page.next else "",
    }
