"""The sentence for each kind of event of a case, made from its codes when it is shown."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Role
from complaints.clock.dates import day_words
from complaints.files.child import reason
from complaints.history import own_words
from complaints.history.kinds import EventType, Names, stages_in_words
from complaints.models import Event, EventKind
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel
from complaints.models.policy import Stage


def _submitted(event: Event, names: Names) -> str:
    channel = event.data.get("channel", "")
    if event.role == Role.CITIZEN or channel not in Channel.values:
        return _("Report received")
    return _("Report received: %(channel)s") % {"channel": Channel(channel).label}


def _imported(event: Event, names: Names) -> str:
    if agency := str(event.data.get("agency_there") or ""):
        return _("Taken over from another system, where %(agency)s had it") % {"agency": agency}
    return _("Taken over from another system")


def _rejected(event: Event, names: Names) -> str:
    code = str(event.data.get("reason", ""))
    return _("Not taken up: %(reason)s") % {"reason": names.reasons.get(code, code)}


def _assigned(event: Event, names: Names) -> str:
    agency, day = names.agency(event.data), _promised_day(event)
    others = names.others(event.data)
    if day:
        words = _("Passed to %(agency)s, put right as what it is. The promised date is now %(day)s")
        return words % {"agency": agency, "day": day}
    if others:
        return _("Passed to %(agency)s, which leads, and to %(others)s") % {
            "agency": agency,
            "others": others,
        }
    return _("Passed to %(agency)s") % {"agency": agency}


def _handed_back(event: Event, names: Names) -> str:
    agency = names.agency(event.data)
    if event.data.get("closed"):
        return _("%(agency)s was closed: another agency is being sought") % {"agency": agency}
    if event.data.get("taken"):  # it is about them
        return _("Taken from %(agency)s: another agency is being sought") % {"agency": agency}
    return _("%(agency)s handed the report back: another agency is being sought") % {"agency": agency}


def _reassigned(event: Event, names: Names) -> str:
    agency, before = names.agency(event.data), names.agency(event.data, "from")
    if event.data.get("closed"):
        return _("%(before)s was closed: passed to %(agency)s") % {"before": before, "agency": agency}
    if before:
        return _("Taken from %(before)s and passed to %(agency)s") % {"before": before, "agency": agency}
    return _("Passed to %(agency)s") % {"agency": agency}


def _referred(event: Event, names: Names) -> str:
    body, reference = names.agency(event.data, "body"), event.data.get("reference")
    if reference:
        return _("Referred to %(body)s, reference %(reference)s") % {"body": body, "reference": reference}
    return _("Referred to %(body)s") % {"body": body}


def _merged(event: Event, names: Names) -> str:
    return _("Joined with report %(number)s about the same matter") % {"number": event.data.get("into", "")}


def _merge_received(event: Event, names: Names) -> str:
    return _("Report %(number)s was joined with this one") % {"number": event.data.get("from", "")}


def _merge_left(event: Event, names: Names) -> str:
    words = _("Report %(number)s no longer follows this one: its citizen withdrew it")
    return words % {"number": event.data.get("from", "")}


def _withdrawn(event: Event, names: Names) -> str:
    """Of a merged case with the one that it followed."""
    if main := event.data.get("from"):
        return _("Withdrawn by the citizen; report %(number)s goes on") % {"number": main}
    return _("Withdrawn by the citizen")


def _went_on(event: Event, names: Names) -> str:
    about = {"number": event.data.get("from", ""), "agency": names.agency(event.data)}
    if about["agency"]:
        return _("This report goes on by itself, in place of report %(number)s, at %(agency)s") % about
    return _("This report goes on by itself, in place of report %(number)s") % about


def _confirmed(event: Event, names: Names) -> str:
    rating = event.data.get("rating")
    if rating:
        return _("Answer confirmed, rated %(rating)d of 4") % {"rating": rating}
    return _("Answer confirmed")


def _progress_told(event: Event, names: Names) -> str:
    if expected := event.data.get("expected_on"):
        words = _("Not done yet: the agency says it will be by %(day)s")
        return words % {"day": day_words(date.fromisoformat(expected))}
    return _("The city tells how far it is")


def _rated(event: Event, names: Names) -> str:
    if event.data.get("agrees"):
        return _("Agreed with the answer to the joined report")
    return _("Disagreed with the answer to the joined report")


def _files_added(event: Event, names: Names) -> str:
    count = len(event.data.get("files") or [])
    if event.data.get("contact") and not count and not event.content_digest:
        return _("How to reach the citizen was put right")
    if not count or event.content_digest:
        return _("Something was added to the report")
    return ngettext("%(count)d file added", "%(count)d files added", count) % {"count": count}


def _file_checked(event: Event, names: Names) -> str:
    if why := event.data.get("why"):
        return _("A file that was sent cannot be shown and was not kept. %(why)s") % {"why": reason(str(why))}
    return _("A file that was being checked is shown now")


def _files_marked(event: Event, names: Names) -> str:
    count = len(event.data.get("personal") or [])
    if not count:
        return _("No file shows a person or papers")
    return ngettext(
        "%(count)d file shows a person or papers", "%(count)d files show a person or papers", count
    ) % {"count": count}


def _breached(event: Event, names: Names) -> str:
    stages = stages_in_words(event)
    return _("Target missed: %(stage)s") % {"stage": stages} if stages else _("Target missed")


def _warned(event: Event, names: Names) -> str:
    stages = stages_in_words(event)
    return _("Reminder: due soon (%(stage)s)") % {"stage": stages} if stages else _("Reminder: due soon")


def _promised_day(event: Event) -> str:
    """To which day the promise moved by it; "" where it did not."""
    days = [new for stage, _old, new in event.data.get("moved") or [] if stage == Stage.RESOLUTION and new]
    return day_words(datetime.fromisoformat(days[-1])) if days else ""


def _moved(event: Event, names: Names) -> str:
    lead = event.data.get("with")
    if lead and any(
        stage == Stage.CITIZEN_ANSWER and new for stage, _old, new in event.data.get("moved") or []
    ):
        return _("The clock stands still with case %(number)s: its citizen is asked") % {"number": lead}
    day = _promised_day(event)
    return _("The promised date is now %(day)s") % {"day": day} if day else _("Deadlines moved")


def _corrected(event: Event, names: Names) -> str:
    """What was put right, where the event says it, and to which day that moved the promise."""
    parts, day = _what_was_corrected(event.data, names), _promised_day(event)
    said = _("Put right: %(what)s") % {"what": "; ".join(parts)} if parts else _("Put right as what it is")
    if day:
        return _("%(said)s. The promised date is now %(day)s") % {"said": said, "day": day}
    return said


def _what_was_corrected(data: dict[str, Any], names: Names) -> list[str]:
    of_words = {"subject": _("the title"), "location": _("the place")}
    parts = [of_words[name] for name in data.get("words") or () if name in of_words]
    if area := str(data.get("area") or ""):
        parts.append(_("the ward, now %(ward)s") % {"ward": names.areas.get(area, area)})
    if category := str(data.get("category") or ""):
        name = names.categories.get(category, category)
        parts.append(_("the category, now %(category)s") % {"category": name})
    if data.get("kind") in Kind.values:
        parts.append(_("the kind, now %(kind)s") % {"kind": Kind(data["kind"]).label})
    return parts


def _party(event: Event, names: Names) -> str:
    """Whom a case is about, as far as the event says: a person, a unit, or a head and the line below."""
    person, agency = event.data.get("person"), names.agency(event.data)
    if person is None:
        return agency
    who = names.person(person)
    return _("%(person)s and everybody in %(agency)s") % {"person": who, "agency": agency} if agency else who


def _party_named(event: Event, names: Names) -> str:
    return _("Reported party named: %(who)s") % {"who": _party(event, names)}


def _party_cleared(event: Event, names: Names) -> str:
    return _("No longer a reported party: %(who)s") % {"who": _party(event, names)}


def _asked(event: Event, names: Names) -> str:
    """Who asks, where it is not the agency that leads."""
    if event.data.get("part") and event.data.get("agency"):
        return _("%(agency)s asked a question about its part") % {"agency": names.agency(event.data)}
    return _("The city asked a question")


def _noted(event: Event, names: Names) -> str:
    if told := event.data.get("told"):
        return _("Internal note for %(people)s") % {"people": ", ".join(map(names.person, told))}
    return _("Audit note") if event.data.get("audit") else _("Internal note")


def _handed_on(event: Event, names: Names) -> str:
    return _("%(person)s goes on with it") % {"person": names.person(event.data.get("handler"))}


EVENTS = (
    EventType(EventKind.SUBMITTED, _submitted, "inbox", "info", is_public=True, own=own_words.submitted),
    EventType(EventKind.IMPORTED, _imported, "download", "info"),
    EventType(
        EventKind.IMPORT_UPDATED, gettext_lazy("Brought up to date with the other system"), "download", "info"
    ),
    EventType(EventKind.QUESTION_ASKED, _asked, "help", "warning", is_public=True),
    EventType(
        EventKind.QUESTION_PASSED_ON,
        gettext_lazy("The citizen was asked, through the whole of the report"),
        "help",
        "warning",
    ),
    EventType(
        EventKind.QUESTION_STANDS,
        gettext_lazy("The question still waits for an answer"),
        "help",
        "warning",
        is_public=True,
    ),
    EventType(
        EventKind.QUESTION_DROPPED,
        gettext_lazy("The question needs no answer any more: work goes on"),
        "help",
        "neutral",
        is_public=True,
    ),
    EventType(
        EventKind.ANSWERED,
        gettext_lazy("Question answered"),
        "chat",
        "info",
        is_public=True,
        own=own_words.answered,
    ),
    EventType(
        EventKind.LAPSED,
        gettext_lazy("Ended: the question was not answered in time"),
        "hourglass",
        "neutral",
        is_public=True,
        own=gettext_lazy("Ended: your answer did not come in time"),
    ),
    EventType(EventKind.REJECTED, _rejected, "x-circle", "neutral", is_public=True),
    EventType(EventKind.MERGED, _merged, "merge", "neutral", is_public=True),
    EventType(EventKind.MERGE_RECEIVED, _merge_received, "merge", "neutral"),
    EventType(EventKind.MERGE_LEFT, _merge_left, "undo", "neutral"),
    EventType(EventKind.WENT_ON, _went_on, "arrow-right", "info", is_public=True),
    EventType(EventKind.ASSIGNED, _assigned, "arrow-right", "info", is_public=True, words_for_staff=True),
    EventType(EventKind.HANDED_BACK, _handed_back, "undo", "warning", is_public=True, words_for_staff=True),
    EventType(
        EventKind.ACCEPTED,
        gettext_lazy("Work has begun; an officer is responsible"),
        "person",
        "info",
        is_public=True,
    ),
    EventType(EventKind.HANDED_ON, _handed_on, "person", "info"),
    EventType(EventKind.PROGRESS_TOLD, _progress_told, "chat", "info", is_public=True),
    EventType(EventKind.RESOLVED, gettext_lazy("The city's answer"), "check", "success", is_public=True),
    EventType(
        EventKind.CONFIRMED, _confirmed, "check-circle", "success", is_public=True, own=own_words.confirmed
    ),
    EventType(
        EventKind.DISPUTED,
        gettext_lazy("Answer disputed: work goes on"),
        "flag",
        "danger",
        is_public=True,
        own=own_words.disputed,
    ),
    EventType(
        EventKind.AUTO_CLOSED,
        gettext_lazy("Closed: nobody objected to the answer in time"),
        "check-circle",
        "neutral",
        is_public=True,
        own=gettext_lazy("Closed: you raised no objection to the answer in time"),
    ),
    EventType(
        EventKind.REFERRAL_CHECKED,
        gettext_lazy("The citizen was asked whether the other body has answered"),
        "help",
        "warning",
        is_public=True,
        own=gettext_lazy("You were asked whether the other body has answered"),
    ),
    EventType(
        EventKind.OUTSIDE_ANSWERED,
        gettext_lazy("The other body has answered"),
        "check",
        "success",
        is_public=True,
        own=own_words.outside_answered,
    ),
    EventType(
        EventKind.TOLD_OF_OMBUDSMAN,
        gettext_lazy("Not answered in the time that the law gives: the citizen may go to the ombudsman"),
        "flag",
        "warning",
        is_public=True,
        own=gettext_lazy("Not answered in the time that the law gives: you may go to the ombudsman"),
    ),
    EventType(
        EventKind.BROUGHT_BACK,
        gettext_lazy("Back with the city: the other body did not answer"),
        "undo",
        "danger",
        is_public=True,
        own=own_words.brought_back,
    ),
    EventType(EventKind.REFERRED, _referred, "link-out", "neutral", is_public=True),
    EventType(EventKind.WITHDRAWN, _withdrawn, "undo", "neutral", is_public=True, own=own_words.withdrawn),
    EventType(EventKind.NOTE_ADDED, _noted, "edit", "warning"),
    EventType(EventKind.FILES_ADDED, _files_added, "file", "info", is_public=True, own=own_words.added),
    EventType(EventKind.FILE_CHECKED, _file_checked, "file", "info", is_public=True),
    EventType(EventKind.FILES_MARKED, _files_marked, "eye-off", "neutral"),
    EventType(EventKind.RATED, _rated, "star", "info", own=own_words.rated),
    EventType(EventKind.WARNED, _warned, "bell", "warning"),
    EventType(EventKind.BREACHED, _breached, "late", "danger", is_public=True),
    EventType(EventKind.DEADLINES_MOVED, _moved, "calendar", "warning", is_public=True),
    EventType(EventKind.CORRECTED, _corrected, "edit", "info", is_public=True),
    EventType(EventKind.IDENTITY_OPENED, None, "key", "warning"),
    EventType(EventKind.WORDS_ERASED, None, "eye-off", "neutral"),
    EventType(EventKind.RECORDED, None, "info", "neutral"),
    EventType(EventKind.REASSIGNED, _reassigned, "arrow-right", "warning", is_public=True),
    EventType(EventKind.PARTY_NAMED, _party_named, "person", "warning"),
    EventType(EventKind.PARTY_CLEARED, _party_cleared, "person", "neutral"),
)
