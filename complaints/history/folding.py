"""Lines of a timeline that say the same again and again, as one: for people who read it. Files and proofs hold each."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from complaints.clock.dates import day_words
from complaints.history.kinds import EVENT_TYPES, GONE
from complaints.history.timeline import TimelineItem


def folded(items: Iterable[TimelineItem]) -> list[TimelineItem]:
    """Oldest first, as they come. What repeats itself with nothing else between stands where it was said first, with
    how often and when last."""
    found: list[TimelineItem] = []
    times: dict[int, list[TimelineItem]] = {}
    run: dict[tuple[str, str], int] = {}
    for item in items:
        if not _repeats(item):
            run = {}
        elif (place := run.get((item.title, item.who))) is not None:
            times.setdefault(place, []).append(item)
            continue
        else:
            run[item.title, item.who] = len(found)
        found.append(item)
    for place, again in times.items():
        found[place] = _together(found[place], again)
    return found


def _repeats(item: TimelineItem) -> bool:
    return EVENT_TYPES.get(item.kind, GONE).repeats and not item.words and not item.files


def _together(first: TimelineItem, again: list[TimelineItem]) -> TimelineItem:
    said = {"title": first.title, "count": len(again) + 1, "day": day_words(again[-1].at)}
    return replace(first, title=_("%(title)s (%(count)d times, last on %(day)s)") % said)
