"""What this app adds to the case and to the desk (complaints/registry.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.database.append_only import APPEND_ONLY
from complaints.desk.additions import CASE_LINKS, NAVIGATION, CaseLink, NavEntry
from complaints.history.kinds import EVENT_TYPES
from complaints.history.rows import OWN_ROWS, SETTINGS
from complaints.history.untold import UNTOLD, Untold
from complaints.integrity import INTEGRITY_CHECKS, IntegrityCheck
from complaints.ledger.entries import ENTRY_TYPES
from complaints.ledger.verifying.further import ENTRY_CHECKS, EntryCheck
from complaints.mail.types import MESSAGE_TYPES
from complaints.permissions import Act, grant
from complaints.public.additions import CHECK_LINKS, MINE_PANELS, PUBLIC_LINKS, MinePanel, PublicLink
from escalation.sweep import FURTHER_SWEEPS, FurtherSweep
from reports import stored_files as stored_files
from reports.documents.models import Document
from reports.events import EVENTS
from reports.minutes import mending
from reports.minutes.models import MinutesPaper
from reports.minutes.views import address_of
from reports.opendata.models import PublicEdition
from reports.publication import entries as publication_entries
from reports.publication import messages as publication_messages
from reports.publication import recorded as publication_recorded
from reports.publication import watching
from reports.publication.additions import REPORT_FILES, ReportFiles
from reports.publication.data_files import data_files
from reports.publication.models import ReportSnapshot, ReportStep, ReportText, SnapshotPiece
from reports.publication.verifying import check_reports
from reports.rights import RIGHTS, ReportAct
from reports.statistics.keeping import differs
from reports.statistics.models import RollUp, RollUpMonth, RollUpState, RollUpStay
from surveys.forums.meetings.additions import MINUTES_FILES
from surveys.index.additions import RESULT_PAPERS, ResultPaper
from surveys.rights import SurveyAct
from surveys.rounds.additions import ROUND_LINKS, RoundLink
from surveys.standards.causes import COUNTER_LINKS, CounterLink

grant(RIGHTS)
REPORT_FILES.add(ReportFiles("open_data", data_files))
EVENT_TYPES.add(*EVENTS)
UNTOLD.add(
    Untold(
        "documents",
        _("Documents that were made of reports and periods"),
        _("They are copies. A published report carries its own digest and can be recounted."),
        {Document: (), MinutesPaper: ()},
    ),
    Untold(
        "statistics",
        _("Statistics that are kept up, and what was published of them"),
        _(
            "They are counted from the reports and can be counted again; check_integrity does so. Whoever took a copy "
            "of what was published can hold it against the page."
        ),
        {RollUp: (), RollUpMonth: (), RollUpState: (), RollUpStay: (), PublicEdition: ()},
    ),
)
INTEGRITY_CHECKS.add(IntegrityCheck("statistics_are_not_the_full_count", differs))
MINUTES_FILES.append(address_of)
MINE_PANELS.add(MinePanel("reports/_mine_sealed_file.html"))
PUBLIC_LINKS.add(PublicLink("reports:statistics", _("Statistics"), is_main=True))
NAVIGATION.add(NavEntry("reports:statistics-live", _("Statistics"), ReportAct.READ_REPORTS))
NAVIGATION.add(NavEntry("reports:report-list", _("Reports"), ReportAct.READ_REPORTS))
CASE_LINKS.add(
    CaseLink("reports:case-seal", _("Seal the file"), "key", ReportAct.SEAL_FILE),
    CaseLink("reports:case-pdf", _("Make a PDF"), "download", Act.READ_WORDS, is_post=True),
)
RESULT_PAPERS.add(
    ResultPaper("reports:survey-report", _("Make the survey report"), SurveyAct.SEE_RESULTS),
    ResultPaper("reports:survey-poster", _("Make the poster"), SurveyAct.SEE_RESULTS),
)
COUNTER_LINKS.add(CounterLink("reports:counter-poster", _("Poster for complaints (PDF)"), "print"))
ROUND_LINKS.add(RoundLink("reports:round-poster", _("Make the poster (PDF)"), "print", SurveyAct.RUN_ROUNDS))
ENTRY_TYPES.add(*publication_entries.ENTRIES)
ENTRY_CHECKS.add(EntryCheck("reports", check_reports))
SETTINGS.add(publication_recorded.POLICY)
OWN_ROWS.add(*publication_recorded.OWN_ROWS)
APPEND_ONLY.extend((ReportSnapshot, ReportStep, ReportText, SnapshotPiece))
UNTOLD.add(*publication_recorded.UNTOLD)
MESSAGE_TYPES.add(*publication_messages.MESSAGES)
FURTHER_SWEEPS.add(FurtherSweep("reports", watching.sweep_reports))
INTEGRITY_CHECKS.add(
    IntegrityCheck("report_nobody_watches", watching.nobody_watches),
    IntegrityCheck("report_file_missing_or_changed", watching.files_missing),
    IntegrityCheck("minutes_file_missing_or_changed", mending.files_missing),
)
PUBLIC_LINKS.add(PublicLink("reports:public-list", _("Accountability reports")))
CHECK_LINKS.add(PublicLink("reports:recount", _("Count the figures of an accountability report again")))
