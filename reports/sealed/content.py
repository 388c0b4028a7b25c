"""What a sealed file says of its case, as data (case.json). What is left out is marked, never passed over."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from complaints.clock.calendars import build
from complaints.clock.words import explanation, target_in_words, verdict
from complaints.history.kinds import EVENT_TYPES
from complaints.history.timeline import (
    Audience,
    TimelineItem,
    answers_of,
    events_for,
    timeline_as_seen_by,
    timeline_of_main,
)
from complaints.mail.types import type_of as message_type_of
from complaints.models import Attachment, Clock, Complaint, EventKind, Message, Pause
from complaints.models.policy import Stage
from escalation.ladder.models import Escalation
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.recommendation import Recommendation
from reports.figures.tables import iso
from reports.pages.case_file import facts_of

CASE = "tuntas-sealed-case-1"
# Whom a complaint is about is for the supervisors: a file that leaves the house does not name them.
WITHHELD = frozenset({EventKind.PARTY_NAMED, EventKind.PARTY_CLEARED})


@dataclass(frozen=True)
class Edition:
    """Who may read the file: supervisors and those they hand it to, or the citizen of the case."""

    case: Complaint
    is_for_citizen: bool

    @property
    def audience(self) -> Audience:
        return Audience.CITIZEN if self.is_for_citizen else Audience.STAFF

    def history(self) -> list[TimelineItem]:
        """The timeline with what is withheld or erased marked as such, in the reader's language."""
        erased = {
            seen.event.seq
            for seen in events_for(self.case, self.audience)
            if seen.shows_words and seen.event.content_digest and not hasattr(seen.event, "content")
        }
        return [_marked(item, erased) for item in timeline_as_seen_by(self.case, self.audience)]

    def elsewhere(self, history: list[TimelineItem]) -> list[TimelineItem]:
        """What the citizen's page shows beside the history of their own case: what was done and answered in the case
        that theirs was merged into, and the answers of the parts of a shared case."""
        if not self.is_for_citizen:
            return []
        parts = (self.case.merged_into or self.case).children.order_by("pk")
        items = timeline_of_main(self.case, history) + [item for part in parts for item in answers_of(part)]
        return sorted(items, key=lambda item: item.at)

    def attachments(self) -> list[Attachment]:
        rows = Attachment.objects.filter(complaint=self.case).order_by("pk")
        return list(rows.filter(is_public=True) if self.is_for_citizen else rows)


def _marked(item: TimelineItem, erased: set[int]) -> TimelineItem:
    if item.kind in WITHHELD:
        # The sentence names them as well.
        title = str(EVENT_TYPES[item.kind].kind.label)
        return replace(item, title=title, words=_("[withheld: whom the report is about]"))
    return replace(item, words=_("[erased]")) if item.seq in erased else item


def case_content(
    edition: Edition, history: list[TimelineItem], elsewhere: list[TimelineItem], now: datetime
) -> dict[str, Any]:
    """Everything but the files themselves, in the language that is switched on."""
    case = edition.case
    return {
        "format": CASE,
        "number": case.number,
        "edition": "citizen" if edition.is_for_citizen else "full",
        "sealed_at": iso(now),
        "subject": case.subject,
        "description": case.description,
        "complainant": _complainant(case),
        "facts": [{"name": name, "value": value} for name, value in facts_of(case)],
        **_clocks(case, now),
        "timeline": [_event(item) for item in history],
        # Not in the proof, which is that of this case alone.
        "elsewhere": [_event(item) | {"seq": None} for item in elsewhere],
        "follows": case.merged_into.number if case.merged_into else None,
        "correspondence": _letters(case, is_for_citizen=edition.is_for_citizen),
        "escalations": [_escalation(row, edition) for row in _escalations(case)],
        **{name: part(edition) for name, part in PARTS.items()},
    }


def _complainant(case: Complaint) -> str:
    """Never who it is: whoever has to know asks the city, which records the look."""
    if case.is_anonymous:
        return _("[not kept: the report is anonymous]")
    if case.is_confidential:
        return _("[withheld: the citizen asked for protection]")
    return _("[withheld: name and contact are not part of a sealed file]")


def _clocks(case: Complaint, now: datetime) -> dict[str, Any]:
    """Each target with every stretch in which its clock ran or stood still, and the pauses."""
    pauses = list(Pause.objects.filter(complaint=case))
    clocks = Clock.of_case(case.pk)
    return {
        "clocks": [_clock(clock, pauses, now) for clock in clocks],
        "pauses": [
            {"from": iso(each.started_at), "to": _when(each.ended_at), "stops_clock": each.stops_clock}
            for each in pauses
        ],
    }


