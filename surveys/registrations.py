"""What this app adds below (complaints/registry.py)."""

from django.utils.translation import gettext_lazy as _

from accounts.leaving import STANDINGS
from complaints.database.append_only import APPEND_ONLY
from complaints.desk.additions import CASE_LINKS, CASE_PANELS, NAVIGATION, CaseLink, CasePanel, NavEntry
from complaints.history.rows import OWN_ROWS, SETTINGS
from complaints.history.untold import UNTOLD
from complaints.integrity import INTEGRITY_CHECKS, IntegrityCheck
from complaints.ledger.entries import ENTRY_TYPES
from complaints.ledger.verifying.further import ENTRY_CHECKS, EntryCheck
from complaints.mail.types import MESSAGE_TYPES
from complaints.peppers import PEPPERED, Peppered
from complaints.permissions import grant
from complaints.public.additions import MINE_PANELS, PUBLIC_LINKS, MinePanel, PublicLink
from complaints.sealing import SEALED, SealedColumn
from surveys import on_record
from surveys.aftercase import messages as after_case_messages
from surveys.aftercase import recorded as after_case_recorded
from surveys.forums.handing_over import missing as left_voices
from surveys.forums.inputs import entries as input_entries
from surveys.forums.inputs import messages as input_messages
from surveys.forums.inputs import recorded as input_recorded
from surveys.forums.inputs.additions import ERASERS
from surveys.forums.meetings import entries as meeting_entries
from surveys.forums.meetings import messages as meeting_messages
from surveys.forums.meetings import recorded as meeting_recorded
from surveys.forums.meetings.codes import PURPOSE
from surveys.forums.meetings.services.erasing import erase_from_minutes
from surveys.forums.meetings.verifying import check_minutes
from surveys.index import on_record as index_on_record
from surveys.models import (
    Attendance,
    Contact,
    CounterDevice,
    ForumStep,
    InputStep,
    Invitation,
    Minutes,
    MinutesVersion,
    Registration,
    Signature,
    StandardChange,
    Token,
)
from surveys.questionnaires import entries as questionnaire_entries
from surveys.rights import RIGHTS, SurveyAct
from surveys.rounds import entries as round_entries
from surveys.rounds.models import RoundState
from surveys.rounds.verifying import check_rounds
from surveys.standards import entries as standard_entries
from surveys.standards import keeping as standard_records
from surveys.standards import recorded as standard_rows
from surveys.standards.handing_over import missing as left_services
from surveys.voice.additions import TAKE_PART, VOICE_TABS, TakePartPanel, VoiceTab

grant(RIGHTS)
STANDINGS.extend((left_services, left_voices))
UNTOLD.add(*on_record.UNTOLD)
ENTRY_TYPES.add(*round_entries.ENTRIES)
ENTRY_CHECKS.add(EntryCheck("surveys", check_rounds))
ENTRY_TYPES.add(*input_entries.ENTRIES)
MESSAGE_TYPES.add(*input_messages.MESSAGES)
SETTINGS.add(input_recorded.TERM, meeting_recorded.POLICY)
APPEND_ONLY.extend((InputStep, ForumStep, MinutesVersion, Signature, StandardChange))
OWN_ROWS.add(*input_recorded.OWN_ROWS, *meeting_recorded.OWN_ROWS, *index_on_record.OWN_ROWS)
NAVIGATION.add(NavEntry("surveys:voice", _("Citizens' voice"), SurveyAct.HEAR))
CASE_PANELS.add(CasePanel("inputs/_case_block.html"))
VOICE_TABS.add(
    VoiceTab("surveys:input-list", _("What people said"), SurveyAct.SEE_INPUTS, 10),
    VoiceTab("surveys:input-batch", _("Slips and calls"), SurveyAct.ENTER_INPUT, 15),
)
PUBLIC_LINKS.add(PublicLink("surveys:take-part", _("Take part"), is_main=True))
ENTRY_TYPES.add(*standard_entries.ENTRIES)
OWN_ROWS.add(standard_rows.CHANGES)
INTEGRITY_CHECKS.add(IntegrityCheck("service_records_differ", standard_records.differs))
SETTINGS.add(standard_rows.COUNTERS, standard_rows.SERVICES_OF_COUNTERS)
VOICE_TABS.add(VoiceTab("surveys:standard-desk", _("Service standards"), SurveyAct.SET_STANDARD, position=40))
TAKE_PART.add(TakePartPanel("standards/_take_part.html", position=30))
PUBLIC_LINKS.add(PublicLink("surveys:standards", _("Service standards")))
ENTRY_TYPES.add(*meeting_entries.ENTRIES)
ENTRY_CHECKS.add(EntryCheck("minutes", check_minutes))
MESSAGE_TYPES.add(*meeting_messages.MESSAGES)
ERASERS.append(erase_from_minutes)
VOICE_TABS.add(VoiceTab("surveys:desk-forums", _("Forums"), SurveyAct.READ_FORUMS, position=20))
TAKE_PART.add(TakePartPanel("forums/_take_part.html", position=20))
PUBLIC_LINKS.add(PublicLink("surveys:forums", _("Forums")))
OWN_ROWS.add(*questionnaire_entries.TABLES)
ENTRY_TYPES.add(*questionnaire_entries.ENTRIES)
VOICE_TABS.add(VoiceTab("surveys:survey-list", _("Questionnaires"), SurveyAct.BUILD, position=60))
VOICE_TABS.add(VoiceTab("surveys:desk-rounds", _("Survey rounds"), SurveyAct.SEE_RESULTS, position=30))
TAKE_PART.add(TakePartPanel("surveys/rounds/_take_part.html", position=10))
PUBLIC_LINKS.add(PublicLink("surveys:round-list", _("Surveys")))
VOICE_TABS.add(VoiceTab("surveys:desk-results", _("Survey results"), SurveyAct.SEE_RESULTS, position=35))
MESSAGE_TYPES.add(*after_case_messages.MESSAGES)
SETTINGS.add(after_case_recorded.TERM)
MINE_PANELS.add(MinePanel("surveys/after_case/_mine.html"))
CASE_LINKS.add(
    CaseLink("surveys:after-case-type", _("Answers after the report"), "chat", SurveyAct.TYPE_AFTER_CASE)
)
VOICE_TABS.add(VoiceTab("surveys:after-case-desk", _("After a report"), SurveyAct.SEE_RESULTS, position=37))
PUBLIC_LINKS.add(PublicLink("surveys:after-case-results", _("After a report")))
SEALED.add(
    *(SealedColumn(model, "sealed") for model in (Contact, Invitation, Registration, Attendance)),
    SealedColumn(Minutes, "representative"),
)
PEPPERED.add(
    Peppered("surveys.contact.digest", Contact._base_manager.all, "digest"),
    Peppered(
        "surveys.token.digest",
        lambda: Token.objects.exclude(round__state__in=[RoundState.CLOSED, RoundState.ANNULLED]),
        "digest",
    ),
    Peppered(
        "surveys.counterdevice.secret_digest",
        lambda: CounterDevice.objects.filter(withdrawn_on=None).exclude(
            round__state__in=[RoundState.CLOSED, RoundState.ANNULLED]
        ),
        "secret_digest",
    ),
    *(
        Peppered(
            f"surveys.{model._meta.model_name}.code_digest", model._base_manager.all, "code_digest", PURPOSE
        )
        for model in (Registration, Attendance, Minutes)
    ),
)
