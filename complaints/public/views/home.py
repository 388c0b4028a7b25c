"""The front page: what one can do here, what the city answers for, and how well it does."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.catalogue import catalogue
from complaints.clock.arithmetic import due_at
from complaints.clock.calendars import calendar_for
from complaints.clock.dates import day_words
from complaints.clock.deadlines import policy_for
from complaints.models.catalogue import Kind
from complaints.models.policy import Stage, target_of
from complaints.public.additions import HOME_FIGURES
from complaints.public.figures import STALE, kept_figures
from complaints.shares import share_of

KEPT_SECONDS = 300
DUE_DATES = "home-due-dates"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    lists = catalogue()
    context = {
        **_figures(now),
        "steps": steps(_kept_dates(now)),
        "groups": lists.category_groups,
        "services": list(lists.services.values()),
    }
    return render(request, "complaints/public/home.html", context)


def _figures(now: datetime) -> dict[str, Any]:
    """As the worker counted them, with their moment; `counted_at` None where it never did. Words are made here, for
    each reader in their language."""
    row = kept_figures()
    if row is None:
        return {"counted_at": None}
    counted = row.figures
    return {
        "figures": counted,
        "counted_at": row.counted_at,
        "is_stale": now - row.counted_at > STALE,
        "share": share_of(counted["in_time"], counted["answered"]),
        "further": [(figure, counted["further"].get(figure.code, 0)) for figure in HOME_FIGURES],
    }


def _kept_dates(now: datetime) -> dict[str, datetime | None]:
    """Reckoned from the calendar anew every five minutes; no cases are asked."""
    dates: dict[str, datetime | None] | None = cache.get(DUE_DATES)
    if dates is None:
        dates = due_dates(now)
        cache.set(DUE_DATES, dates, KEPT_SECONDS)
    return dates


def due_dates(now: datetime) -> dict[str, datetime | None]:
    """By when a complaint sent now is checked and answered; empty before the city's policy is loaded."""
    try:
        _row, calendar = calendar_for(None)
        policy = policy_for(Kind.COMPLAINT, None, calendar.local_date(now))
    except LookupError:
        return {}
    return {
        stage: due_at(now, target_of(policy, stage), calendar)
        for stage in (Stage.VERIFICATION, Stage.RESOLUTION)
    }


def steps(dates: dict[str, datetime | None]) -> list[dict[str, str]]:
    """How it works, with the dates that a report sent today would have."""
    checked, answered = dates.get(Stage.VERIFICATION), dates.get(Stage.RESOLUTION)
    return [
        {
            "label": _("You tell us what is wrong"),
            "note": _("Three minutes on a phone; you get a receipt with a secret code."),
            "state": "current",
        },
        {
            "label": _("A verifier reads it and passes it to the right agency"),
            "note": _("Sent today: by %(day)s.") % {"day": day_words(checked)} if checked else "",
            "state": "todo",
        },
        {
            "label": _("The agency works on it and answers you"),
            "note": _("Sent today: by %(day)s. If it is late, its head is told, and whoever stands above.")
            % {"day": day_words(answered)}
            if answered
            else "",
            "state": "todo",
        },
        {
            "label": _("You say whether it is solved"),
            "note": _("If not, the work goes on. It is closed when you agree, or say nothing in time."),
            "state": "todo",
        },
    ]
