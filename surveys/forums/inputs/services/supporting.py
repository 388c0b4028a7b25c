"""Supporting an input: once a person, as far as that can be known without accounts.

A browser is known by a cookie, whose digest differs from input to input, so that nobody can tell what one browser
supported; an address by its contact. Both are UNIQUE. Who throws the cookie away can support again, at the pace that
the limit of their network allows: so supports whose address was confirmed are shown apart.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from complaints.clock.city_time import day_of
from complaints.identity import Identity
from complaints.services.change import NotPossible
from surveys.forums.contacts import digest_of, keep_contact
from surveys.forums.inputs.services.saying import THREAD_CLOSED, is_thread_open
from surveys.forums.inputs.services.telling import ask_to_confirm
from surveys.forums.models import Contact, ForumInput, Support


def browser_digest(row: ForumInput, browser: str) -> str:
    return digest_of("support", f"{row.pk}\0{browser}")


def support(
    row: ForumInput, *, browser: str, now: datetime, identity: Identity | None = None, language: str = "id"
) -> bool:
    """Whether it counted: False where this browser, or this address, supports it already.

    ForumInput.DoesNotExist for what is not shown, NotPossible in a thread that is closed.
    """
    found = ForumInput.objects.public().select_related("forum").filter(pk=row.pk, visibility="shown").first()
    if found is None:
        raise ForumInput.DoesNotExist
    if not is_thread_open(found.forum, now):
        raise NotPossible(THREAD_CLOSED)
    try:
        with transaction.atomic():
            contact = keep_contact(identity, language=language, now=now) if identity else None
            made = Support.objects.create(
                input=found, digest=browser_digest(found, browser), contact=contact, on=day_of(now)
            )
            ForumInput.objects.filter(pk=found.pk).update(supports=F("supports") + 1)
            if contact is not None:
                ask_to_confirm(contact, found, now, support=made)
    except IntegrityError:
        return False
    return True


def confirm(contact: Contact, about: str, now: datetime) -> None:
    """By the mailed link: the address is theirs, and so is the support it was mailed for."""
    Contact.objects.filter(pk=contact.pk, confirmed_at=None).update(confirmed_at=now)
    if about.startswith("s") and about[1:].isdecimal():
        Support.objects.filter(pk=int(about[1:]), contact=contact).update(is_confirmed=True)
