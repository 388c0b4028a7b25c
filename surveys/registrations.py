"""What this app adds below (complaints/registry.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.desk.additions import NAVIGATION, NavEntry
from complaints.history.untold import UNTOLD
from complaints.permissions import grant
from complaints.public.additions import PUBLIC_LINKS, PublicLink
from surveys import on_record
from surveys.rights import RIGHTS, SurveyAct

grant(RIGHTS)
UNTOLD.add(*on_record.UNTOLD)
NAVIGATION.add(NavEntry("surveys:voice", _("Citizens' voice"), SurveyAct.HEAR))
PUBLIC_LINKS.add(PublicLink("surveys:take-part", _("Take part"), is_main=True))
