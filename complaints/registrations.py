"""What this app itself adds (complaints/registry.py), by the same door as the apps above."""

from allauth.mfa.models import Authenticator
from django.core import checks
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts import backends
from accounts.adapters import reseal_second_step, second_step_is_anew
from accounts.admin_base import WHEN_SAVED
from accounts.leaving import STANDINGS
from complaints.checks import check_registrations
from complaints.database.kept_statements import rows_of
from complaints.desk.additions import CASE_LINKS, CASE_PANELS, NAVIGATION, CaseLink, CasePanel, NavEntry
from complaints.history import on_record, rows, words
from complaints.history.kinds import EVENT_TYPES
from complaints.history.untold import UNTOLD
from complaints.ledger import recording, restoring, settings
from complaints.ledger.entries import ENTRY_TYPES
from complaints.left_alone import missing
from complaints.mail import account_messages, case_messages
from complaints.mail.email import EmailAdapter
from complaints.mail.media import MEDIA, Wire
from complaints.mail.types import MESSAGE_TYPES
from complaints.models import Attachment, Complainant, Complaint, Message
from complaints.peppers import PEPPERED, Peppered
from complaints.permissions import Act
from complaints.public.additions import PUBLIC_LINKS, PublicLink
from complaints.sealing import SEALED, SealedColumn

backends.read_person = lambda key: rows_of("person", key, 0, backends.with_agency)
EVENT_TYPES.add(*words.EVENTS)
ENTRY_TYPES.add(*restoring.ENTRIES, *settings.ENTRIES, *recording.ENTRIES)
WHEN_SAVED.append(settings.record_saved)
rows.SETTINGS.add(*on_record.SETTINGS)
rows.TABLES.add(*on_record.TABLES)
UNTOLD.add(*on_record.UNTOLD)
MESSAGE_TYPES.add(*case_messages.MESSAGES, *account_messages.MESSAGES)
MEDIA.add(Wire(Message.Medium.EMAIL, EmailAdapter))
CASE_LINKS.add(
    CaseLink("complaints:case-field", _("On the spot"), "pin", Act.READ_WORDS, back="spot"),
    CaseLink("complaints:case-proof", _("Download a proof"), "check-circle", Act.READ_WORDS),
)
CASE_PANELS.add(
    CasePanel(
        "complaints/desk/_picture_remarks.html",
        rows=Exists(Attachment.objects.filter(complaint=OuterRef("pk")).exclude(shows="")),
    )
)
NAVIGATION.add(NavEntry("complaints:workload", _("Who has how much"), Act.SEE_WORKLOAD))
PUBLIC_LINKS.add(
    PublicLink("complaints:home", _("Home"), is_main=True),
    PublicLink("complaints:complaint-new", _("File a report"), is_main=True),
    PublicLink("complaints:complaint-track", _("Follow a report"), is_main=True),
    PublicLink("complaints:ledger", _("The signed history")),
    PublicLink("account_login", _("Staff sign-in")),
)
STANDINGS.append(missing)
checks.register(check_registrations)
SEALED.add(
    SealedColumn(Complainant, "sealed"),
    SealedColumn(Authenticator, "data", second_step_is_anew, reseal_second_step),
)
PEPPERED.add(Peppered("complaints.complaint.receipt_digest", Complaint._base_manager.all, "receipt_digest"))
