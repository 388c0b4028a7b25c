"""The history of a case as somebody may see it: events become sentences here, at display time.

Three audiences, one projection: the citizen (and the clerk who typed the case in) sees what concerns them,
staff by role and agency and never by name; staff with the right see everything; who has only headings sees
that something happened. The case of which a case is a repetition is told without its own citizen's words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor, Citizen
from accounts.roles import Role
from complaints.accused import SentAnyway, in_words
from complaints.database.kept_statements import rows_of
from complaints.files.sides import taken_on_the_spot
from complaints.history.kinds import Names, type_of
from complaints.models import Area, Attachment, Category, Complaint, Event, EventKind
from complaints.models.attachment import Shows
from complaints.names import agencies_of_codes, people_of_keys, reasons_of_codes, with_names
from complaints.permissions import Act, may


class Audience(StrEnum):
    """Who reads."""

    CITIZEN = "citizen"
    FOLLOWER = "follower"  # the citizen of a case merged into this one
    STAFF = "staff"
    HEADINGS = "headings"


# Said by the citizen, or typed in for them: not for the citizen of another case.
CITIZENS_ROLES = frozenset({Role.CITIZEN, Role.CLERK})
# Of the whole, what those who work on a part have to know: what its citizen said, and what they were asked.
REACHES_PARTS = frozenset(
    {
        EventKind.SUBMITTED,
        EventKind.FILES_ADDED,
        EventKind.QUESTION_ASKED,
        EventKind.QUESTION_STANDS,
        EventKind.QUESTION_DROPPED,
        EventKind.ANSWERED,
    }
)
PARTY_KINDS = frozenset({EventKind.PARTY_NAMED, EventKind.PARTY_CLEARED})


@dataclass(frozen=True)
class TimelineFile:
    """As the component file_list takes it."""

    name: str
    url: str
    size: int
    is_image: bool
    small_url: str = ""  # of a small picture of it
    note: str = ""  # what else is to be said of it
    shows: str = ""  # which side of the work: attachment.Shows

    @property
    def key(self) -> str:
        return self.url.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True)
class TimelineItem:
    """One line of the timeline, as the component timeline takes it. `words` are plain text."""

    seq: int
    at: Any
    kind: str
    title: str
    who: str
    words: str = ""
    files: list[TimelineFile] = field(default_factory=list)
    earlier: list[TimelineFile] = field(default_factory=list)  # taken on the spot, of how it was before
    is_internal: bool = False
    icon: str = "info"
    tone: str = "neutral"
    data: dict[str, Any] = field(default_factory=dict)
    is_new: bool = False  # since its reader last looked

    @property
    def body(self) -> str:
        return self.words

    @property
    def sides(self) -> list[tuple[str, list[TimelineFile]]]:
        """What it looked like before the work and after it, to be shown side by side; empty without such pictures."""
        files = [*self.earlier, *self.files]
        found = [(str(side.label), [file for file in files if file.shows == side]) for side in Shows]
        return [(label, files) for label, files in found if files]

    @property
    def other_files(self) -> list[TimelineFile]:
        """Those that stand beside no other."""
        return [file for file in self.files if not file.shows]

    @property
    def audience(self) -> str:
        """ "internal" for what only staff see, else "public"."""
        return "internal" if self.is_internal else "public"


def audience_of(actor: Actor, case: Complaint) -> Audience:
    """What `actor`, who has `case` in scope, may see of its history."""
    if may(actor, Act.READ_STAFF, case):
        return Audience.STAFF
    return Audience.CITIZEN if may(actor, Act.READ_WORDS, case) else Audience.HEADINGS


def timeline_for(case: Complaint, actor: Actor) -> list[TimelineItem]:
    """What `actor` may see of the history of a case in their scope, oldest first.

    Two queries, however long the history is; names come from memory.
    """
    audience = audience_of(actor, case)
    items = _project(case, audience, own=isinstance(actor, Citizen))
    if case.parent is None or audience != Audience.STAFF:
        return items
    whole = _project(case.parent, Audience.STAFF, own=False, only=_reaches_parts)
    # Under no place in the history of the part: they have theirs in another.
    return sorted([*(replace(item, seq=0) for item in whole), *items], key=lambda item: item.at)


def ends_of_timeline(
    case: Complaint, actor: Actor, first: int, last: int
) -> tuple[list[TimelineItem], bool] | None:
    """Of a history that `actor` sees all of, its first and its last so many lines, and whether its citizen was ever
    asked something; no more is read of it. None where it is to be read whole."""
    if case.parent is not None or audience_of(actor, case) != Audience.STAFF:
        return None
    ends = Q(seq__lte=first) | Q(seq__gt=case.version - last)
    rows = list(_events(case, ends | Q(kind=EventKind.QUESTION_ASKED)))
    shown = [event for event in rows if not first < event.seq <= case.version - last]
    was_asked = any(event.kind == EventKind.QUESTION_ASKED for event in rows)
    return _items(shown, case, Audience.STAFF, own=False), was_asked


def files_for(case: Complaint, actor: Actor) -> list[TimelineFile]:
    """Those of its own history, in the order in which they came."""
    rows = _rows(case, audience_of(actor, case))
    return [file for files in _files(rows).values() for file in files]


def timeline_as_seen_by(case: Complaint, audience: Audience) -> list[TimelineItem]:
    """The history for somebody else than who asks: to be handed on."""
    return _project(case, audience, own=False)


@dataclass(frozen=True)
class SeenEvent:
    """An event, and how much of it somebody may see."""

    event: Event
    is_shown: bool
    shows_words: bool


def events_for(case: Complaint, audience: Audience) -> list[SeenEvent]:
    """The whole history, oldest first, with what `audience` may see of each event. One query."""
    return [
        SeenEvent(event, shown, shown and _shows_words(event, audience))
        for event in _events(case)
        for shown in [_is_shown(event, audience)]
    ]


def timeline_of_main(case: Complaint, own: list[TimelineItem]) -> list[TimelineItem]:
    """What the citizen of a merged case sees of the case it was merged into; of one in whose place it goes on by now,
    or that it left, what had happened until then. `own` is the case's own history."""
    items = _project(case.merged_into, Audience.FOLLOWER, own=False) if case.merged_into else []
    leaving = (EventKind.WENT_ON, EventKind.WITHDRAWN)
    left = {item.data["from"]: item.at for item in own if item.kind in leaving and item.data.get("from")}
    for former in Complaint.objects.filter(number__in=left) if left else ():
        seen = _project(former, Audience.FOLLOWER, own=False)
        items += [item for item in seen if item.at <= left[former.number]]
    return items


