"""The front page: what one can do here, what the city answers for, and how well it does."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q
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
from complaints.clock.kept import ANSWERED, Kept
from complaints.clock.kept_in_sql import kept as kept_in_sql
from complaints.models import Complaint
from complaints.models.catalogue import Kind
from complaints.models.policy import Stage, target_of
from complaints.public.additions import HOME_FIGURES
from complaints.shares import share_of
from complaints.states import ACTIVE, OPEN
from complaints.watching import unwatched

KEPT_SECONDS = 300
FIGURES, DUE_DATES = "home-figures", "home-due-dates"
PERIOD = timedelta(days=90)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    lists = catalogue()
    counted = kept(FIGURES, lambda: figures(now))
    context = {
        "figures": counted,
        "share": share_of(counted["in_time"], counted["answered"]),  # in the reader's language
        "further": [(figure, counted["further"].get(figure.code, 0)) for figure in HOME_FIGURES],
        "steps": steps(kept(DUE_DATES, lambda: due_dates(now))),
        "groups": lists.category_groups,
        "services": list(lists.services.values()),
    }
    return render(request, "complaints/public/home.html", context)


def kept(name: str, make: Any) -> Any:
    """Figures for everybody, at most five minutes old; no words, which each reads in a language of their own."""
    value = cache.get(name)
    if value is None:
        value = make()
        cache.set(name, value, KEPT_SECONDS)
    return value


def figures(now: datetime) -> dict[str, Any]:
    """What anybody may know: open, late, answered lately and how many of those in time, and unwatched (0).

    In time is by the first promise of each round, as in the reports."""
    cases = Complaint.objects.visible_to(None).filter(is_live=True, parent=None)
    cases = cases.alias(kept=kept_in_sql(now))
    open_now = cases.filter(state__in=sorted(OPEN)).aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(state__in=sorted(ACTIVE), kept=Kept.LATE)),
    )
    # A merged case is open as long as the one it follows, and late by its own promise.
    following = cases.filter(merged_into__state__in=sorted(OPEN)).aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(merged_into__state__in=sorted(ACTIVE), target_at__lt=now)),
    )
    open_now = {name: count + following[name] for name, count in open_now.items()}
    lately = cases.filter(
        received_at__gte=now - 2 * PERIOD, ended_at__gte=now - PERIOD, state__in=sorted(ANSWERED)
    ).aggregate(
        answered=Count("pk"),
        in_time=Count("pk", filter=Q(kept=Kept.ON_TIME)),
    )
    further = {figure.code: figure.count(now) for figure in HOME_FIGURES}
    return open_now | lately | {"unwatched": unwatched(now).count(), "further": further}


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
