"""The file of one case on paper: heading, clock, timeline and list of files, as its reader may see them."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from complaints.clock.calendars import build
from complaints.clock.dates import moment_words
from complaints.clock.words import target_in_words, verdict
from complaints.files.storage import FileDamaged, read
from complaints.history.folding import folded
from complaints.history.timeline import TimelineFile, TimelineItem, timeline_for
from complaints.models import Attachment, Clock, Complaint
from complaints.models.policy import Stage
from reports.figures.tables import iso
from reports.pages.pdf import Page, Picture, make_pdf

MOST_PICTURES = 12
MAX_TEXT, MAX_LINES = 20_000, 600  # of one text; a print of a thousand pages helps nobody
BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")


def case_file_pdf(
    case: Complaint,
    *,
    actor: Actor,
    now: datetime,
    language: str,
    timeline: list[TimelineItem] | None = None,
    made_for: str = "",
) -> bytes:
    """The PDF of a case that `actor` has in scope and may read, or of less: the history that is handed in, for
    whoever it is `made_for`. Raises RenderFailed."""
    with translation.override(language):
        context = case_file_context(case, actor, now, timeline)
        context["made_for"] = made_for or context["made_for"]
        pictures = _pictures(context["files"])
        context["pictures"] = [
            {"asset": f"asset:{name}", "label": row.name, "side": row.get_shows_display()}
            for name, row, _ in pictures
        ]
    city = settings.CITY
    colours = {"primary": city.primary, "accent": city.accent, "ochre": city.ochre}
    reader = actor.pk if isinstance(actor, User) else "citizen"
    identifier = sha256(f"{case.number}:{case.version}:{reader}:{iso(now)}".encode()).hexdigest()[:32]
    assets = {name: picture for name, _, picture in pictures}
    return make_pdf(Page("reports/case_file.html", context, language, colours, identifier, pictures=assets))


def case_file_context(
    case: Complaint, actor: Actor, now: datetime, history: list[TimelineItem] | None = None
) -> dict[str, Any]:
    shown = timeline_for(case, actor) if history is None else history  # an empty one is one, too
    timeline = [_clipped(item) for item in folded(shown)]
    description, is_cut = clip(case.description)
    return {
        "language": translation.get_language(),
        "government": settings.CITY.government,
        "case": case,
        "facts": facts_of(case),
        "description": description,
        "is_cut": is_cut,
        "stages": _stages(case, now),
        "target": moment_words(case.target_at) if case.target_at else "",
        "timeline": [{"item": item, "at": moment_words(item.at)} for item in timeline],
        "files": [file for item in timeline for file in _in_order(item)],
        "made_at": moment_words(now),
        "made_for": f"{actor.name}, {actor.get_role_display()}" if isinstance(actor, User) else "",
        "made_iso": iso(now),
    }


def _in_order(item: TimelineItem) -> list[TimelineFile]:
    """What was before the work, what is after it, and the rest."""
    return [file for _label, files in item.sides for file in files] + item.other_files


def _pictures(files: list[TimelineFile]) -> list[tuple[str, Attachment, Picture]]:
    """Name in the paper, row and content of the first pictures among these files; none that shows a person or papers,
    since paper is carried about, and none whose bytes are damaged."""
    keys = [file.key for file in files if file.is_image]
    rows = {row.key: row for row in Attachment.objects.filter(key__in=keys, is_personal=False)}
    found: list[tuple[str, Attachment, Picture]] = []
    for row in [rows[key] for key in keys if key in rows][:MOST_PICTURES]:
        with suppress(FileDamaged):
            found.append((f"photo-{row.key}", row, (row.content_type, read(row))))
    return found


def clip(text: str) -> tuple[str, bool]:
    """The text as far as it is printed, and whether that is not all of it. Blank lines in a row are one."""
    squeezed = BLANK_LINES.sub("\n\n", text)
    kept = "\n".join(squeezed[:MAX_TEXT].split("\n")[:MAX_LINES])
    return kept, len(kept) < len(squeezed)


def _clipped(item: TimelineItem) -> TimelineItem:
    words, is_cut = clip(item.words)
    return replace(item, words=f"{words} […]" if is_cut else words)


def facts_of(case: Complaint) -> list[tuple[str, str]]:
    """Name and value, in the reader's language."""
    rows = [
        (_("Number"), case.number),
        (_("State"), case.get_state_display()),
        (_("Kind"), case.get_kind_display()),
        (_("Category"), case.category.name if case.category else ""),
        (_("Service"), case.service.name if case.service else ""),
        (_("Area"), case.area.name if case.area else ""),
        (_("Place"), case.location),
        (_("When it happened"), date_format(case.happened_on, "j F Y") if case.happened_on else ""),
        (_("Channel"), case.get_channel_display()),
        (_("Received"), moment_words(case.received_at)),
        (_("Agency"), case.agency.local_name if case.agency else ""),
        (_("Ended"), moment_words(case.ended_at) if case.ended_at else ""),
    ]
    return [(name, str(value)) for name, value in rows if value]


def _stages(case: Complaint, now: datetime) -> list[list[str]]:
    """Each target: stage, what was promised, since when, due, how it went."""
    clocks = Clock.of_case(case.pk)
    return [
        [
            str(Stage(clock.stage).label),
            target_in_words(clock),
            moment_words(clock.started_at),
            moment_words(clock.due_at) if clock.due_at else "–",
            verdict(clock, build(clock.calendar), now).words,
        ]
        for clock in clocks
    ]
