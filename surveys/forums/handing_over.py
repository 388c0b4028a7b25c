"""What people said to a closed agency, and the forums it held, go to whoever took over (decision 0055). Days stay."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import ngettext

from accounts.models import Agency
from complaints.clock.city_time import day_of
from surveys.forums.inputs.models import StepKind
from surveys.forums.inputs.services.steps import add_step
from surveys.forums.inputs.services.telling import tell_step
from surveys.forums.meetings.models.record import ForumStepKind
from surveys.forums.meetings.services import frame
from surveys.forums.models import Finding, Forum, ForumInput, ForumState

logger = logging.getLogger(__name__)
Move = Callable[[Any, Agency, datetime], bool]


def hand_over_voices(now: datetime) -> int:
    """How many forums, findings and inputs it moved."""
    moved = 0
    for agency in Agency.objects.handed_over().select_related("successor"):
        successor = agency.who_took_over()
        if successor is None:
            continue
        for row, move in left_at(agency, now):
            try:
                with transaction.atomic():
                    moved += move(row, successor, now)
            except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest
                logger.error("what a closed agency was told not handed over (%s)", type(error).__name__)
    return moved


def missing(now: datetime) -> dict[str, str]:
    """For the administration: what is left at agencies that are closed and have no successor (accounts/leaving.py)."""
    found = {}
    for agency in Agency.objects.filter(is_active=False, is_external=False).select_related("successor"):
        count = sum(1 for _row in left_at(agency, now)) if agency.who_took_over() is None else 0
        if count:
            words = ngettext(
                "%(agency)s has %(count)d forum, finding or input for which nobody answers.",
                "%(agency)s has %(count)d forums, findings and inputs for which nobody answers.",
                count,
            )
            found[f"voices:{agency.pk}"] = words % {"agency": agency.local_name, "count": count}
    return found


def left_at(agency: Agency, now: datetime) -> Iterator[tuple[Any, Move]]:
    """What somebody has to answer for: forums whose minutes or discussion are not over, what is not decided."""
    forums = Forum.objects.filter(agency=agency).exclude(state=ForumState.CANCELLED)
    for forum in forums.select_related("minutes", "handed_over_from").order_by("pk"):
        if not _is_finished(forum, now):
            yield forum, _move_forum
    for finding in Finding.objects.undecided().filter(agency=agency).order_by("pk"):
        yield finding, _move_finding
    alone = ForumInput.objects.waiting().filter(agency=agency, finding=None)
    for row in alone.select_related("forum").order_by("pk"):
        yield row, _move_input


def _is_finished(forum: Forum, now: datetime) -> bool:
    """Held, its minutes are published, and nobody can write any more."""
    if forum.state != ForumState.HELD:
        return False
    minutes = getattr(forum, "minutes", None)
    is_discussed = forum.has_thread and (forum.thread_until is None or day_of(now) <= forum.thread_until)
    return not is_discussed and (minutes is None or minutes.is_published)


def _move_forum(forum: Forum, successor: Agency, now: datetime) -> bool:
    """Whoever held it stays on its page and in the text of its minutes, which may be signed already."""
    values: dict[str, Any] = {"agency": successor}
    if forum.state in (ForumState.OPEN, ForumState.HELD) and forum.handed_over_from is None:
        values["handed_over_from"] = forum.agency
    rows = Forum.objects.filter(pk=forum.pk, agency=forum.agency, state=forum.state)
    if not rows.update(**values):
        return False
    kind, told = ForumStepKind.HANDED_OVER, [(forum, *values)]
    frame.add_step(forum, kind, actor=None, now=now, changed=told, agency=successor.code)
    return True


def _move_finding(finding: Finding, successor: Agency, now: datetime) -> bool:
    """With all that stand under it."""
    if not Finding.objects.undecided().filter(pk=finding.pk, agency=finding.agency).update(agency=successor):
        return False
    rows = list(ForumInput.objects.waiting().filter(finding=finding))
    keys = [row.pk for row in rows]
    ForumInput.objects.filter(pk__in=keys).update(agency=successor)
    told = [(row, "agency") for row in (finding, *rows)]
    step = add_step(
        StepKind.PASSED_ON, finding=finding, actor=None, now=now, changed=told, agency=successor.code
    )
    tell_step(step, keys, now, only_authors=True)
    return True


def _move_input(row: ForumInput, successor: Agency, now: datetime) -> bool:
    rows = ForumInput.objects.waiting().filter(pk=row.pk, agency=row.agency, finding=None)
    if not rows.update(agency=successor):
        return False
    told = [(row, "agency")]
    step = add_step(StepKind.PASSED_ON, row=row, actor=None, now=now, changed=told, agency=successor.code)
    tell_step(step, [row.pk], now, only_authors=True)
    return True
