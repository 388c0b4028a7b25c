"""Who was invited, who said that they would come, and who was there.

A name and an address stand once, sealed: with the contact (surveys.forums.models.Contact) where somebody left an
address, else in `sealed` of the row itself. Erasing a contact takes both away from every row; the rows stay, and are
counted by group alone.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.identity import Identity, unseal
from surveys.forums.models import Contact, Forum


class Group(models.TextChoices):
    """The six kinds of participants."""

    PROVIDER = "provider", _("provider of the service")
    USERS = "users", _("people who use the service")
    STAKEHOLDERS = "stakeholders", _("agencies and others concerned")
    EXPERTS = "experts", _("experts and academics")
    CIVIL_SOCIETY = "civil_society", _("civil society")
    PRESS = "press", _("press")


class Person(models.Model):
    group = models.CharField(_("group"), max_length=20, choices=Group.choices)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    sealed = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["id"]

    @property
    def identity(self) -> Identity:
        """Who it is, as far as it was told and is not erased."""
        if self.contact is not None:
            return unseal(bytes(self.contact.sealed))
        return unseal(bytes(self.sealed)) if self.sealed else Identity()


class Invitation(Person):
    """Somebody who was asked to come."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="invitations", db_index=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta(Person.Meta):
        constraints = [models.UniqueConstraint(fields=["forum", "contact"], name="invited_once")]


class Registration(Person):
    """Somebody who said that they would come. The place is a number, so that none is given twice and none above the
    number of places; without a limit nobody has one."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="registrations", db_index=False)
    place = models.PositiveSmallIntegerField(null=True)
    # Of which the code is derived by which its holder finds it again; the code itself is not kept.
    nonce = models.CharField(max_length=32)
    code_digest = models.CharField(max_length=64, unique=True)
    cancelled_at = models.DateTimeField(null=True)
    # The one-time secret of the form: sent twice, it is one registration.
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta(Person.Meta):
        constraints = [
            models.UniqueConstraint(fields=["forum", "place"], name="registration_place_once"),
            models.UniqueConstraint(
                fields=["forum", "contact"],
                condition=Q(cancelled_at=None, contact__isnull=False),
                name="registered_once",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(place=None), name="registration_cancelled_frees_its_place"
            ),
        ]


class Attendance(Person):
    """Somebody who was there: by the code on the wall, or from the list that went round."""

    class How(models.TextChoices):
        CODE = "code", _("code on the wall")
        LIST = "list", _("list of the office")

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="attendances", db_index=False)
    how = models.CharField(max_length=10, choices=How.choices)
    nonce = models.CharField(max_length=32)
    code_digest = models.CharField(max_length=64, unique=True)
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta(Person.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "contact"], condition=Q(contact__isnull=False), name="attended_once"
            )
        ]
        indexes = [models.Index(fields=["forum", "group"], name="attendance_group")]
