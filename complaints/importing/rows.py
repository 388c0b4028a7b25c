"""One record of the file, checked and in our terms. Touches no database."""

import math
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.importing.mapping import MEANINGS, MOMENTS, REJECT, YES, Mapping
from complaints.importing.moments import parse_moment
from complaints.importing.reading import Record
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel
from complaints.states import ACTIVE, WITH_AGENCY, State

MAX_ID, MAX_SUBJECT, MAX_LOCATION, MAX_NAME = 80, 150, 200, 200
# Above this a text is an accident of the export; PostgreSQL's index takes no more than a megabyte either.
MAX_DESCRIPTION = 100_000


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


def read_row(record: Record, mapping: Mapping, now: datetime) -> Row:
    """The record in our terms. BadRow when it cannot be taken over."""
    if record.problem:
        raise BadRow(record.problem)
    cells = record.cells
    _refuse(cells, mapping)
    words = {name: _meaning(cells, mapping, name) for name in MEANINGS}
    moments = {name: _moment(cells, mapping, name) for name in MOMENTS}
    received_at = moments["received_at"]
    if received_at is None:
        raise BadRow(_("has no date of receipt"))
    texts = _texts(cells, mapping)
    row = Row(
        line=record.line,
        source_id=_source_id(cells, mapping),
        state=_state(words["state"], texts["agency"]),
        state_there=_text(cells, mapping, "state"),
        received_at=received_at,
        ended_at=moments["ended_at"],
        target_at=moments["target_at"],
        channel=words["channel"] or Channel.OTHER,
        kind=words["kind"] or Kind.COMPLAINT,
        is_anonymous=words["is_anonymous"] == YES,
        is_confidential=words["is_confidential"] == YES,
        latitude=_degrees(cells, mapping, "latitude", 90),
        longitude=_degrees(cells, mapping, "longitude", 180),
        **texts,
    )
    _check_order(row, now)
    return row


def _refuse(cells: dict[str, str], mapping: Mapping) -> None:
    for name, value in cells.items():
        if "\0" in value:
            raise BadRow(_("“%(name)s” holds a NUL character") % {"name": name})
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            raise BadRow(
                _("“%(name)s” is not written in %(encoding)s") % {"name": name, "encoding": mapping.encoding}
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
        "language": _text(cells, mapping, "language")[:2] or "id",
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
    headings = mapping.columns.get(name)
    if headings is None:
        return mapping.constants.get(name, "")
    if len(headings) == 1:
        return cells[headings[0]].strip()
    parts = (cells[heading].strip() for heading in headings)
    return joint.join(part for part in parts if part)


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


def _moment(cells: dict[str, str], mapping: Mapping, name: str) -> datetime | None:
    text = _text(cells, mapping, name)
    if not text:
        return None
    try:
        return parse_moment(text, mapping.dates, mapping.tz)
    except (ValueError, OverflowError) as error:
        raise BadRow(_("“%(text)s” is not a date (%(name)s)") % {"text": text[:40], "name": name}) from error


def _degrees(cells: dict[str, str], mapping: Mapping, name: str, limit: int) -> float | None:
    """A position that is no number on Earth is left out: the place in words counts."""
    try:
        value = float(_text(cells, mapping, name))
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= limit else None


def _state(state: str, agency: str) -> str:
    """A case that no agency has can only wait for verification."""
    return State.SUBMITTED.value if state in WITH_AGENCY and not agency else state


def _check_order(row: Row, now: datetime) -> None:
    if row.received_at > now:
        raise BadRow(_("was received in the future"))
    if row.ended_at is not None:
        if row.ended_at < row.received_at:
            raise BadRow(_("ended before it was received"))
        if row.ended_at > now:
            raise BadRow(_("ended in the future"))
        if row.state in ACTIVE:
            raise BadRow(_("is still open but has an end"))
