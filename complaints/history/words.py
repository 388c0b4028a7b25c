"""The sentence for each kind of event, made from its codes when it is shown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Role
from complaints.clock.dates import day_words
from complaints.models import Event, EventKind
from complaints.models.complaint import Channel
from complaints.models.policy import Stage

LOOKS: dict[EventKind, tuple[str, str]] = {  # icon, tone
    EventKind.SUBMITTED: ("inbox", "info"),
    EventKind.IMPORTED: ("download", "info"),
    EventKind.QUESTION_ASKED: ("help", "warning"),
    EventKind.ANSWERED: ("chat", "info"),
    EventKind.LAPSED: ("hourglass", "neutral"),
    EventKind.REJECTED: ("x-circle", "neutral"),
    EventKind.MERGED: ("merge", "neutral"),
    EventKind.MERGE_RECEIVED: ("merge", "neutral"),
    EventKind.ASSIGNED: ("arrow-right", "info"),
    EventKind.HANDED_BACK: ("undo", "warning"),
    EventKind.ACCEPTED: ("person", "info"),
    EventKind.RESOLVED: ("check", "success"),
    EventKind.CONFIRMED: ("check-circle", "success"),
    EventKind.DISPUTED: ("flag", "danger"),
    EventKind.AUTO_CLOSED: ("check-circle", "neutral"),
    EventKind.REFERRED: ("link-out", "neutral"),
    EventKind.WITHDRAWN: ("undo", "neutral"),
    EventKind.NOTE_ADDED: ("edit", "warning"),
    EventKind.FILES_ADDED: ("file", "info"),
    EventKind.RATED: ("star", "info"),
    EventKind.WARNED: ("bell", "warning"),
    EventKind.BREACHED: ("late", "danger"),
    EventKind.ESCALATED: ("up", "danger"),
    EventKind.ESCALATION_ACKNOWLEDGED: ("check", "info"),
    EventKind.ESCALATION_DECIDED: ("flag", "info"),
    EventKind.ESCALATION_LIFTED: ("check", "neutral"),
    EventKind.DEADLINES_MOVED: ("calendar", "warning"),
    EventKind.IDENTITY_OPENED: ("key", "warning"),
    EventKind.WORDS_ERASED: ("eye-off", "neutral"),
    EventKind.REASSIGNED: ("arrow-right", "warning"),
    EventKind.PARTY_NAMED: ("person", "warning"),
    EventKind.PARTY_CLEARED: ("person", "neutral"),
    EventKind.RECOMMENDED: ("flag", "warning"),
    EventKind.RECOMMENDATION_ANSWERED: ("chat", "info"),
    EventKind.RECOMMENDATION_JUDGED: ("check", "info"),
    EventKind.COMMITMENT_MADE: ("calendar", "info"),
    EventKind.COMMITMENT_KEPT: ("check-circle", "success"),
    EventKind.COMMITMENT_BROKEN: ("late", "danger"),
    EventKind.AUDITED: ("check", "neutral"),
    EventKind.FILE_SEALED: ("key", "neutral"),
}


@dataclass(frozen=True)
class Names:
    """What codes in events stand for."""

    agencies: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)

    def agency(self, data: dict[str, Any], key: str = "agency") -> str:
        code = str(data.get(key) or "")
        return self.agencies.get(code, code)


def title_of(event: Event, names: Names) -> str:
    """The sentence of one event in the reader's language."""
    make = SENTENCES.get(EventKind(event.kind))
    return make(event, names) if make else str(EventKind(event.kind).label)


def _submitted(event: Event, names: Names) -> str:
    channel = event.data.get("channel", "")
    if event.role == Role.CITIZEN or channel not in Channel.values:
        return _("Report received")
    return _("Report received: %(channel)s") % {"channel": Channel(channel).label}


def _rejected(event: Event, names: Names) -> str:
    code = str(event.data.get("reason", ""))
    return _("Not taken up: %(reason)s") % {"reason": names.reasons.get(code, code)}


def _assigned(event: Event, names: Names) -> str:
    return _("Passed to %(agency)s") % {"agency": names.agency(event.data)}


def _handed_back(event: Event, names: Names) -> str:
    agency = names.agency(event.data)
    if event.data.get("taken"):  # it is about them
        return _("Taken from %(agency)s: another agency is being sought") % {"agency": agency}
    return _("%(agency)s handed the report back: another agency is being sought") % {"agency": agency}


def _reassigned(event: Event, names: Names) -> str:
    agency, before = names.agency(event.data), names.agency(event.data, "from")
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


def _confirmed(event: Event, names: Names) -> str:
    rating = event.data.get("rating")
    if rating:
        return _("Answer confirmed, rated %(rating)d of 4") % {"rating": rating}
    return _("Answer confirmed")