def answers_of(part: Complaint) -> list[TimelineItem]:
    """What the agency of a part of a shared case answered, the last one last: for the citizen of the whole, for those
    whose cases follow it, and for those who work on another share."""
    return [item for item in _project(part, Audience.FOLLOWER, own=False) if item.kind == EventKind.RESOLVED]


def may_read_file(actor: Actor, case: Complaint, file: Attachment) -> bool:
    """Whether `actor`, who has `case` in scope, may open this file of it."""
    audience = audience_of(actor, case)
    if audience == Audience.STAFF:
        return True
    return audience == Audience.CITIZEN and file.is_public


def part_may_read(file: Attachment) -> bool:
    """Whether whoever works on a part of a shared case may open this file of the whole."""
    return file.event is not None and _reaches_parts(file.event)


def _reaches_parts(event: Event) -> bool:
    is_citizens = event.kind != EventKind.FILES_ADDED or event.role in CITIZENS_ROLES
    return event.kind in REACHES_PARTS and is_citizens


def follower_may_read(file: Attachment) -> bool:
    """Whether the citizen of a merged case may open this file of the main case."""
    return file.is_public and file.event is not None and _is_shown(file.event, Audience.FOLLOWER)


def _project(
    case: Complaint, audience: Audience, *, own: bool, only: Callable[[Event], bool] | None = None
) -> list[TimelineItem]:
    shown = [event for event in _events(case) if _is_shown(event, audience)]
    return _items([event for event in shown if only is None or only(event)], case, audience, own=own)


