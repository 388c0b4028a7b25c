"""A form that is sent a second time: what is new in it beside the report it made, and how that is added.

Compared is what was filed, as the first event has it: what staff put right since is no change of the citizen's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.actors import Citizen
from complaints.clock.dates import day_words
from complaints.history.rows import ROWS, spell
from complaints.identity import Identity
from complaints.models import Attachment, Complaint, Event, EventKind
from complaints.numbers import secret_digest
from complaints.public.forms.filing import PERSONAL, FilingForm, page_language
from complaints.services import citizen, intake
from complaints.services.system import contact

WORDS = ("description", "subject", "location", "happened_on")
CHOSEN = ("category", "service", "area")
SWITCHES = {"anonymous": "is_anonymous", "confidential": "is_confidential"}
SENDERS_SWITCHES = {"recovery": "may_recover", "few_mails": "few_mails"}


@dataclass(frozen=True)
class Change:
    """One field that says something else now."""

    name: str
    term: str
    value: str  # "" where it was taken out

    @property
    def can_be_added(self) -> bool:
        """Who is known as the sender is decided when a report is filed."""
        return self.name not in SWITCHES

    @property
    def is_personal(self) -> bool:
        return self.name in (*PERSONAL, *SENDERS_SWITCHES)


def filing_of(values: dict[str, Any]) -> intake.Filing:
    """What the form says, as the service takes it. Who chose to be anonymous leaves nothing."""
    identity = Identity()
    if not values["anonymous"]:
        may_recover = bool(values["recovery"] and values["email"])
        few_mails = bool(values["few_mails"] and values["email"])
        given = {name: values[name] for name in PERSONAL}
        identity = Identity(**given, may_recover=may_recover, few_mails=few_mails)
    return intake.Filing(
        subject=values["subject"],
        description=values["description"],
        category=values["category"],
        service=values["service"],
        area=values["area"],
        location=values["location"],
        happened_on=values["happened_on"],
        is_anonymous=values["anonymous"],
        is_confidential=values["confidential"],
        identity=identity,
        language=page_language(),
        is_personal=values["personal_files"],
    )


def filed_with(secret: str) -> Complaint | None:
    """The case that the form with this secret has made."""
    digest = secret_digest(secret, settings.RECEIPT_PEPPER)
    # As the system: who has the secret sent the form.
    found: Complaint | None = Complaint.objects.visible_to(None).filter(submission_digest=digest).first()
    return found


def changes_of(case: Complaint, filing: intake.Filing, drafts: Iterable[Attachment]) -> list[Change]:
    """What `filing` and the files under its form say that the report does not, in the order of the form."""
    event = Event.objects.filter(complaint=case, kind=EventKind.SUBMITTED).select_related("content").first()
    content = getattr(event, "content", None)
    words: dict[str, Any] = content.words if content else {}
    row: dict[str, Any] = (event.data.get(ROWS, {}).get("+case") or [{}])[0] if event else {}
    differing: dict[str, str] = {}
    for name in WORDS:
        if (spell(getattr(filing, name)) or "") != (words.get(name) or ""):
            differing[name] = _shown(getattr(filing, name))
    for name in CHOSEN:
        chosen = getattr(filing, name)
        if (chosen.pk if chosen else None) != row.get(f"{name}_id"):
            differing[name] = str(chosen or "")
    for name, column in SWITCHES.items():
        if getattr(filing, column) != bool(row.get(column)):
            differing[name] = _("yes") if getattr(filing, column) else _("no")
    if not filing.is_anonymous and not case.is_anonymous:
        differing |= _of_sender(contact(case), filing.identity)
    files = _new_files(case, drafts)
    if files:
        differing["attachments"] = "\n".join(file.name for file in files)
    fields = FilingForm.base_fields
    return [Change(name, str(fields[name].label), differing[name]) for name in fields if name in differing]


def _of_sender(known: Identity, told: Identity) -> dict[str, str]:
    """What is new of who sent it, and how they want to be reached."""
    differing = {
        name: getattr(told, name) for name in PERSONAL if getattr(told, name) != getattr(known, name)
    }
    for name, switch in SENDERS_SWITCHES.items():
        if getattr(told, switch) != getattr(known, switch):
            differing[name] = _("yes") if getattr(told, switch) else _("no")
    return differing


def add_to(case: Complaint, values: dict[str, Any], drafts: Iterable[Attachment], now: datetime) -> None:
    """Adds to the report what a second sending of its form says. NotPossible once it is over."""
    filing = filing_of(values)
    drafts = list(drafts)
    changes = changes_of(case, filing, drafts)
    said = [change for change in changes if change.can_be_added and not change.is_personal]
    lines = [f"{change.term}: {change.value or '–'}" for change in said if change.name != "attachments"]
    citizen.add(
        case.pk,
        actor=Citizen(case.pk),
        now=now,
        text="\n".join(lines),
        files=_new_files(case, drafts),
        is_personal=filing.is_personal,
        identity=filing.identity if any(change.is_personal for change in changes) else None,
    )


def _new_files(case: Complaint, drafts: Iterable[Attachment]) -> list[Attachment]:
    digests = Attachment.objects.filter(complaint=case).values_list("sha256", "received_sha256")
    had = {digest for both in digests for digest in both}
    return [draft for draft in drafts if draft.sha256 not in had]


def _shown(value: Any) -> str:
    return day_words(value) if hasattr(value, "year") else str(value or "")
