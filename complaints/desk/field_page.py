"""What somebody needs who goes to the place: on a phone, or on a sheet that lies about. It carries nobody's identity.

No name, telephone or address of the sender, none in the words either; no file name; no picture that shows a person or
papers; nothing that is not a picture. Of a confidential case it shows the verifier's remark instead of the words.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.clock.calendars import calendars
from complaints.clock.kept_in_sql import standings
from complaints.clock.words import moment, remaining
from complaints.desk.actions import Action, open_actions
from complaints.history.timeline import CITIZENS_ROLES, TimelineItem, part_may_read, timeline_for
from complaints.identity import Identity
from complaints.mentions import name_words
from complaints.models import Attachment, Complaint, EventKind
from complaints.services.system import contact

TAKEN_OUT = "[…]"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# A telephone number, an identity card's sixteen digits, an account.
LONG_NUMBER = re.compile(r"\+?\d(?:[ ./()-]{0,2}\d){6,}")
SHORTEST_NAME = 4  # letters of a single word of a name that is taken out
BY_CITIZEN = frozenset({EventKind.ANSWERED, EventKind.DISPUTED})
SHOWN = frozenset({EventKind.RESOLVED, EventKind.QUESTION_ASKED, *BY_CITIZEN})
SENT = frozenset({EventKind.ASSIGNED, EventKind.REASSIGNED})


@dataclass(frozen=True)
class Said:
    """One of the earlier answers and questions, without who gave it."""

    at: str
    title: str
    words: str


def field_context(case: Complaint, actor: User, now: datetime) -> dict[str, Any]:
    timeline = timeline_for(case, actor)
    identity = contact(case.parent or case)  # of a part, whoever sent the whole
    hidden = case.is_confidential
    actions = {action.slug: _panel(action, case, actor) for action in open_actions(actor, case)}
    return {
        "case": case,
        "place": place_of(case),
        "map_url": map_url(case),
        "words": "" if hidden else without_identity(f"{case.subject}\n\n{case.description}", identity),
        "remark": without_identity(_remark(case), identity) if hidden else "",
        "photos": photos_of(case),
        "due_at": moment(case.due_at),
        "left": remaining(case, calendars().of(case.agency_id), now, standings([case], now)),
        "said": _said(timeline, identity, but=BY_CITIZEN if hidden else frozenset()),
        "photo": actions.get("files"),
        "resolve": actions.get("resolve"),
        "now": now,
    }


def _panel(action: Action, case: Complaint, actor: User) -> dict[str, Any]:
    url = reverse(f"complaints:case-{action.slug}", args=[case.number])
    return {
        "action": action,
        "url": url,
        "form": action.form_for(case)(case=case, actor=actor, auto_id=f"{action.slug}-%s"),
    }


def place_of(case: Complaint) -> str:
    area = case.area
    parts = [case.location, area.name if area else "", area.parent.name if area and area.parent else ""]
    return ", ".join(part for part in parts if part)


def map_url(case: Complaint) -> str:
    """A geo: address (RFC 5870), which a phone opens in its map; "" without any place."""
    if case.latitude is not None and case.longitude is not None:
        point = f"{case.latitude:.6f},{case.longitude:.6f}"
        return f"geo:{point}?q={point}"
    place = place_of(case)
    return f"geo:0,0?q={quote(f'{place}, {settings.CITY.name}')}" if place else ""


def photos_of(case: Complaint) -> list[dict[str, str]]:
    """Pictures of the place, numbered: the names of files are the sender's. Of a confidential case only what staff
    took."""
    own = case.attachments.all()
    # Of a part also those that its citizen sent, which stand with the whole.
    of_whole = (
        Attachment.objects.filter(complaint=case.parent_id).select_related("event") if case.parent_id else ()
    )
    reaching = [row.pk for row in of_whole if part_may_read(row)]
    rows = Attachment.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=reaching))
    rows = rows.filter(content_type__startswith="image/", is_personal=False)
    if case.is_confidential:
        rows = rows.exclude(event__role__in=sorted(CITIZENS_ROLES))
    return [
        {"url": reverse("complaints:file", args=[row.key]), "label": _("Photo %(n)d") % {"n": number}}
        for number, row in enumerate(rows, start=1)
    ]


def without_identity(text: str, identity: Identity) -> str:
    """The words without addresses, long numbers and the sender's own name."""
    for pattern in (ADDRESS, LONG_NUMBER):
        text = pattern.sub(TAKEN_OUT, text)
    for word in name_words(identity.name):
        if len(word) >= SHORTEST_NAME:
            text = re.sub(rf"\b{re.escape(word)}\b", TAKEN_OUT, text, flags=re.IGNORECASE)
    return text


def _remark(case: Complaint) -> str:
    """What whoever sent the case wrote for the agency, the last of it."""
    sent = case.events.filter(kind__in=sorted(SENT)).select_related("content").order_by("-seq")
    said = [str(event.content.words.get("text", "")) for event in sent if hasattr(event, "content")]
    return next((words for words in said if words), "")


def _said(timeline: list[TimelineItem], identity: Identity, *, but: frozenset[str]) -> list[Said]:
    return [
        Said(moment(item.at), item.title, without_identity(item.words, identity))
        for item in timeline
        if item.kind in SHOWN and item.kind not in but and item.words
    ]