def _items(events: list[Event], case: Complaint, audience: Audience, *, own: bool) -> list[TimelineItem]:
    rows = _rows(case, audience)
    files, earlier = _files(rows), _earlier(rows)
    names = _names(events)
    return [
        replace(item, earlier=earlier[event.pk]) if event.pk in earlier else item
        for event in events
        for item in [_item(event, audience, files.get(event.pk, []), names, own=own)]
    ]


def _events(case: Complaint, among: Q | None = None) -> Iterable[Event]:
    rows = rows_of("history", case.pk, 0, _history) if among is None else _history(case.pk).filter(among)
    return with_names(rows, ["actor"])


def _history(pk: int) -> QuerySet[Event]:
    return Event.objects.filter(complaint=pk).select_related("content").order_by("seq")


def _is_shown(event: Event, audience: Audience) -> bool:
    if audience == Audience.STAFF:
        return True
    if event.kind in (EventKind.FILES_ADDED, EventKind.FILE_CHECKED) and not event.data.get("public", True):
        return False
    if event.kind == EventKind.FILE_CHECKED and audience == Audience.FOLLOWER:
        return False  # of what the citizen of the other case sent
    if audience == Audience.FOLLOWER:
        return _is_public(event) and event.role not in CITIZENS_ROLES
    if event.kind == EventKind.RATED:
        return audience == Audience.CITIZEN
    return _is_public(event)


def _is_public(event: Event) -> bool:
    return type_of(event).is_public


def _shows_words(event: Event, audience: Audience) -> bool:
    if audience == Audience.STAFF:
        return True
    # The dissent of a merged case's citizen, passed on by the system: their words are for staff only.
    is_anothers = event.kind == EventKind.DISPUTED and event.role == Role.SYSTEM
    # What was put right of the main case's words is its own citizen's.
    is_anothers |= event.kind == EventKind.CORRECTED and audience == Audience.FOLLOWER
    for_staff = type_of(event).words_for_staff
    return audience != Audience.HEADINGS and not for_staff and not is_anothers


def _item(
    event: Event, audience: Audience, files: list[TimelineFile], names: Names, *, own: bool
) -> TimelineItem:
    event_type = type_of(event)
    words = _words(event) if _shows_words(event, audience) else ""
    own_title = event_type.own_title(event, names) if own else ""
    return TimelineItem(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        title=own_title or event_type.title(event, names),
        who="" if own_title and event.role == Role.CITIZEN else _who(event, audience, names, own=own),
        words=_staff_words(event, words) if audience == Audience.STAFF else words,
        files=[] if audience == Audience.HEADINGS else files,
        is_internal=not event_type.is_public or not event.data.get("public", True),
        icon=event_type.icon,
        tone=event_type.tone,
        data=event.data,
    )


def _staff_words(event: Event, words: str) -> str:
    """With what was answered when the words named who was to get the case."""
    named, answer = event.data.get("named"), event.data.get("answer")
    if not named or answer not in SentAnyway.values:
        return words
    asked = _("Asked before it was sent, since the words name %(who)s. Answer: %(answer)s.") % {
        "who": in_words(named),
        "answer": SentAnyway(answer).label,
    }
    return "\n\n".join(part for part in (words, asked) if part)


def _words(event: Event) -> str:
    if not event.content_digest:
        return ""
    content = getattr(event, "content", None)
    if content is None:
        return _("These words were erased.")
    if event.kind == EventKind.SUBMITTED:
        return ""  # the case's own subject, description and place, which every page shows by themselves
    text = str(content.words.get("text", ""))
    return "\n".join(filter(None, [*_put_right(event, content.words), text]))


