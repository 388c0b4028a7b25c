"""The outbox: messages to be sent, written in the transaction of what caused them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint


class Reader(models.TextChoices):
    """To whom in office a message about a case is written. Who that is, is worked out when it leaves
    (mail/readers.py)."""

    WORKERS = "workers", _("Whoever works on the report")
    LEVEL_1 = "level_1", _("The head of the agency")
    LEVEL_2 = "level_2", _("The inspectorate or the city secretary")
    LEVEL_3 = "level_3", _("The ombudsman")

    @classmethod
    def of_level(cls, level: int) -> "Reader":
        return _OF_LEVEL[level]

    @property
    def level(self) -> int:
        """The level of the ladder; 0 for those who work on the case."""
        return int(self.value[-1]) if self.value[-1].isdecimal() else 0


_OF_LEVEL = {reader.level: reader for reader in Reader if reader.level}


class MessageQuerySet(models.QuerySet["Message"]):
    def letters(self) -> "MessageQuerySet":
        """Without those that were handed on to people, each of whom has a row of their own."""
        return self.exclude(~Q(reader=""), user=None, sent_at__isnull=False)


class Message(models.Model):
    """One message for one cause. The address is looked up when it is sent, so none is stored here."""

    class Medium(models.TextChoices):
        """By what it goes. Which of them are wired, mail/media.py says."""

        EMAIL = "email", _("E-mail")
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", "WhatsApp"
        TELEGRAM = "telegram", "Telegram"
        WEB_PUSH = "web_push", _("Web push")

    class Template(models.TextChoices):
        """The messages of this app. An app above adds messages of its own (mail/types.py)."""

        RECEIPT = "receipt", _("Receipt")
        LOST_CODE = "lost_code", _("Link to a report whose code was lost")
        QUESTION = "question", _("Question")
        ANSWERED = "answered", _("Citizen answered")
        REJECTION = "rejection", _("Rejection")
        MERGER = "merger", _("Merger")
        ASSIGNMENT = "assignment", _("Assignment")
        HANDED_ON = "handed_on", _("Handed to a colleague")
        MENTIONED = "mentioned", _("Named in a note")
        AT_AGENCY = "at_agency", _("Given to an agency")
        TAKEN_UP = "taken_up", _("Work has begun")
        FILE_UNSAFE = "file_unsafe", _("A file cannot be shown")
        PROGRESS = "progress", _("Word on how far it is")
        RESOLUTION = "resolution", _("Answer")
        DISPUTE = "dispute", _("Dispute")
        TAKEN_AWAY = "taken_away", _("Taken away")
        HANDED_OVER = "handed_over", _("Its agency was closed")
        REFERRAL = "referral", _("Referral")
        REFERRAL_CHECK = "referral_check", _("Question about a referral")
        OMBUDSMAN = "ombudsman", _("Way to the ombudsman")
        BROUGHT_BACK = "brought_back", _("Back from another body")
        REFERRAL_OPEN = "referral_open", _("Referral without an answer")
        CLOSING = "closing", _("Closing")
        REMINDER = "reminder", _("Reminder: due soon")
        BREACH = "breach", _("Target missed")
        NOT_MISSED = "not_missed", _("Target not missed")
        PART_ANSWERED = "part_answered", _("A part was answered")
        GOES_ON = "goes_on", _("Goes on in place of another")
        SUCCESSOR = "successor", _("A case in place of another")
        ALSO_TOLD = "also_told", _("Somebody else reports the same")
        FOLLOWED = "followed", _("End of the case it was merged into")
        REOPENED = "reopened", _("Work goes on")
        TREE_HEAD = "tree_head", _("Head of the history")
        INVITATION = "invitation", _("Invitation")
        PASSWORD_RESET = "password_reset", _("Password reset")
        TRIAL = "trial", _("Trial mail")
        NIGHT_FAILED = "night_failed", _("The copy or a check of the night failed")

    dedupe_key = models.CharField(max_length=120)
    medium = models.CharField(max_length=10, choices=Medium.choices, default=Medium.EMAIL)
    template = models.CharField(max_length=20)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.CASCADE, null=True, related_name="messages", db_index=False
    )
    # Whom it is for by what they are to the case; empty: for this person, or for the citizen. One without a user
    # is handed on, when it is due, to the people who are that then.
    reader = models.CharField(max_length=10, choices=Reader.choices, blank=True, default="")
    # A member of staff; null without a reader: the citizen of the case.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="messages", db_index=False
    )
    data = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # Given up, or nobody to send it to; `last_error` says which.
    dropped_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="message_once"),
            models.CheckConstraint(
                condition=Q(reader="") | Q(complaint__isnull=False), name="message_reader_of_a_case"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="message_waiting",
            ),
            # The correspondence of a case, out of all messages there ever were.
            models.Index(fields=["complaint"], name="message_case"),
        ]

    @property
    def cause(self) -> int:
        """The seq of the event that it tells of; 0 for one that is not about an event."""
        last = self._last.rpartition(".")[2]
        return int(last) if self.complaint_id and last.isdecimal() else 0

    @property
    def told_of(self) -> str:
        """The number of the case whose event it is, where the citizen of a merged case is told; "" for their own."""
        return self._last.rpartition(".")[0]

    @property
    def _last(self) -> str:
        return self.dedupe_key.rsplit(":", 1)[-1]


class UnconfirmedMail(models.Model):
    """A mail of a day to an address that nobody has confirmed, so that nobody is flooded by a stranger
    (services/unconfirmed.py). `digest` is of purpose, day and address, keyed; the row goes with the day."""

    digest = models.CharField(max_length=64)
    place = models.PositiveSmallIntegerField()  # the first of the day, the second …
    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("mail to an unconfirmed address")
        verbose_name_plural = _("mails to unconfirmed addresses")
        constraints = [models.UniqueConstraint(fields=["digest", "place"], name="unconfirmed_mail_once")]
