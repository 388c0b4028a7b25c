"""Which pictures of before belong to which answer: those that came with it, and those that were taken on the spot."""

from collections.abc import Iterable
from itertools import groupby

from complaints.models import Attachment, Event, EventKind


def taken_on_the_spot(rows: Iterable[Attachment]) -> dict[int, list[Attachment]]:
    """By the event of an answer with pictures, those of before that somebody took for it on the way, since the answer
    with pictures before it. One query, where there are any."""
    shown = sorted((row for row in rows if row.shows and row.event_id), key=lambda row: row.event_id or 0)
    if not shown:
        return {}
    events = Event.objects.filter(pk__in={row.event_id for row in shown}, kind=EventKind.FILES_ADDED)
    on_the_way = set(events.values_list("pk", flat=True))
    found: dict[int, list[Attachment]] = {}
    waiting: list[Attachment] = []
    for event, group in groupby(shown, key=lambda row: row.event_id or 0):
        pictures = list(group)
        if event in on_the_way:
            waiting += pictures
        else:
            found[event], waiting = waiting, []
    return found
