"""Signs as their pages show them: each with how many there could have been."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.intervals import wilson
from complaints.shares import FEW, share_words
from escalation.signals.models import Signal, SignalLook
from escalation.signals.words import MEANINGS, Meaning


@dataclass(frozen=True)
class Line:
    """A sign, or an agency, with its counts in words; `share` is empty where they are too few for one."""

    name: str | Promise
    signs: int
    base: int
    url: str = ""
    meaning: Meaning | None = None

    @property
    def counted(self) -> str:
        return _("%(part)d of %(whole)d") % {"part": self.signs, "whole": self.base}

    @property
    def share(self) -> str:
        """`12 % (almost surely between 7 and 19 %)`; empty where they are too few for a percentage."""
        if self.base < FEW:
            return ""
        low, high = (round(100 * end) for end in wilson(self.signs, self.base))
        words = _("%(share)s, almost surely between %(low)d and %(high)d\u00a0%%")
        return words % {"share": share_words(self.signs, self.base), "low": low, "high": high}


SIGNS = Count("pk", filter=Q(is_sign=True))


def lines_of(user: User, quarter: date) -> list[Line]:
    """One for each sign; one query."""
    looks = SignalLook.objects.visible_to(user).filter(quarter=quarter)
    counted = {
        row["signal"]: row
        for row in looks.order_by().values("signal").annotate(signs=SIGNS, base=Count("pk"))
    }
    query = urlencode({"quarter": quarter.isoformat()})
    lines = []
    for signal in Signal:
        row = counted.get(signal.value, {"signs": 0, "base": 0})
        url = f"{reverse('escalation:signal', args=[signal.value])}?{query}" if row["base"] else ""
        lines.append(Line(signal.label, row["signs"], row["base"], url, MEANINGS[signal]))
    return lines


def agencies_of(user: User, quarter: date, signal: str) -> list[Line]:
    """Those with a sign, the most first; one query. Never a league table of shares: few make chance."""
    looks = SignalLook.objects.visible_to(user).filter(quarter=quarter, signal=signal)
    rows = looks.order_by().values("agency__name").annotate(signs=SIGNS, base=Count("pk")).filter(signs__gt=0)
    found = [Line(row["agency__name"] or _("Not assigned"), row["signs"], row["base"]) for row in rows]
    return sorted(found, key=lambda line: (-line.signs, str(line.name)))
