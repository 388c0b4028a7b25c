"""What was decided on an escalation, in one plain sentence for citizen and staff alike. From codes alone."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Agency
from complaints.clock.dates import day_words


def what_was_decided(data: dict[str, Any]) -> str:
    """The sentence for the data of a decision's mail; "" for a decision of which the codes say nothing."""
    told = {
        "agency": _name(data.get("agency")),
        "before": _name(data.get("from")),
        "body": _name(data.get("body")),
        "due": _day(data.get("due")),
        "old": _day(data.get("old")),
        "new": _day(data.get("new")),
    }
    sentence, *needed = {
        "instruct": (_("The agency was told to answer by %(due)s."), "due"),
        "extend": (_("More time was given: the promised day is now %(new)s. It was %(old)s."), "new", "old"),
        "reassign": _reassigned(told),
        "refer": (_("The report goes to %(body)s, which answers for this matter."), "body"),
        "unfounded": (_("There was no ground for the escalation. The agency goes on with the report."),),
    }.get(str(data.get("decision", "")), ("",))
    return sentence % told if all(told[name] for name in needed) else ""


def _reassigned(told: dict[str, str]) -> tuple[str, str]:
    if told["before"]:
        return _("The report was taken from %(before)s and given to %(agency)s."), "agency"
    return _("The report was given to %(agency)s."), "agency"


def _name(code: Any) -> str:
    agency = Agency.objects.filter(code=code).first() if code else None
    return agency.local_name if agency else ""


def _day(moment: Any) -> str:
    return day_words(datetime.fromisoformat(moment)) if moment else ""
