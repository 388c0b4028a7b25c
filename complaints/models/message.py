"""The outbox: mails to be sent, written in the transaction of what caused them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint


class Message(models.Model):
    """One mail for one cause. The address is looked up when it is sent, so none is stored here."""

    class Template(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        QUESTION = "question", _("Question")
        ANSWERED = "answered", _("Citizen answered")
        REJECTION = "rejection", _("Rejection")
        MERGER = "merger", _("Merger")
        ASSIGNMENT = "assignment", _("Assignment")
        RESOLUTION = "resolution", _("Answer")
        DISPUTE = "dispute", _("Dispute")
        REFERRAL = "referral", _("Referral")
        CLOSING = "closing", _("Closing")
        REMINDER = "reminder", _("Reminder: due soon")
        BREACH = "breach", _("Target missed")
        ESCALATION = "escalation", _("Escalation")
        DECISION = "decision", _("Decision")
        RECOMMENDATION = "recommendation", _("Recommendation")
        RECOMMENDATION_REPLY = "recommendation_reply", _("Answer to a recommendation")
        RECOMMENDATION_DUE = "recommendation_due", _("Recommendation due")
        COMMITMENT_DUE = "commitment_due", _("Commitment due")
        COMMITMENT_KEPT = "commitment_kept", _("Commitment kept")
        AUDIT_REQUEST = "audit_request", _("Second review asked for")
        LEDGER_HEAD = "ledger_head", _("Head of the history")
        INVITATION = "invitation", _("Invitation")
        PASSWORD_RESET = "password_reset", _("Password reset")

    # Staff read these together, once in office hours, instead of one mail each.
    DIGESTED = frozenset(
        {
            "assignment",
            "answered",
            "reminder",
            "breach",
            "dispute",
            "escalation",
            "decision",
            "audit_request",
            "recommendation",
            "recommendation_reply",
            "recommendation_due",
            "commitment_due",
        }
    )

    dedupe_key = models.CharField(max_length=120)
    template = models.CharField(max_length=20, choices=Template.choices)
    complaint = models.ForeignKey(
        Complaint, on_delete=models.CASCADE, null=True, related_name="messages", db_index=False
    )
    # A member of staff; null: the citizen of the case.
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

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [models.UniqueConstraint(fields=["dedupe_key"], name="message_once")]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="message_waiting",
            ),
            # The correspondence of a case, out of all mails there ever were.
            models.Index(fields=["complaint"], name="message_case"),
        ]

    @property
    def cause(self) -> int:
        """The seq of the event that it tells of; 0 for a mail that is not about an event."""
        last = self.dedupe_key.rsplit(":", 1)[-1]
        return int(last) if self.complaint_id and last.isdecimal() else 0
