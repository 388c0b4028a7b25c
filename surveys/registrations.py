"""What this app adds below (complaints/registry.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.desk.additions import NAVIGATION, NavEntry
from complaints.history.rows import SETTINGS
from complaints.history.untold import UNTOLD
from complaints.ledger.entries import ENTRY_TYPES
from complaints.ledger.verifying.further import ENTRY_CHECKS, EntryCheck
from complaints.mail.types import MESSAGE_TYPES
from complaints.permissions import grant
from complaints.public.additions import PUBLIC_LINKS, PublicLink
from surveys import on_record
from surveys.forums.inputs import entries as input_entries
from surveys.forums.inputs import messages as input_messages
from surveys.forums.inputs import recorded as input_recorded
from surveys.rights import RIGHTS, SurveyAct
from surveys.rounds import entries as round_entries
from surveys.rounds.verifying import check_rounds

grant(RIGHTS)
UNTOLD.add(*on_record.UNTOLD)
ENTRY_TYPES.add(*round_entries.ENTRIES)
ENTRY_CHECKS.add(EntryCheck("surveys", check_rounds))
ENTRY_TYPES.add(*input_entries.ENTRIES)
MESSAGE_TYPES.add(*input_messages.MESSAGES)
SETTINGS.add(input_recorded.TERM)
NAVIGATION.add(NavEntry("surveys:voice", _("Citizens' voice"), SurveyAct.HEAR))
PUBLIC_LINKS.add(PublicLink("surveys:take-part", _("Take part"), is_main=True))
