"""Somebody wants a mail when a report is published: asked by the form, begun by the mailed link, ended by one press."""

from datetime import datetime
from typing import Any

from django.db import transaction

from complaints.clock.city_time import day_of
from complaints.identity import Identity
from complaints.mail.drafting import draft_message, store_messages
from reports.publication.messages import ReportMessage
from reports.publication.models import Subscription
from surveys.forums import contacts
from surveys.forums.contacts import keep_contact
from surveys.forums.models import Contact


def subscribe(email: str, *, language: str, now: datetime) -> None:
    """Mails the link that begins it, once a week at most; nothing to who gets them already or wants no mails. Whoever
    asks cannot tell which: the answer is the same."""
    with transaction.atomic():
        contact = keep_contact(Identity(email=email), language=language, now=now)
        if contact is None:
            return
        row, _is_new = Subscription.objects.get_or_create(contact=contact, defaults={"asked_at": now})
        if row.confirmed_at is not None or not contacts.may_ask(contact, now):
            return
        cause = f"{contact.pk}:{day_of(now)}"
        data = {"contact": contact.pk}
        message = draft_message(ReportMessage.CONFIRM, case=None, cause=cause, due_at=now, data=data)
        store_messages([message])


def confirm(contact: Contact, now: datetime) -> bool:
    """By the mailed link: the address is theirs, and mails begin. False where nobody asked, or it was ended, or they
    have said since that they want no mails at all."""
    if contact.stopped_at is not None:
        return False
    contacts.confirm(contact.pk, now)
    rows = Subscription.objects.filter(contact=contact)
    rows.filter(confirmed_at=None).update(confirmed_at=now)
    return rows.exists()


def end(contact: Contact) -> None:
    """No more mails about reports. An address that was left for nothing else is forgotten."""
    with transaction.atomic():
        Subscription.objects.filter(contact=contact).delete()
        if not _is_needed(contact):
            contact.delete()


def forget_unconfirmed(before: datetime) -> int:
    """Addresses that somebody typed and nobody confirmed are not kept."""
    rows = Subscription.objects.filter(confirmed_at=None, asked_at__lt=before).select_related("contact")
    found = list(rows)
    for row in found:
        end(row.contact)
    return len(found)


def _is_needed(contact: Contact) -> bool:
    """Whether anything else hangs on this address; that it wants no mails is kept too."""
    if contact.stopped_at is not None:
        return True
    relations: Any = Contact._meta.related_objects
    return any(
        each.related_model._base_manager.filter(**{each.field.name: contact.pk}).exists()
        for each in relations
    )
