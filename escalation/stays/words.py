"""What is said of a time with an agency: one word for each of PARTS, as the reports say it."""

from django.utils.translation import gettext_lazy as _

STAY_WORDS = {
    "in_time": _("in time"),
    "late": _("late"),
    "open_in_time": _("open in time"),
    "handed_on": _("handed on"),
    "referred": _("referred"),
    "otherwise": _("ended otherwise"),
    "standing_still": _("standing still"),
    "unknown": _("unknown"),
}
