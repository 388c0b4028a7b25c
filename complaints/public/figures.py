"""The figures of the front page: counted by the worker, read by pages from one row, never counted for a visitor."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from complaints.clock.kept import ANSWERED, Kept
from complaints.clock.kept_in_sql import kept as kept_in_sql
from complaints.models import Complaint, HomeFigures
from complaints.public.additions import HOME_FIGURES
from complaints.states import ACTIVE, OPEN
from complaints.watching import unwatched

PERIOD = timedelta(days=90)
ROW = 1
STALE = timedelta(hours=1)  # the worker counts every five minutes: since then it does not run


def keep_figures(now: datetime) -> int:
    """The worker's job: counts them and keeps them with their moment; 1."""
    HomeFigures.objects.update_or_create(pk=ROW, defaults={"figures": figures(now), "counted_at": now})
    return 1


def kept_figures() -> HomeFigures | None:
    """As they were last counted; None in a city whose worker has never run."""
    return HomeFigures.objects.filter(pk=ROW).first()


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