def _put_right(event: Event, words: dict[str, Any]) -> list[str]:
    """What stood there and what stands there now."""
    labels = {"subject": _("Title"), "location": _("Place")}
    none = _("(empty)")
    return [
        f"{labels[name]}: “{words.get(f'{name}_before') or none}” → “{words.get(name) or none}”"
        for name in event.data.get("words") or ()
        if name in labels
    ]


def _who(event: Event, audience: Audience, names: Names, *, own: bool) -> str:
    """Who did it: to citizens by role and agency, to staff by name as well."""
    if event.role == Role.CITIZEN:
        return _("You") if own else _("Citizen")
    if event.role == Role.SYSTEM or event.actor is None:
        return _("Tuntas, by itself")
    role = str(Role(event.role).label)
    agency = event.actor.agency.short_name if event.actor.agency else ""
    if audience == Audience.STAFF:
        absent = names.people.get(event.data.get("in_place_of") or 0)
        instead = _("in place of %(name)s") % {"name": absent} if absent else ""
        return " · ".join(filter(None, (event.actor.name or event.actor.email, role, agency, instead)))
    return f"{role}, {agency}" if agency else str(role)


def _rows(case: Complaint, audience: Audience) -> list[Attachment]:
    """The files that these readers are told of."""
    if audience == Audience.HEADINGS:
        return []
    return [row for row in case.attachments.all() if row.is_public or audience == Audience.STAFF]


def _earlier(rows: list[Attachment]) -> dict[int, list[TimelineFile]]:
    """Pictures of before that were taken on the spot, by the event of the answer beside which they stand."""
    taken = taken_on_the_spot(row for row in rows if not row.is_waiting)
    return {event: [file_line(row) for row in found] for event, found in taken.items()}


def _files(rows: list[Attachment]) -> dict[int, list[TimelineFile]]:
    """Files by the event that brought them."""
    found: defaultdict[int, list[TimelineFile]] = defaultdict(list)
    for row in rows:
        found[row.event_id or 0].append(file_line(row))
    return found


def file_line(row: Attachment) -> TimelineFile:
    if row.is_waiting:
        note = _("being checked, shown when that is done")
        return TimelineFile(row.name, "", row.size, is_image=False, note=note)
    url = reverse("complaints:file", args=[row.key])
    is_image = row.content_type.startswith("image/")
    small = reverse("complaints:file-small", args=[row.key]) if is_image else ""
    return TimelineFile(row.name, url, row.size, is_image, small, shows=row.shows)


def _names(events: list[Event]) -> Names:
    """The agencies, reasons and people that these events name by code or key."""
    codes = {str(event.data[key]) for event in events for key in ("agency", "body") if event.data.get(key)}
    codes |= {str(code) for event in events for code in event.data.get("others") or []}
    # Of a merger "from" is the number of a report, which is no agency's code.
    codes |= {str(event.data["from"]) for event in events if event.data.get("from")}
    reasons = {str(event.data["reason"]) for event in events if event.kind == EventKind.REJECTED}
    persons = {e.data["person"] for e in events if e.kind in PARTY_KINDS and "person" in e.data}
    persons |= {event.data["handler"] for event in events if event.kind == EventKind.HANDED_ON}
    notes = [event for event in events if event.kind == EventKind.NOTE_ADDED]
    persons |= {pk for event in notes for pk in event.data.get("told") or []}
    persons |= {event.data["in_place_of"] for event in events if "in_place_of" in event.data}
    put_right = [event.data for event in events if event.kind == EventKind.CORRECTED]
    return Names(
        agencies={code: agency.local_name for code, agency in agencies_of_codes(codes).items()},
        reasons={code: reason.name for code, reason in reasons_of_codes(reasons).items()},
        people={key: person.name or person.email for key, person in people_of_keys(persons).items()},
        areas=_by_code(Area, {data["area"] for data in put_right if data.get("area")}),
        categories=_by_code(Category, {data["category"] for data in put_right if data.get("category")}),
    )


def _by_code(model: type[Area] | type[Category], codes: set[str]) -> dict[str, str]:
    rows: Any = model._default_manager.filter(code__in=codes) if codes else ()
    return {row.code: row.name for row in rows}
