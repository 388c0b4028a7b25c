"""When the sweep last looked at everything that waits, in words for whoever relies on it."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from complaints.clock.words import moment
from escalation.ladder.models import LadderState

LATE = timedelta(minutes=15)  # the worker sweeps each minute
SECONDS = 60  # for so long it is kept
NEVER = "never"


def last_sweep(now: datetime) -> str:
    """A sentence; it says so where the last sweep is long ago, or there was none."""
    swept_at: datetime | str | None = cache.get("ladder:swept")
    if swept_at is None:
        swept_at = LadderState.objects.values_list("swept_at", flat=True).first() or NEVER
        cache.set("ladder:swept", swept_at, SECONDS)
    if isinstance(swept_at, str):
        return _("Nobody has watched the deadlines yet: the sweep has not run. Tell the administrators.")
    if now - swept_at > LATE:
        return _(
            "Deadlines were last watched on %(moment)s. That is too long ago: what fell due since was not raised. "
            "Tell the administrators."
        ) % {"moment": moment(swept_at)}
    return _("Deadlines were last watched on %(moment)s.") % {"moment": moment(swept_at)}
