"""What the case page shows: everything about one case on one screen, and only what may be done now."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.clock.calendars import build, calendars
from complaints.clock.kept_in_sql import standings
from complaints.clock.words import (
    Line,
    Remaining,
    explanation,
    moment,
    remaining,
    share_used,
    target_in_words,
    verdict,
)
from complaints.database.kept_statements import rows_of
from complaints.desk.action_panels import NONE_OPEN, ActionPanel, Opened, panels_of
from complaints.desk.additions import CASE_PANELS, links_of
from complaints.desk.duplicates import Duplicate, duplicates_of
from complaints.desk.forms.actions import CaseForm, OpenIdentityForm
from complaints.desk.looks import marks_of
from complaints.desk.neighbours import neighbours
from complaints.desk.rows import whose_turn
from complaints.desk.unsent import stranded_of
from complaints.history.folding import folded
from complaints.history.timeline import (
    TimelineFile,
    TimelineItem,
    ends_of_timeline,
    files_for,
    timeline_for,
)
from complaints.identity import Identity
from complaints.models import Clock, Complaint, EventKind, Pause
from complaints.models.policy import Stage
from complaints.permissions import Act, is_protected, may
from complaints.recusal import active_parties
from complaints.services.system import contact_for
from complaints.states import PAUSED

LONG = 40  # a history of more lines shows these at its beginning and at its end
FIRST, LAST = 5, 25


@dataclass(frozen=True)
class StageLine:
    """One target of the case and how it went."""

    label: str
    target: str
    started: str
    due: str
    verdict: Remaining
    lines: list[Line]


def case_context(
    case: Complaint,
    actor: User,
    now: datetime,
    opened: Opened = NONE_OPEN,
    identity_form: CaseForm | None = None,
    *,
    whole: bool = False,
) -> dict[str, Any]:
    """The page's context. `opened`: which fold is open; `identity_form`: the one for a protected identity, refused;
    `whole`: the history however long it is."""
    can_read = may(actor, Act.READ_WORDS, case)
    identity = identity_shown(case, actor)
    timeline, was_asked, between = _history(case, actor, whole=whole)
    around = neighbours(case, actor, now)
    turn = whose_turn(case.parent if case.parent is not None and case.parent.state in PAUSED else case)
    panels = panels_of(case, actor, now, opened, identity=identity, still_working=around["still_working"])
    return {
        "case": case,
        "can_read": can_read,
        "title": case.subject if can_read else case.number,
        "facts": _facts(case, can_read=can_read),
        "complainant": _complainant(case, actor, identity),
        "parties": _parties(case, actor),
        "identity_form": identity_form or _identity_form(case, actor),
        "history": history_in_short(timeline, between, whole=whole, newest_first=actor.newest_first),
        **_clock(case, now, was_asked=was_asked),
        "turn": " · ".join(part for part in turn if part) if case.is_open else "",
        "now": now,
        "timeline": (lines := folded(timeline)),
        "in_order": lines[::-1] if actor.newest_first else lines,
        "files": (files := files_for(case, actor) if between else _files(timeline)),
        "has_pictures": any(file.is_image for file in files),
        **around,
        "panels": panels,
        "stranded": stranded_of(case, actor, [panel.action.slug for panel in panels]),
        "similar": _similar_to_merge(case, actor, panels),
        "added_panels": [panel.template for panel in CASE_PANELS if panel.is_about(case)],
        "links": links_of(case, actor),
    }


@dataclass(frozen=True)
class History:
    """The lines of a history that are shown; `between` is how many are not."""

    first: list[TimelineItem]
    between: int = 0
    last: tuple[TimelineItem, ...] = ()


def history_in_short(
    timeline: list[TimelineItem], between: int = 0, *, whole: bool = False, newest_first: bool = False
) -> History:
    """The beginning and the end of a long history, told oldest first; a short one, or the `whole`, as it is. Of one
    that was read so, `between` are left out already."""
    head, tail = (LAST, FIRST) if newest_first else (FIRST, LAST)
    lines = timeline[::-1] if newest_first else timeline
    if not between and (whole or len(lines) <= LONG):
        return History(lines)
    return History(lines[:head], between or len(lines) - FIRST - LAST, tuple(lines[-tail:]))


def _history(case: Complaint, actor: User, *, whole: bool) -> tuple[list[TimelineItem], bool, int]:
    """The lines with their news, whether its citizen was ever asked something, and how many lines between were not
    read."""
    looked, between = marks_of(case).version, case.version - FIRST - LAST
    if not whole and case.version > LONG and (ends := ends_of_timeline(case, actor, FIRST, LAST)):
        lines, was_asked = ends
        return with_news(lines, looked), was_asked, between
    lines = timeline_for(case, actor)
    was_asked = any(item.kind == EventKind.QUESTION_ASKED for item in lines)
    return with_news(lines, looked), was_asked, 0


def with_news(timeline: list[TimelineItem], looked: int | None) -> list[TimelineItem]:
    """With a mark on what came after the version that its reader saw; who has never looked has no news."""
    if looked is None:
        return timeline
    return [replace(item, is_new=True) if item.seq > looked else item for item in timeline]


def form_context(case: Complaint, actor: User, now: datetime, opened: Opened) -> dict[str, Any] | None:
    """What the open fold alone takes; None when this cannot be done to the case as it is now."""
    panels = panels_of(
        case,
        actor,
        now,
        opened,
        identity=identity_shown(case, actor),
        still_working=neighbours(case, actor, now)["still_working"],
    )
    panel = next((each for each in panels if each.is_open), None)
    if panel is None:
        return None
    return {"case": case, "panel": panel, "similar": _similar_to_merge(case, actor, panels)}


def identity_shown(case: Complaint, actor: User) -> Identity:
    """Who complained, as far as the page tells it."""
    return contact_for(case, actor) if _may_see_contact(case, actor) else Identity()


def _may_see_contact(case: Complaint, actor: User) -> bool:
    return not is_protected(case) and may(actor, Act.READ_CONTACT, case)


def _facts(case: Complaint, *, can_read: bool) -> list[dict[str, Any]]:
    """Term and value; empty values are left out by the component."""
    area = case.area
    ward = f"{area.name}, {area.parent.name}" if area and area.parent else (area.name if area else "")
    rows = [
        (_("Kind"), case.get_kind_display()),
        (_("Category"), case.category.name if case.category else ""),
        (_("Service"), case.service.name if case.service else ""),
        (_("Ward"), ward),
        (_("Place"), case.location if can_read else ""),
        (_("Happened on"), date_format(case.happened_on, "j F Y") if case.happened_on else ""),
        (_("Channel"), case.get_channel_display()),
        (_("Received"), moment(case.received_at)),
        (_("Typed in by"), case.entered_by.name if case.entered_by else ""),
        (_("Agency"), case.agency.local_name if case.agency else ""),
        (_("Handled by"), case.handler.name if case.handler else ""),
        (_("Handed back"), str(case.hand_backs) if case.hand_backs else ""),
        (_("Referred to"), case.referred_to.local_name if case.referred_to else ""),
        (_("Their reference"), case.external_reference),
    ]
    return [{"term": term, "value": value} for term, value in rows]


def _complainant(case: Complaint, actor: User, identity: Identity) -> dict[str, Any]:
    """Who complained, or why that is not shown."""
    if case.is_anonymous:
        return {"note": _("Anonymous: no name and no address are kept.")}
    if case.is_confidential:
        return {"note": _("Protected: the citizen asked that the agency does not learn who they are.")}
    if not may(actor, Act.READ_CONTACT, case):
        return {"note": _("Not shown to your role.")}
    if not identity and case.parent is not None:
        said = _("Whoever complained stands with the whole, report %(number)s.")
        return {"note": said % {"number": case.parent.number}}
    if not identity:
        return {"note": _("No name and no address were left.")}
    rows = [(_("Name"), identity.name), (_("Telephone"), identity.phone), (_("E-mail"), identity.email)]
    return {"rows": [{"term": term, "value": value} for term, value in rows]}


def _parties(case: Complaint, actor: User) -> list[dict[str, Any]]:
    """Whom the case is about, for those who read what staff write; they have to know whom they deal with."""
    if not may(actor, Act.READ_STAFF, case):
        return []
    rows = []
    for row in active_parties(case):
        unit = row.agency.local_name if row.agency else ""
        who = row.user.name or row.user.email if row.user else unit
        below = _("and everybody in %(agency)s") if row.user else _("everybody there")
        line = below % {"agency": unit} if row.agency else ""
        since = _("named %(moment)s") % {"moment": moment(row.named_at)}
        rows.append({"term": who, "value": " · ".join(part for part in (line, since) if part)})
    return rows


def _identity_form(case: Complaint, actor: User) -> CaseForm | None:
    if case.is_anonymous or not case.is_confidential or not may(actor, Act.OPEN_IDENTITY, case):
        return None
    return OpenIdentityForm(case=case, actor=actor, auto_id="open-identity-%s")


def _clock(case: Complaint, now: datetime, *, was_asked: bool) -> dict[str, Any]:
    """The panel of time: what falls due next, how much of it is used, and every stage."""
    clocks = rows_of("clocks", case.pk, 0, Clock.of_case)
    # Only a question to the citizen makes the clocks stand still; that of a part's lead, those of the part.
    was_asked = was_asked or case.parent_id is not None
    pauses = list(Pause.objects.filter(complaint=case)) if clocks and was_asked else []
    next_due = _next_due(case, clocks)
    city = build(next_due.calendar) if next_due else calendars().of(case.agency_id)
    left = remaining(case, city, now, standings([case], now))
    return {
        "left": left,
        "due_label": Stage(next_due.stage).label if next_due else "",
        "due_at": next_due.due_at if next_due else None,
        "share": share_used(next_due, pauses, city, now) if next_due else None,
        "promised": moment(case.target_at),
        "stages": [_stage_line(clock, pauses, now) for clock in clocks],
        "is_history": not case.is_live,
    }


def _next_due(case: Complaint, clocks: list[Clock]) -> Clock | None:
    """The running clock that falls due next."""
    running = [clock for clock in clocks if clock.is_running and clock.due_at is not None]
    if case.state in PAUSED and case.target_at is not None:  # the citizen was asked, and the promise runs on
        running = [clock for clock in running if clock.stage == Stage.RESOLUTION]
    return min(running, key=lambda clock: (clock.due_at, clock.pk), default=None)


def _stage_line(clock: Clock, pauses: list[Pause], now: datetime) -> StageLine:
    calendar = build(clock.calendar)
    label = str(Stage(clock.stage).label)
    if clock.cycle > 1:
        label = _("%(stage)s (round %(cycle)d)") % {"stage": label, "cycle": clock.cycle}
    return StageLine(
        label=label,
        target=target_in_words(clock),
        started=moment(clock.started_at),
        due=moment(clock.due_at),
        verdict=verdict(clock, calendar, now),
        lines=explanation(clock, pauses, calendar, now),
    )


def _files(timeline: list[TimelineItem]) -> list[TimelineFile]:
    return [file for item in timeline for file in item.files]


def _similar_to_merge(case: Complaint, actor: User, panels: list[ActionPanel]) -> list[Duplicate]:
    merges = any(panel.is_open and panel.action.slug == "merge" for panel in panels)
    return duplicates_of(case, actor) if merges else []