def _rated(event: Event, names: Names) -> str:
    if event.data.get("agrees"):
        return _("Agreed with the answer to the joined report")
    return _("Disagreed with the answer to the joined report")


def _files_added(event: Event, names: Names) -> str:
    count = len(event.data.get("files") or [])
    return ngettext("%(count)d file added", "%(count)d files added", count) % {"count": count}


def _stages(event: Event) -> str:
    """The stages an event names: `missed`, a list of [stage, due], or one `stage`."""
    codes = [stage for stage, *_due in event.data.get("missed") or []] or [event.data.get("stage")]
    return ", ".join(str(Stage(code).label) for code in codes if code in Stage.values)


def _breached(event: Event, names: Names) -> str:
    stages = _stages(event)
    return _("Target missed: %(stage)s") % {"stage": stages} if stages else _("Target missed")


def _warned(event: Event, names: Names) -> str:
    stages = _stages(event)
    return _("Reminder: due soon (%(stage)s)") % {"stage": stages} if stages else _("Reminder: due soon")


def _escalated(event: Event, names: Names) -> str:
    levels = {
        1: _("Raised to the head of the agency"),
        2: _("Raised to the inspectorate or the city secretary"),
        3: _("Raised to the ombudsman"),
    }
    raised = levels.get(event.data.get("level", 0), _("Raised to the next level"))
    if stages := _stages(event):
        return _("Target missed (%(stage)s). %(raised)s") % {"stage": stages, "raised": raised}
    trigger = event.data.get("trigger")
    if trigger == "share":
        return _("Most of the time is used. %(raised)s") % {"raised": raised}
    if trigger == "repeated":
        return _("Complaints about the same matter repeat themselves. %(raised)s") % {"raised": raised}
    return raised


def _decided(event: Event, names: Names) -> str:
    if event.data.get("decision") == "extend" and event.data.get("new") and event.data.get("old"):
        old, new = (day_words(datetime.fromisoformat(event.data[key])) for key in ("old", "new"))
        return _("Decision on the escalation: more time was given, until %(new)s instead of %(old)s") % {
            "new": new,
            "old": old,
        }
    if event.data.get("decision") == "instruct" and event.data.get("due"):
        day = day_words(datetime.fromisoformat(event.data["due"]))
        return _("Decision on the escalation: the agency was told to answer by %(day)s") % {"day": day}
    decisions = {
        "instruct": _("Decision on the escalation: the agency was instructed"),
        "extend": _("Decision on the escalation: more time was given"),
        "reassign": _("Decision on the escalation: the report goes to another agency"),
        "refer": _("Decision on the escalation: the report goes to another body"),
        "unfounded": _("Decision on the escalation: there was no ground for it"),
    }
    return decisions.get(str(event.data.get("decision", "")), _("Decision on the escalation"))


def _moved(event: Event, names: Names) -> str:
    for stage, _old, new in event.data.get("moved") or []:
        if stage == Stage.RESOLUTION and new:
            return _("The promised date is now %(day)s") % {"day": day_words(datetime.fromisoformat(new))}
    return _("Deadlines moved")


def _party(event: Event, names: Names) -> str:
    """Whom a case is about, as far as the event says: a person, a unit, or a head and the line below."""
    person, agency = event.data.get("person"), names.agency(event.data)
    if person is None:
        return agency
    who = names.people.get(person, f"#{person}")
    return _("%(person)s and everybody in %(agency)s") % {"person": who, "agency": agency} if agency else who


def _party_named(event: Event, names: Names) -> str:
    return _("Reported party named: %(who)s") % {"who": _party(event, names)}


def _party_cleared(event: Event, names: Names) -> str:
    return _("No longer a reported party: %(who)s") % {"who": _party(event, names)}


def _noted(event: Event, names: Names) -> str:
    return _("Audit note") if event.data.get("audit") else _("Internal note")


def _audited(event: Event, names: Names) -> str:
    data = {"sample": event.data.get("sample", 0)}
    if event.data.get("held"):
        return _("Reviewed in audit %(sample)d; the result follows after the second review") % data
    if "released" in event.data:
        return _("Audit %(sample)d: counts with one review, as the other can no longer be made") % data
    if "agreed" in event.data:
        return _("Audit %(sample)d: both reviewers agreed where they had differed") % data
    given = list((event.data.get("answers") or {}).values())
    data |= {
        "place": event.data.get("place", 1),
        "yes": given.count("yes"),
        "no": given.count("no"),
    }
    return _("Reviewed in audit %(sample)d (reviewer %(place)d): yes %(yes)d, no %(no)d") % data


