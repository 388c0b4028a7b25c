"""One record of the file, checked and in our terms. Touches no database."""

import math
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from complaints.importing.lines import plain
from complaints.importing.mapping import MEANINGS, REJECT, YES, Mapping
from complaints.importing.moments import Found, last_second, parse_moment, second_time
from complaints.importing.reading import Record
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel
from complaints.plain_text import one_line, several_lines
from complaints.states import ACTIVE, WITH_AGENCY, State

MAX_ID, MAX_SUBJECT, MAX_LOCATION, MAX_NAME = 80, 150, 200, 200
# Above this a text is an accident of the export; PostgreSQL's index takes no more than a megabyte either.
MAX_DESCRIPTION = 100_000
LONG_TEXTS = frozenset({"description", "remark"})


class BadRow(Exception):
    """The record is not taken over; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    source_id: str
    state: str
    state_there: str  # the source's own word for it
    received_at: datetime
    ended_at: datetime | None
    target_at: datetime | None
    subject: str
    description: str
    location: str
    remark: str
    agency: str
    category: str
    area: str
    channel: str
    kind: str
    language: str
    external_reference: str
    is_anonymous: bool
    is_confidential: bool
    latitude: float | None
    longitude: float | None
    agency_there: str = ""  # the agency that had it, where it goes to nobody of ours
    remarks: tuple[str, ...] = ()  # what was not taken over as it stands there


def read_row(record: Record, mapping: Mapping, now: datetime) -> Row:
    """The record in our terms. BadRow when it cannot be taken over."""
    if record.problem:
        raise BadRow(record.problem)
    cells = record.cells
    _refuse(cells, mapping)
    words = {name: _meaning(cells, mapping, name) for name in MEANINGS}
    remarks: list[str] = []
    received_at = _received(cells, mapping, now)
    texts = _texts(cells, mapping)
    latitude, longitude = _position(cells, mapping)
    return Row(
        line=record.line,
        source_id=_source_id(cells, mapping),
        state=_state(words["state"], texts["agency"], remarks),
        state_there=_text(cells, mapping, "state"),
        received_at=received_at,
        target_at=_target(cells, mapping, remarks),
        ended_at=_ended(cells, mapping, words["state"], received_at, now, remarks),
        channel=words["channel"] or Channel.OTHER,
        kind=words["kind"] or Kind.COMPLAINT,
        is_anonymous=words["is_anonymous"] == YES,
        is_confidential=words["is_confidential"] == YES,
        latitude=latitude,
        longitude=longitude,
        remarks=tuple(remarks),
        **texts,
    )


def _refuse(cells: dict[str, str], mapping: Mapping) -> None:
    for name, value in cells.items():
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            raise BadRow(
                _("“%(name)s” is not written in %(encoding)s")
                % {"name": name, "encoding": mapping.encoding or "utf-8"}
            )
    for refusal in mapping.refusals:
        if cells[refusal.column].strip().casefold() in refusal.words:
            raise BadRow(refusal.reason)


def _source_id(cells: dict[str, str], mapping: Mapping) -> str:
    source_id = _text(cells, mapping, "id")
    if not source_id:
        raise BadRow(_("has no number of its own"))
    if len(source_id) > MAX_ID:
        raise BadRow(_("its number is longer than %(count)s characters") % {"count": MAX_ID})
    return source_id


def _texts(cells: dict[str, str], mapping: Mapping) -> dict[str, str]:
    """The texts, cut to what a case can hold. A case without subject borrows the description's beginning,
    one without description repeats the subject."""
    subject, description = (_text(cells, mapping, name) for name in ("subject", "description"))
    if not subject and not description:
        raise BadRow(_("has neither a subject nor a description"))
    if len(description) > MAX_DESCRIPTION:
        raise BadRow(_("its description is longer than %(count)s characters") % {"count": MAX_DESCRIPTION})
    texts = {
        "subject": _cut(" ".join((subject or description).split()), MAX_SUBJECT),
        "description": description or subject,
        "location": _cut(_text(cells, mapping, "location", ", "), MAX_LOCATION),
        "remark": _cut(_text(cells, mapping, "remark"), MAX_DESCRIPTION),
        "area": _text(cells, mapping, "area"),
        "language": _text(cells, mapping, "language")[:2].lower() or "id",
        "external_reference": _cut(_text(cells, mapping, "external_reference"), MAX_ID),
    }
    for name in ("agency", "category"):
        texts[name] = " ".join(_text(cells, mapping, name).split())
        if len(texts[name]) > MAX_NAME:
            raise BadRow(
                _("“%(name)s” is longer than %(count)s characters") % {"name": name, "count": MAX_NAME}
            )
    return texts


def _text(cells: dict[str, str], mapping: Mapping, name: str, joint: str = " ") -> str:
    """Without what no form would take, and without words that mean nothing."""
    headings = mapping.columns.get(name)
    if headings is None:
        return mapping.constants.get(name, "")
    clean = several_lines if name in LONG_TEXTS else one_line
    parts = (clean(cells[heading]).strip() for heading in headings)
    return joint.join(part for part in parts if part and plain(part) not in mapping.empty)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _meaning(cells: dict[str, str], mapping: Mapping, name: str) -> str:
    if name not in mapping.columns:
        return mapping.constants.get(name, "")
    word = _text(cells, mapping, name)
    meaning = mapping.values[name].meaning(word)
    if meaning == REJECT:
        raise BadRow(_("“%(word)s” is not a known word for “%(name)s”") % {"word": word[:40], "name": name})
    return meaning


def _moment(cells: dict[str, str], mapping: Mapping, name: str) -> Found | None:
    """None where there is none; ValueError for what is no date."""
    text = _text(cells, mapping, name)
    return parse_moment(text, mapping.dates, _zone(mapping, name)) if text else None


def _zone(mapping: Mapping, name: str) -> ZoneInfo:
    return mapping.zones.get(name, mapping.tz)


def _received(cells: dict[str, str], mapping: Mapping, now: datetime) -> datetime:
    """A day without time is its beginning."""
    try:
        found = _moment(cells, mapping, "received_at")
    except (ValueError, OverflowError) as error:
        raise BadRow(_no_date(cells, mapping, "received_at")) from error
    if found is None:
        raise BadRow(_("has no date of receipt"))
    if found.at > now:
        raise BadRow(_("was received in the future"))
    return found.at


def _target(cells: dict[str, str], mapping: Mapping, remarks: list[str]) -> datetime | None:
    """A day without time is its end: until then it was promised."""
    found = _known(cells, mapping, "target_at", remarks)
    if found is None:
        return None
    return last_second(found.at, _zone(mapping, "target_at")) if found.whole_day else found.at


def _ended(
    cells: dict[str, str],
    mapping: Mapping,
    state: str,
    received_at: datetime,
    now: datetime,
    remarks: list[str],
) -> datetime | None:
    """A day without time is its end, since nothing may look quicker than it was; never before the receipt."""
    found = _known(cells, mapping, "ended_at", remarks)
    if found is None:
        return None
    at, zone = found.at, _zone(mapping, "ended_at")
    if found.whole_day or _is_its_day(at, received_at, zone):
        at = min(last_second(at, zone), now)
    elif at < received_at <= second_time(at, zone):
        at = second_time(at, zone)
    if at < received_at:
        remarks.append(_("ended before it was received: when it ended is not known"))
    elif at > now:
        remarks.append(_("ended in the future: when it ended is not known"))
    elif state in ACTIVE:
        remarks.append(_("is still open but has an end, which is left out"))
    else:
        return at
    return None


def _is_its_day(at: datetime, received_at: datetime, zone: ZoneInfo) -> bool:
    """Whether this is the midnight with which the day of the receipt began: a day that was written as a moment."""
    is_midnight = at.astimezone(zone).time() == time.min
    return is_midnight and at < received_at <= last_second(at, zone)


def _known(cells: dict[str, str], mapping: Mapping, name: str, remarks: list[str]) -> Found | None:
    try:
        return _moment(cells, mapping, name)
    except (ValueError, OverflowError):
        remarks.append(_no_date(cells, mapping, name))
        return None


def _no_date(cells: dict[str, str], mapping: Mapping, name: str) -> str:
    text = _text(cells, mapping, name)
    return _("“%(text)s” is not a date (%(name)s)") % {"text": text[:40], "name": name}


def _position(cells: dict[str, str], mapping: Mapping) -> tuple[float | None, float | None]:
    """Half a position, or one that is not on Earth, is none: the place in words counts."""
    latitude = _degrees(cells, mapping, "latitude", 90)
    longitude = _degrees(cells, mapping, "longitude", 180)
    return (latitude, longitude) if latitude is not None and longitude is not None else (None, None)


def _degrees(cells: dict[str, str], mapping: Mapping, name: str, limit: int) -> float | None:
    text = _text(cells, mapping, name)
    try:
        value = float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= limit else None


def _state(state: str, agency: str, remarks: list[str]) -> str:
    """A case that no agency has can only wait for verification."""
    if state not in WITH_AGENCY or agency:
        return state
    remarks.append(_("is said to be with an agency, but names none: it waits for verification"))
    return State.SUBMITTED.value
