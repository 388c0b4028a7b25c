"""What inputs write into the ledger itself: that something was said, with a salted digest of the words, and each step.
Codes and numbers only."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.ledger.entries import EntryType
from complaints.models import LedgerEntry
from surveys.forums.inputs.models import StepKind


class InputEntry(models.TextChoices):
    """Kinds of entries."""

    SAID = "input_said", gettext_lazy("Input received")
    STEP = "input_step", gettext_lazy("Step of an input")
    IMPORTED = "inputs_imported", gettext_lazy("Thread imported")


def _said(entry: LedgerEntry) -> str:
    return str(_("Input %(input)s received") % entry.data)


def _step(entry: LedgerEntry) -> str:
    kind = dict(StepKind.choices).get(entry.data.get("kind", ""), "")
    about = entry.data.get("finding") or entry.data.get("input") or entry.data.get("forum") or ""
    return _("%(about)s: %(step)s") % {"about": about, "step": kind}


def _imported(entry: LedgerEntry) -> str:
    return str(_("%(count)s contributions imported into the thread %(forum)s") % entry.data)


ENTRIES = (
    EntryType(InputEntry.SAID, _said),
    EntryType(InputEntry.STEP, _step),
    EntryType(InputEntry.IMPORTED, _imported),
)
