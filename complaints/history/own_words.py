"""What happened to a case, told to its own citizen: what they did is told as theirs. "" where another did it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Role
from complaints.history.kinds import Names
from complaints.models import Event


def submitted(event: Event, names: Names) -> str:
    return _("You sent the report") if event.role == Role.CITIZEN else ""


def answered(event: Event, names: Names) -> str:
    return _("You answered the question") if event.role == Role.CITIZEN else ""


def confirmed(event: Event, names: Names) -> str:
    if event.role != Role.CITIZEN:
        return ""
    rating = event.data.get("rating")
    if rating:
        return _("You said that it is solved, rated %(rating)d of 4") % {"rating": rating}
    return _("You said that it is solved")


def disputed(event: Event, names: Names) -> str:
    # The dissent of another citizen, passed on by the system, is not theirs.
    return _("You said that it is not solved: work goes on") if event.role == Role.CITIZEN else ""


def withdrawn(event: Event, names: Names) -> str:
    if event.role != Role.CITIZEN:
        return ""
    if main := event.data.get("from"):
        return _("You withdrew your report; report %(number)s goes on") % {"number": main}
    return _("You withdrew the report")


def added(event: Event, names: Names) -> str:
    if event.role != Role.CITIZEN:
        return ""
    count = len(event.data.get("files") or [])
    if event.content_digest or not count:
        return _("You added something to the report")
    return ngettext("You added %(count)d file", "You added %(count)d files", count) % {"count": count}


def rated(event: Event, names: Names) -> str:
    if event.role != Role.CITIZEN:
        return ""
    if event.data.get("agrees"):
        return _("You agreed with the answer to the joined report")
    return _("You disagreed with the answer to the joined report")


def outside_answered(event: Event, names: Names) -> str:
    return _("You said that the other body has answered") if event.role == Role.CITIZEN else ""


def brought_back(event: Event, names: Names) -> str:
    if event.role != Role.CITIZEN:
        return ""
    return _("You said that the other body did not answer: back with the city")
