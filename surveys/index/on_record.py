"""What of this room's tables the history does not hold fast (complaints/history/untold.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.history.untold import Untold
from surveys.index.models import PublishedIndex, RoundResult

UNTOLD = (
    Untold(
        "results",
        _("What was counted of survey rounds, and published indices that were typed in"),
        _("Each is shown with what it is counted from, and can be counted again."),
        {RoundResult: (), PublishedIndex: ()},
    ),
)