def _recommended(event: Event, names: Names) -> str:
    return _("Recommendation to %(agency)s (%(number)s)") % _promise(event, names, "recommendation")


def _recommendation_answered(event: Event, names: Names) -> str:
    about = _promise(event, names, "recommendation")
    if event.data.get("accepts"):
        return _("%(agency)s accepted recommendation %(number)s") % about
    return _("%(agency)s did not accept recommendation %(number)s") % about


def _recommendation_judged(event: Event, names: Names) -> str:
    words = {
        "complied": _("%(agency)s complied with recommendation %(number)s"),
        "partly": _("%(agency)s complied with part of recommendation %(number)s"),
        "not_complied": _("%(agency)s did not comply with recommendation %(number)s"),
        "withdrawn": _("Recommendation %(number)s to %(agency)s was withdrawn"),
    }
    known = words.get(str(event.data.get("verdict", "")), _("Recommendation %(number)s to %(agency)s judged"))
    return known % _promise(event, names, "recommendation")


def _commitment_made(event: Event, names: Names) -> str:
    about = _promise(event, names, "commitment")
    day = event.data.get("due_on")
    if not day:
        return _("%(agency)s promised a change (%(number)s)") % about
    about["day"] = day_words(date.fromisoformat(str(day)))
    return _("%(agency)s promised a change by %(day)s (%(number)s)") % about


def _commitment_kept(event: Event, names: Names) -> str:
    return _("%(agency)s kept its promise %(number)s") % _promise(event, names, "commitment")


def _commitment_broken(event: Event, names: Names) -> str:
    return _("%(agency)s broke its promise %(number)s") % _promise(event, names, "commitment")


def _promise(event: Event, names: Names, key: str) -> dict[str, Any]:
    return {"agency": names.agency(event.data), "number": event.data.get(key, "")}


def _sealed(event: Event, names: Names) -> str:
    purposes = {
        "ombudsman": _("Sealed file made for the ombudsman"),
        "appeal": _("Sealed file made for the citizen's appeal"),
        "court": _("Sealed file made for a court"),
    }
    return purposes.get(str(event.data.get("purpose", "")), _("Sealed file made"))


def _constant(text: Callable[[], str]) -> Callable[[Event, Names], str]:
    return lambda event, names: text()


SENTENCES: dict[EventKind, Callable[[Event, Names], str]] = {
    EventKind.SUBMITTED: _submitted,
    EventKind.IMPORTED: _constant(lambda: _("Taken over from another system")),
    EventKind.QUESTION_ASKED: _constant(lambda: _("The city asked a question")),
    EventKind.ANSWERED: _constant(lambda: _("Question answered")),
    EventKind.LAPSED: _constant(lambda: _("Ended: the question was not answered in time")),
    EventKind.REJECTED: _rejected,
    EventKind.MERGED: _merged,
    EventKind.MERGE_RECEIVED: _merge_received,
    EventKind.ASSIGNED: _assigned,
    EventKind.HANDED_BACK: _handed_back,
    EventKind.REASSIGNED: _reassigned,
    EventKind.PARTY_NAMED: _party_named,
    EventKind.PARTY_CLEARED: _party_cleared,
    EventKind.ACCEPTED: _constant(lambda: _("Work has begun; an officer is responsible")),
    EventKind.RESOLVED: _constant(lambda: _("The city's answer")),
    EventKind.CONFIRMED: _confirmed,
    EventKind.DISPUTED: _constant(lambda: _("Answer disputed: work goes on")),
    EventKind.AUTO_CLOSED: _constant(lambda: _("Closed: nobody objected to the answer in time")),
    EventKind.REFERRED: _referred,
    EventKind.WITHDRAWN: _constant(lambda: _("Withdrawn by the citizen")),
    EventKind.NOTE_ADDED: _noted,
    EventKind.FILES_ADDED: _files_added,
    EventKind.RATED: _rated,
    EventKind.WARNED: _warned,
    EventKind.BREACHED: _breached,
    EventKind.ESCALATED: _escalated,
    EventKind.ESCALATION_DECIDED: _decided,
    EventKind.DEADLINES_MOVED: _moved,
    EventKind.RECOMMENDED: _recommended,
    EventKind.RECOMMENDATION_ANSWERED: _recommendation_answered,
    EventKind.RECOMMENDATION_JUDGED: _recommendation_judged,
    EventKind.COMMITMENT_MADE: _commitment_made,
    EventKind.COMMITMENT_KEPT: _commitment_kept,
    EventKind.COMMITMENT_BROKEN: _commitment_broken,
    EventKind.AUDITED: _audited,
    EventKind.FILE_SEALED: _sealed,
}
