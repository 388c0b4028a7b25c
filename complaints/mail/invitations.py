"""Writes invitations of new accounts and trial mails into the outbox, and clears away what nobody needs any more."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Message

KEPT = timedelta(days=30)


def invite_waiting(now: datetime) -> int:
    """One invitation for each new account without a password; returns how many."""
    invited = 0
    for user in User.objects.awaiting_invitation().order_by("pk")[:100]:
        with transaction.atomic():
            # Only whoever sets the moment writes the mail, on as many hosts as there are.
            if User.objects.filter(pk=user.pk, invited_at=None).update(invited_at=now):
                cause = str(int(now.timestamp()))
                store_messages(
                    [
                        draft_message(
                            Message.Template.INVITATION, case=None, cause=cause, due_at=now, user=user
                        )
                    ]
                )
                invited += 1
    return invited


def send_trial(user: User, now: datetime) -> None:
    """A mail to whoever asks whether mail works; one a minute."""
    cause = str(int(now.timestamp()) // 60)
    draft = draft_message(Message.Template.TRIAL, case=None, cause=cause, due_at=now, user=user)
    store_messages([draft])


def clear_account_mails(now: datetime) -> int:
    """Deletes what is left of password mails, invitations and trial mails after a month."""
    theirs = [Message.Template.PASSWORD_RESET, Message.Template.INVITATION, Message.Template.TRIAL]
    old = Message.objects.filter(template__in=theirs, due_at__lt=now - KEPT)
    deleted, _ = old.exclude(sent_at=None, dropped_at=None).delete()
    return deleted
