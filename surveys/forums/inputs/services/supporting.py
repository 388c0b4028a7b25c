"""Supporting an input: once a person, as far as that can be known without accounts.

A browser is known by a cookie, whose digest differs from input to input, so that nobody can tell what one browser
supported; an address by its contact. Both are UNIQUE. Who throws the cookie away can support again, at the pace that
the limit of their network allows: so supports whose address was confirmed are shown apart.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.actors import Citizen
from complaints.clock.city_time import day_of
from complaints.identity import Identity
from complaints.ledger.recording import recording
from complaints.services.change import NotPossible
from surveys.forums import contacts
from surveys.forums.contacts import digests_of, keep_contact
from surveys.forums.inputs.services.saying import THREAD_CLOSED, takes_support
from surveys.forums.inputs.services.telling import ask_to_confirm
from surveys.forums.models import Contact, ForumInput, Support

MOST = 50


def browser_digests(row: ForumInput, browser: str) -> list[str]:
    """By which a support of this browser may be known; a new one by the first."""
    return digests_of("support", f"{row.pk}\0{browser}")


def support(
    row: ForumInput, *, browser: str, now: datetime, identity: Identity | None = None, language: str = "id"
) -> bool:
    """Whether it counted: False where this browser, or this address, supports it already.

    ForumInput.DoesNotExist for what is not shown, NotPossible in a thread that is closed.
    """
    found = _supportable(row, now)
    try:
        with transaction.atomic():
            contact = keep_contact(identity, language=language, now=now) if identity else None
            mine = browser_digests(found, browser)
            if Support.objects.filter(input=found, digest__in=mine[1:]).exists():
                return False
            made = Support.objects.create(input=found, digest=mine[0], contact=contact, on=day_of(now))
            ForumInput.objects.filter(pk=found.pk).update(supports=F("supports") + 1)
            if contact is not None:
                ask_to_confirm(contact, found, now, support=made)
    except IntegrityError:
        return False
    return True


def take_back(row: ForumInput, *, browser: str, now: datetime) -> bool:
    """Whether this browser supported it and now does not, as long as it could still support it."""
    found = _supportable(row, now)
    with transaction.atomic():
        gone, _rows = Support.objects.filter(input=found, digest__in=browser_digests(found, browser)).delete()
        if gone:
            ForumInput.objects.filter(pk=found.pk).update(supports=F("supports") - gone)
    return bool(gone)


def _supportable(row: ForumInput, now: datetime) -> ForumInput:
    rows = ForumInput.objects.public().select_related("forum").filter(pk=row.pk, visibility="shown")
    found: ForumInput | None = rows.first()
    if found is None:
        raise ForumInput.DoesNotExist
    if not takes_support(found, now):
        raise NotPossible(THREAD_CLOSED)
    return found


@dataclass(frozen=True)
class Waiting:
    """One thing that was left with an address whose owner has not said yet that it is theirs."""

    code: str
    row: ForumInput
    is_support: bool


def waits_for(contact: Contact) -> list[Waiting]:
    """What a confirmation is about: supports, and of an address that was never confirmed the inputs too."""
    supports = contact.supports.filter(is_confirmed=False).select_related("input__forum", "input__words")
    found = [Waiting(f"s{made.pk}", made.input, True) for made in supports.order_by("pk")[:MOST]]
    if contact.confirmed_at is None:
        said = contact.inputs.select_related("forum", "words").order_by("pk")[:MOST]
        found = [Waiting(f"i{row.pk}", row, False) for row in said] + found
    return found


def confirm(contact: Contact, mine: Collection[str], now: datetime, asked: Collection[str] = ()) -> None:
    """By the mailed link: the address is theirs, and so is what they ticked (`mine`, by its code). Of what they were
    asked about, the rest is no longer theirs: it stays where it is, without them."""
    there = {each.code for each in waits_for(contact)}
    yes, no = there & set(mine), there & set(asked) - set(mine)
    with recording(actor=Citizen(0), now=now) as record:
        contacts.confirm(contact.pk, now)
        contact.supports.filter(pk__in=_keys(yes, "s")).update(is_confirmed=True)
        contact.supports.filter(pk__in=_keys(no, "s")).update(contact=None)
        for row in contact.inputs.filter(pk__in=_keys(no, "i")):
            ForumInput.objects.filter(pk=row.pk).update(contact=None, in_own_name=False)
            record.changed(row, "in_own_name")


def _keys(codes: Iterable[str], kind: str) -> list[int]:
    return [int(code[1:]) for code in codes if code[0] == kind]
