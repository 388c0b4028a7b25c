"""What this app adds to the case and to the desk (complaints/registry.py)."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.leaving import STANDINGS
from complaints.database.append_only import APPEND_ONLY
from complaints.desk.additions import (
    CASE_LINKS,
    CASE_PANELS,
    DESK_LINES,
    NAVIGATION,
    OWN_LINKS,
    CaseLink,
    CasePanel,
    DeskLine,
    NavEntry,
    OwnLink,
)
from complaints.history.kinds import EVENT_TYPES
from complaints.history.rows import OWN_ROWS, SETTINGS, TABLES
from complaints.history.untold import UNTOLD
from complaints.integrity import INTEGRITY_CHECKS, IntegrityCheck
from complaints.ledger.entries import ENTRY_TYPES
from complaints.ledger.verifying.further import SPAN_CHECKS, SpanCheck
from complaints.mail.types import MESSAGE_TYPES
from complaints.permissions import grant
from complaints.public.additions import (
    HOME_FIGURES,
    MINE_PANELS,
    PUBLIC_LINKS,
    HomeFigure,
    MinePanel,
    PublicLink,
)
from escalation import on_record
from escalation.audits import entries as audit_entries
from escalation.audits import events as audit_events
from escalation.audits import messages as audit_messages
from escalation.audits import recorded as audit_recorded
from escalation.callbacks import entries as call_back_entries
from escalation.callbacks import messages as call_back_messages
from escalation.callbacks import recorded as call_back_recorded
from escalation.ladder import events as ladder_events
from escalation.ladder import messages as ladder_messages
from escalation.ladder import recorded as ladder_recorded
from escalation.ladder.next_look import check_next_looks
from escalation.ladder.rules import missing
from escalation.ladder.sweep import instructions_unmarked, raised_unmarked
from escalation.ladder.swept import last_sweep
from escalation.models import (
    CallBackAnswer,
    CallBackItem,
    CommitmentStep,
    Escalation,
    MonthRemark,
    OfficerMonth,
    ProposalStep,
    RecommendationStep,
    SignAnswer,
    StandingSign,
)
from escalation.months.models import was_officer
from escalation.oversight import sums
from escalation.promises import events as promise_events
from escalation.promises import messages as promise_messages
from escalation.promises import recorded as promise_recorded
from escalation.promises import standards as promise_standards
from escalation.promises.services.handing_over import missing as owed_by_closed
from escalation.rights import RIGHTS, EscalationAct
from escalation.signals import recorded as signal_recorded
from escalation.signals import telling as signal_telling
from escalation.stays import keeping as stays
from escalation.voices import messages as voice_messages
from escalation.voices import minutes as voice_minutes
from escalation.voices import watching
from surveys.forums.inputs.additions import ACT_LINKS, COMMITMENT_PAGE, ActLink
from surveys.standards.causes import CAUSES, STANDARD_PANELS, StandardPanel
from surveys.voice.additions import VOICE_TABS, VoiceTab

grant(RIGHTS)
STANDINGS.extend((missing, owed_by_closed))
EVENT_TYPES.add(*ladder_events.EVENTS, *promise_events.EVENTS, *audit_events.EVENTS)
TABLES.add(ladder_recorded.ESCALATION)
ENTRY_TYPES.add(*audit_entries.ENTRIES)
SETTINGS.add(ladder_recorded.RULE, *audit_recorded.SETTINGS)
ENTRY_TYPES.add(*call_back_entries.ENTRIES)
MESSAGE_TYPES.add(*call_back_messages.MESSAGES)
OWN_ROWS.add(*call_back_recorded.OWN_ROWS)
APPEND_ONLY.extend((CallBackItem, CallBackAnswer))
MINE_PANELS.add(MinePanel("callbacks/_mine.html"))
OWN_ROWS.add(*signal_recorded.OWN_ROWS)
MESSAGE_TYPES.add(*signal_telling.MESSAGES)
APPEND_ONLY.extend((StandingSign, SignAnswer))
APPEND_ONLY.extend((OfficerMonth, MonthRemark))
APPEND_ONLY.extend((RecommendationStep, CommitmentStep, ProposalStep))
OWN_ROWS.add(*promise_recorded.OWN_ROWS, *audit_recorded.OWN_ROWS)
UNTOLD.add(*on_record.UNTOLD)
SPAN_CHECKS.add(SpanCheck("next-look", check_next_looks))
MESSAGE_TYPES.add(*voice_minutes.MESSAGES)
MESSAGE_TYPES.add(*ladder_messages.MESSAGES, *promise_messages.MESSAGES, *audit_messages.MESSAGES)
NAVIGATION.add(
    NavEntry("escalation:oversight-home", _("Oversight"), EscalationAct.OVERSEE),
    NavEntry("escalation:escalation-list", _("Escalations"), EscalationAct.ACKNOWLEDGE),
    NavEntry("escalation:obligations", _("What we owe"), EscalationAct.SEE_OBLIGATIONS),
    NavEntry("escalation:signs-to-answer", _("Signs to answer"), EscalationAct.ANSWER_SIGN),
    NavEntry(
        "escalation:own-months",
        _("My month"),
        EscalationAct.SEE_OWN_MONTH,
        unless=EscalationAct.SEE_PEOPLES_MONTHS,
    ),
    NavEntry("escalation:peoples-months", _("Months of my people"), EscalationAct.SEE_PEOPLES_MONTHS),
    # Supervisors find it among the tabs of their desk.
    NavEntry("escalation:what-if", _("What if"), EscalationAct.WHAT_IF, unless=EscalationAct.OVERSEE),
)
DESK_LINES.add(DeskLine("last-sweep", last_sweep))
OWN_LINKS.add(OwnLink("escalation:own-months", _("Your months as an officer"), was_officer))
CASE_PANELS.add(
    CasePanel(
        "escalation/_case_block.html",
        in_file=False,  # the file has a table of them
        rows=Exists(Escalation.objects.filter(complaint=OuterRef("pk"))),
    ),
    CasePanel("recommendations/_case_block.html"),
)
CASE_LINKS.add(
    CaseLink("escalation:oversight-case", _("Complete file"), "file", EscalationAct.OVERSEE, back="file")
)
CAUSES.add(promise_standards.KEPT)
STANDARD_PANELS.add(StandardPanel("commitments/_service_block.html"))
SETTINGS.add(promise_standards.RULE)
VOICE_TABS.add(VoiceTab("escalation:proposals", _("Proposals"), EscalationAct.COMMIT, position=50))
MESSAGE_TYPES.add(*voice_messages.MESSAGES)
INTEGRITY_CHECKS.add(
    IntegrityCheck("raised_case_is_not_marked", raised_unmarked),
    IntegrityCheck("instruction_is_not_marked", instructions_unmarked),
    IntegrityCheck("oversight_sums_differ", sums.differs),
    IntegrityCheck("times_with_agencies_differ", stays.differs),
    IntegrityCheck("input_nobody_watches", watching.nobody_watches),
    IntegrityCheck("supports_do_not_add_up", watching.supports_that_do_not_add_up),
)
COMMITMENT_PAGE.append("escalation:commitment-public")
ACT_LINKS.append(ActLink("escalation:input-promise", _("Make it a promise"), EscalationAct.COMMIT))
HOME_FIGURES.add(
    HomeFigure(
        "inputs_unwatched",
        _("Inputs of citizens that nobody watches"),
        _("What people said at forums or on slips gets an answer by a day, or somebody above is told."),
        watching.count,
    )
)
PUBLIC_LINKS.add(PublicLink("escalation:commitment-board", _("Promises kept and broken")))
