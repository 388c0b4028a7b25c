"""What this app adds to the case and to the desk (complaints/registry.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.desk.additions import CASE_LINKS, NAVIGATION, CaseLink, NavEntry
from complaints.history.kinds import EVENT_TYPES
from complaints.history.untold import UNTOLD, Untold
from complaints.permissions import Act, grant
from complaints.public.additions import MINE_PANELS, MinePanel
from reports.documents.models import Document
from reports.events import EVENTS
from reports.minutes.models import MinutesPaper
from reports.minutes.views import address_of
from reports.rights import RIGHTS, ReportAct
from surveys.forums.meetings.additions import MINUTES_FILES
from surveys.index.additions import RESULT_PAPERS, ResultPaper
from surveys.rights import SurveyAct
from surveys.rounds.additions import ROUND_LINKS, RoundLink

grant(RIGHTS)
EVENT_TYPES.add(*EVENTS)
UNTOLD.add(
    Untold(
        "documents",
        _("Documents that were made of reports and periods"),
        _("They are copies. A published report carries its own digest and can be recounted."),
        {Document: (), MinutesPaper: ()},
    )
)
MINUTES_FILES.append(address_of)
MINE_PANELS.add(MinePanel("reports/_mine_sealed_file.html"))
NAVIGATION.add(NavEntry("reports:report-list", _("Reports"), ReportAct.READ_REPORTS))
CASE_LINKS.add(
    CaseLink("reports:case-seal", _("Seal the file"), "key", ReportAct.SEAL_FILE),
    CaseLink("reports:case-pdf", _("Make a PDF"), "download", Act.READ_WORDS, is_post=True),
)
RESULT_PAPERS.add(
    ResultPaper("reports:survey-report", _("Make the survey report"), SurveyAct.SEE_RESULTS),
    ResultPaper("reports:survey-poster", _("Make the poster"), SurveyAct.SEE_RESULTS),
)
ROUND_LINKS.add(RoundLink("reports:round-poster", _("Make the poster (PDF)"), "print", SurveyAct.RUN_ROUNDS))
