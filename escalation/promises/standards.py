"""What promises add to the standards of services, and to what the ledger holds."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.history.rows import Table
from escalation.promises.models.proposal import ProposalRule
from escalation.promises.services.planning import CAUSE
from surveys.standards.causes import Cause
from surveys.standards.models import StandardChange


def _page(change: StandardChange) -> str:
    return reverse("escalation:commitment-public", args=[change.cause_number])


KEPT = Cause(CAUSE, _("because of promise %(number)s"), _page)
RULE = Table.of_settings("proposal_rule", ProposalRule)
