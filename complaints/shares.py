"""Shares as people may read them. Of a few, one more or less moves a percentage far: numbers say it better."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from complaints.clock.kept import Kept

FEW = 20  # below this many no percentage is printed


def per_cent(value: float, places: int = 0) -> str:
    words = _("%(number)s %%") % {"number": number_format(f"{value:.{places}f}", places, use_l10n=True)}
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def share_words(part: int, whole: int, places: int = 0) -> str:
    """`85 %`; of fewer than twenty `3 of 7`; nothing of nothing."""
    if whole < FEW:
        return _("%(part)d of %(whole)d") % {"part": part, "whole": whole} if whole else ""
    return per_cent(100 * part / whole, places)


def share_of(part: int, whole: int, places: int = 0) -> str:
    """The same with the whole beside it: `85 % of 150`, `3 of 7`."""
    if whole < FEW:
        return share_words(part, whole)
    of = number_format(whole, 0, use_l10n=True, force_grouping=True)
    return _("%(share)s of %(whole)s") % {"share": per_cent(100 * part / whole, places), "whole": of}


def kept_words(kept: Kept) -> str:
    """One word for one thing: the same on the desk, on paper and in public."""
    return {
        Kept.ON_TIME: _("in time"),
        Kept.LATE: _("late"),
        Kept.NOT_YET_DUE: _("open in time"),
        Kept.NO_TARGET: _("without a target"),
        Kept.STANDING_STILL: _("standing still"),
        Kept.REJECTED: _("rejected"),
        Kept.MERGED: _("merged"),
        Kept.REFERRED: _("referred"),
        Kept.WITHDRAWN: _("withdrawn"),
        Kept.LAPSED: _("lapsed"),
    }[kept]