def _clock(clock: Clock, pauses: list[Pause], now: datetime) -> dict[str, Any]:
    calendar = build(clock.calendar)
    return {
        "stage": str(Stage(clock.stage).label),
        "round": clock.cycle,
        "promised": target_in_words(clock),
        "calendar": clock.calendar.name,
        "started_at": iso(clock.started_at),
        "due_at": _when(clock.due_at),
        "missed_at": _when(clock.breached_at),
        "stopped_at": _when(clock.stopped_at),
        "verdict": verdict(clock, calendar, now).words,
        "why": [
            {"dates": line.dates, "what": line.words, "counted": line.counted}
            for line in explanation(clock, pauses, calendar, now)
        ],
    }


def _event(item: TimelineItem) -> dict[str, Any]:
    return {
        "seq": item.seq,
        "at": iso(item.at),
        "kind": str(item.kind),
        "title": item.title,
        "who": item.who,
        "words": item.words,
        "internal": item.is_internal,
        "files": [file.name for file in item.files],
    }


def _letters(case: Complaint, *, is_for_citizen: bool) -> list[dict[str, Any]]:
    """The mails, to whom by role: the address is not part of it, nor is the name."""
    rows = Message.objects.letters().filter(complaint=case).select_related("user__agency")
    if is_for_citizen:
        rows = rows.filter(user=None, reader="")
    return [
        {
            "mail": str(message_type_of(row).template.label),
            "about_event": row.cause or None,
            "to": _role(row.user) if row.user else str(row.get_reader_display() or Role.CITIZEN.label),
            "due_at": iso(row.due_at),
            "sent_at": _when(row.sent_at),
            "given_up_at": _when(row.dropped_at),
        }
        for row in rows.order_by("due_at", "pk")
    ]


def _role(user: User) -> str:
    agency = user.agency.short_name if user.agency else ""
    return ", ".join(part for part in (str(user.get_role_display()), agency) if part)


def _escalations(case: Complaint) -> Any:
    people = ("acknowledged_by__agency", "decided_by__agency")
    return Escalation.objects.filter(complaint=case).select_related(*people).order_by("raised_at", "pk")


def _escalation(row: Escalation, edition: Edition) -> dict[str, Any]:
    """To the citizen what the lines of their page say of it: that it was raised, and what was decided."""
    told = {
        "level": row.get_level_display(),
        "why": row.get_trigger_display(),
        "raised_at": iso(row.raised_at),
        "decided_at": _when(row.decided_at),
        "decided_by": _role(row.decided_by) if row.decided_by else None,
        "decision": row.get_decision_display() if row.decision else None,
    }
    return told if edition.is_for_citizen else told | _escalation_inside(row)


def _escalation_inside(row: Escalation) -> dict[str, Any]:
    return {
        "state": row.get_state_display(),
        "due_at": iso(row.due_at),
        "acknowledged_at": _when(row.acknowledged_at),
        "acknowledged_by": _role(row.acknowledged_by) if row.acknowledged_by else None,
        "lifted_at": _when(row.lifted_at),
        "lifted_because": row.lifted_because,
    }


def _recommendations(edition: Edition) -> list[dict[str, Any]]:
    rows = (
        Recommendation.objects.filter(links__complaint=edition.case).select_related("agency").order_by("pk")
    )
    return [
        {
            "number": row.number,
            "agency": row.agency.local_name,
            "issued_at": iso(row.issued_at),
            "due_on": row.due_on.isoformat(),
            **({} if edition.is_for_citizen else {"state": row.get_state_display()} | _findings(row)),
        }
        for row in rows
    ]


def _findings(row: Recommendation) -> dict[str, Any]:
    """Those of several cases tell of the others too, which whoever gets this file may not know."""
    if row.links.count() > 1:
        words = _("[withheld: it rests on other reports as well; ask the city's supervisors]")
        return {"subject": row.subject, "findings": words}
    return {
        "maladministration": row.get_maladministration_display(),
        "subject": row.subject,
        "findings": row.findings,
        "recommended": row.recommended,
    }


def _commitments(edition: Edition) -> list[dict[str, Any]]:
    """Promises that rest on the case; title and description are public."""
    rows = Commitment.objects.filter(sources__complaint=edition.case).select_related("agency").order_by("pk")
    return [
        {
            "number": row.number,
            "agency": row.agency.local_name,
            "state": row.get_state_display(),
            "title": row.title,
            "description": row.description,
            "made_at": iso(row.made_at),
            "due_on": row.due_on.isoformat(),
        }
        for row in rows
    ]


# What other parts of the house know of a case, by its name in case.json. What is added later joins here.
PARTS: dict[str, Callable[[Edition], list[dict[str, Any]]]] = {
    "recommendations": _recommendations,
    "commitments": _commitments,
}


def _when(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
