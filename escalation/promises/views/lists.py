"""What the pages of recommendations and commitments share."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.actors import role_of
from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.desk.access import staff
from complaints.models import Complaint
from complaints.numbers import is_number
from complaints.paging import BadCursor, Cursor, Order, Page, page_of
from complaints.permissions import role_may
from escalation.promises import people
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.recommendation import Recommendation
from escalation.promises.services.obligations import MOST_CASES
from escalation.promises.words import commitment_standing, days_left, recommendation_standing
from escalation.rights import EscalationAct

PAGE = 50


def reader(request: HttpRequest) -> User:
    """Whoever recommends or owes; PermissionDenied for other staff."""
    user = staff(request)
    if not any(
        role_may(role_of(user), right) for right in (EscalationAct.SEE_OBLIGATIONS, EscalationAct.RECOMMEND)
    ):
        raise PermissionDenied
    return user


def who_is_told(row: Any, now: datetime, told: list[User] | None = None) -> str:
    """Whom a word to the agency reaches, said only where it is so. `told`: its heads and those above, unless given."""
    present = people.there(people.agency_heads_of(row, now) if told is None else told, now)
    if any(user.agency_id == row.agency_id for user in present):
        return _("The agency is told.")
    if present:
        return _("At the agency nobody is there: the next above is told.")
    return _("At the agency and above it nobody is there who could be told.")


def found_or_404(model: Any, user: User, number: str) -> Any:
    """The recommendation or commitment in this person's scope."""
    row = model.objects.visible_to(user).select_related("agency").filter(number=number).first()
    if row is None:
        raise Http404
    return row


def cases_of(request: HttpRequest, user: User) -> list[Complaint]:
    """The cases named in the address or the form (`case`, repeated), as far as they are in scope."""
    given = (request.POST if request.method == "POST" else request.GET).getlist("case")
    numbers = [text for text in given if is_number(text)][:MOST_CASES]  # nothing else can be one
    if not numbers:
        return []
    cases = Complaint.objects.visible_to(user).filter(number__in=numbers)
    return list(cases.only("pk", "number", "subject", "version").order_by("number"))


def linked_cases(row: Any, user: User) -> list[Complaint]:
    """The cases it rests on, those only that this person may see anyway."""
    keys = (
        row.links.values("complaint")
        if isinstance(row, Recommendation)
        else row.sources.filter(complaint__isnull=False).values("complaint")
    )
    cases = Complaint.objects.visible_to(user).filter(pk__in=keys)
    return list(cases.only("pk", "number", "subject", "version").order_by("number"))


def steps_of(row: Any) -> Any:
    evidence = row.steps.model._meta.get_field("evidence").related_model
    files = Prefetch("evidence", queryset=evidence.objects.select_related("attachment"))
    return row.steps.select_related("actor__agency").prefetch_related(files)


def lines_of(rows: Any, now: datetime) -> list[dict[str, Any]]:
    """As the tables of the pages take them: the row, how it stands and how long there is."""
    on = day_of(now)
    return [{"row": row, "standing": _standing(row, on), "left": days_left(row, now)} for row in rows]


def _standing(row: Any, on: Any) -> Any:
    return commitment_standing(row, on) if isinstance(row, Commitment) else recommendation_standing(row, on)


Sets = dict[str, tuple[str, Any]]


def listed(request: HttpRequest, sets: Sets, column: str, base: str, now: datetime) -> dict[str, Any]:
    """A list with a tab for each of its named sets (label, rows), the chosen one newest first."""
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in sets else next(iter(sets))
    page = newest(sets[chosen][1], column, request)
    tabs = [
        {"url": f"{base}?show={code}", "label": label, "count": rows.count(), "is_current": code == chosen}
        for code, (label, rows) in sets.items()
    ]
    return {"tabs": tabs, "lines": lines_of(page.rows, now), **paging(request, page)}


def newest(rows: Any, column: str, request: HttpRequest) -> Page[Any]:
    """A page of a list, newest first, by the cursor in the address; Http404 for one that we did not make."""
    text = request.GET.get("after", "")
    try:
        cursor = Cursor.decode(text) if text else None
    except BadCursor:
        raise Http404 from None
    return page_of(rows, Order(column, newest_first=True), cursor, PAGE)


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
