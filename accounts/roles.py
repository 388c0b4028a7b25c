"""The roles in which people act. Staff roles are stored on the user; a citizen and the system have no account."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The staff roles of the design, the citizen who holds a receipt, and the system."""

    CLERK = "clerk", _("Intake clerk")
    VERIFIER = "verifier", _("Verifier")
    OFFICER = "officer", _("Agency officer")
    AGENCY_HEAD = "agency_head", _("Agency head")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")
    CITIZEN = "citizen", _("Citizen")
    SYSTEM = "system", _("System")


class Seat(models.TextChoices):
    """On which upper level of the ladder a supervisor sits; without a seat, on both."""

    INSPECTORATE = "inspectorate", _("Inspectorate or city secretary")
    OMBUDSMAN = "ombudsman", _("Ombudsman")


STAFF_ROLES = (
    Role.CLERK,
    Role.VERIFIER,
    Role.OFFICER,
    Role.AGENCY_HEAD,
    Role.SUPERVISOR,
    Role.ADMINISTRATOR,
)
AGENCY_ROLES = frozenset({Role.OFFICER, Role.AGENCY_HEAD})
