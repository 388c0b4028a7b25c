"""People from a table: who works here, in which role and agency. All of them or nobody; who has an account is left as
they are. Their invitations leave by the worker."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actors import Actor
from accounts.models import Agency, User
from accounts.roles import STAFF_ROLES, Seat
from complaints.importing.lines import BrokenFile, plain
from complaints.ledger.settings import recording_settings

MOST_BYTES = 5_000_000
# Headings as they may be written, in both languages.
COLUMNS = {
    "name": {"name", "nama"},
    "email": {"email", "e-mail", "surel"},
    "role": {"role", "peran"},
    "agency": {"agency", "instansi"},
    "seat": {"level", "seat", "jenjang"},
    "language": {"language", "bahasa"},
}
NEEDED = ("name", "email", "role")


@dataclass
class People:
    """`new` are not stored yet; `known` have an account; `problems` by the line on which they stand, in words."""

    new: list[User] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def read_people(path: Path) -> People:
    """Changes nothing. Raises BrokenFile where it is no table of people."""
    people, seen = People(), set[str]()
    choices = _Choices()
    there = set(User.objects.values_list("email", flat=True))
    for line, row in _rows(path):
        email = row.get("email", "").lower()
        if email in seen:
            people.problems.append((line, _("%(email)s stands in the file twice.") % {"email": email}))
            continue
        seen.add(email)
        if email in there:
            people.known.append(email)
            continue
        user, problems = choices.user_of(row | {"email": email})
        people.problems += [(line, problem) for problem in problems]
        people.new.append(user)
    return people


def store_people(people: People, *, actor: Actor, now: datetime) -> int:
    """How many accounts were made: all of `new`, on record, or none. Call it without problems only."""
    assert not people.problems
    with recording_settings(actor=actor, now=now):
        for user in people.new:
            user.save(force_insert=True)
    return len(people.new)


class _Choices:
    """What may stand in a cell, by how it is written: codes, and words in both languages."""

    def __init__(self) -> None:
        self.roles = _spellings((role.value, role.label) for role in STAFF_ROLES)
        self.seats = _spellings((seat.value, seat.label) for seat in Seat)
        self.languages = {"id": "id", "en": "en", "": "id"}
        self.agencies: dict[str, Agency | None] = {}
        for agency in Agency.objects.filter(is_external=False, is_active=True):
            for name in {plain(agency.code), plain(agency.name), plain(agency.short_name)}:
                self.agencies[name] = None if name in self.agencies else agency  # of two of one name neither

    def user_of(self, row: dict[str, str]) -> tuple[User, list[str]]:
        problems: list[str] = []
        role = self._one(self.roles, row.get("role", ""), _("no role: “%(text)s”"), problems)
        seat = self._one(self.seats | {"": ""}, row.get("seat", ""), _("no level: “%(text)s”"), problems)
        language = self._one(
            self.languages, row.get("language", ""), _("no language, id or en: “%(text)s”"), problems
        )
        agency, named = None, row.get("agency", "")
        if named:
            agency = self.agencies.get(plain(named))
            if agency is None:
                problems.append(_("no agency, or several of this name: “%(text)s”") % {"text": named})
        user = User(
            name=row.get("name", ""),
            email=row["email"],
            role=role,
            agency=agency,
            seat=seat,
            language=language or "id",
            password=make_password(None),
        )
        return user, problems or _faults(user)

    def _one(self, known: dict[str, str], text: str, why: str, problems: list[str]) -> str:
        found = known.get(plain(text))
        if found is None:
            problems.append(why % {"text": text})
        return found or ""


def _faults(user: User) -> list[str]:
    """In words, what the form of the administration would say too."""
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        return [message for messages in error.message_dict.values() for message in messages]
    return []


def _spellings(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    known = {}
    for value, label in choices:
        known[plain(value)] = value
        for language in ("id", "en"):
            with override(language):
                known[plain(str(label))] = value
    return known


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Line and cells by column; whichever separator the heading has."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BrokenFile(_("This file is too large for a table of people."))
        text = path.read_text(encoding="utf-8-sig")
        if "\0" in text:
            raise UnicodeError  # of two bytes a sign, or no table at all
    except UnicodeError:
        raise BrokenFile(_("This file is not text in UTF-8: save it as CSV UTF-8.")) from None
    except OSError as error:
        raise BrokenFile(str(error)) from error
    first = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=max(",;\t", key=first.count))
    try:
        headings = [_column(cell) for cell in next(reader, [])]
        if missing := [name for name in NEEDED if name not in headings]:
            raise BrokenFile(_("The file needs the columns %(names)s.") % {"names": ", ".join(missing)})
        return [
            (
                reader.line_num,
                {name: cell.strip() for name, cell in zip(headings, cells, strict=False) if name},
            )
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise BrokenFile(str(error)) from error


def _column(heading: str) -> str:
    return next((name for name, spellings in COLUMNS.items() if plain(heading) in spellings), "")
