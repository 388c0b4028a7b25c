"""Who leaves an address: sealed, found by a keyed digest, one row a person."""

import hmac
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from complaints.identity import Identity, seal, unseal
from complaints.numbers import marked
from complaints.peppers import peppers
from surveys.forums.models import Contact

SALT = "surveys.contact"
ASK_AGAIN = timedelta(days=7)


def digest_of(purpose: str, text: str, pepper: str = "") -> str:
    """A keyed digest: without the pepper, today's or another, nobody can try addresses or browsers against it."""
    pepper = pepper or settings.RECEIPT_PEPPER
    return marked(pepper, hmac.new(pepper.encode(), f"{purpose}\0{text}".encode(), "sha256").hexdigest())


def digests_of(purpose: str, text: str) -> list[str]:
    """By which it may be known: today's, then those of former peppers, and those of before there were marks."""
    bare = [
        hmac.new(pepper.encode(), f"{purpose}\0{text}".encode(), "sha256").hexdigest() for pepper in peppers()
    ]
    return [*(digest_of(purpose, text, pepper) for pepper in peppers()), *bare]


def address_digests(identity: Identity) -> list[str]:
    """By the e-mail, else by the digits of the telephone, as above; nothing where neither was left."""
    if email := identity.email.strip().lower():
        return digests_of("contact", email)
    digits = re.sub(r"\D", "", identity.phone)
    return digests_of("contact", f"tel:{digits}") if digits else []


def keep_contact(
    identity: Identity, *, language: str, now: datetime, is_vouched: bool = False
) -> Contact | None:
    """The row of this person, made where there is none; None without an address.

    `is_vouched`: somebody of the office took the address down in front of the person, which confirms it; what came over
    the public form is confirmed by the link that is mailed to it. A confirmed row is not changed by a stranger who
    types the same address, and nobody begins to get mails again because of one: only their own link does that.
    """
    digests = address_digests(identity)
    if not digests:
        return None
    confirmed = now if is_vouched else None
    values = {"sealed": seal(identity), "language": language, "confirmed_at": confirmed}
    known = Contact.objects.filter(digest__in=digests).order_by("pk").values_list("digest", flat=True).first()
    contact, is_new = Contact.objects.get_or_create(digest=known or digests[0], defaults=values)
    if not is_new and contact.confirmed_at is None:
        Contact.objects.filter(pk=contact.pk, confirmed_at=None).update(**values)
        contact.refresh_from_db()
    return contact


def identity_of(contact: Contact) -> Identity:
    return unseal(bytes(contact.sealed))


def token_for(contact: Contact, purpose: str, about: str = "") -> str:
    """What a link in a mail carries: made when the mail leaves, stored nowhere, good for one purpose."""
    value = f"{contact.pk}.{contact.digest[:16]}.{about}"
    return signing.Signer(salt=f"{SALT}.{purpose}").sign(value)


def read_token(token: str, purpose: str) -> tuple[Contact, str] | None:
    """Whose link it is and what it is about; None for one that was not made by us, or of somebody who was erased."""
    try:
        value = signing.Signer(salt=f"{SALT}.{purpose}").unsign(token)
    except signing.BadSignature:
        return None
    key, digest, about = value.split(".", 2)
    contact = Contact.objects.filter(pk=int(key)).first()
    if contact is None or not constant_time_compare(contact.digest[:16], digest):
        return None
    return contact, about


def may_ask(contact: Contact, now: datetime) -> bool:
    """Whether a mail may ask whose address it is: one that was not answered is asked again after a week at the
    earliest, and only because of something new. True once, to whoever asks first."""
    if contact.stopped_at is not None:
        return False
    rows = Contact.objects.filter(Q(asked_at=None) | Q(asked_at__lte=now - ASK_AGAIN), pk=contact.pk)
    return bool(rows.update(asked_at=now))


def confirm(pk: int, now: datetime) -> None:
    """The address is theirs: they have shown what was mailed to it alone."""
    Contact.objects.filter(pk=pk, confirmed_at=None).update(confirmed_at=now)
    Contact.objects.filter(pk=pk).update(asked_at=None)


def stop(contact: Contact, now: datetime) -> None:
    """No more mails, whatever they took part in."""
    Contact.objects.filter(pk=contact.pk, stopped_at=None).update(stopped_at=now)


def hear_again(contact: Contact, now: datetime) -> None:
    """By their own link: takes `stop` back. Whoever has the link has the address."""
    Contact.objects.filter(pk=contact.pk).update(stopped_at=None, confirmed_at=contact.confirmed_at or now)
