"""What this app adds below (complaints/registry.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.desk.additions import NAVIGATION, NavEntry
from complaints.history.untold import UNTOLD
from complaints.ledger.entries import ENTRY_TYPES
from complaints.ledger.verifying.further import ENTRY_CHECKS, EntryCheck
from complaints.permissions import grant
from complaints.public.additions import PUBLIC_LINKS, PublicLink
from surveys import on_record
from surveys.rights import RIGHTS, SurveyAct
from surveys.rounds import entries as round_entries
from surveys.rounds.verifying import check_rounds

grant(RIGHTS)
UNTOLD.add(*on_record.UNTOLD)
ENTRY_TYPES.add(*round_entries.ENTRIES)
ENTRY_CHECKS.add(EntryCheck("surveys", check_rounds))
NAVIGATION.add(NavEntry("surveys:voice", _("Citizens' voice"), SurveyAct.HEAR))
PUBLIC_LINKS.add(PublicLink("surveys:take-part", _("Take part"), is_main=True))
