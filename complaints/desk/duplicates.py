"""Reports that may be about the same matter as a case, with what speaks for it: asked for when the fold for merging is
opened, and looked for among open cases of these weeks only."""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from complaints.alike import NEAR, RECENT, Alike, Traits, alike, telling_words
from complaints.clock.words import moment
from complaints.models import Complaint
from complaints.models.complaint import Complaints
from complaints.names import with_names
from complaints.permissions import Act, may
from complaints.states import Lane

MOST = 5  # that are shown
MOST_COMPARED = 300  # the newest of those that lie near or are of the same matter
METRES_A_DEGREE = 111_320
PREVIEW = 400  # letters
READ = (
    "number", "state", "returns_to", "kind", "subject", "location", "latitude", "longitude", "search_text",
    "received_at", "category_id", "area_id", "agency_id", "is_anonymous", "is_confidential", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Duplicate:
    """A case that may be the same, as somebody may see it. `words` is empty where its words are not for them."""

    number: str
    url: str
    title: str
    reasons: str
    under: str
    place: str
    words: str


def duplicates_of(case: Complaint, actor: User) -> list[Duplicate]:
    """Cases in the actor's scope that could take `case` up, the likeliest first. Two queries, and the names."""
    compared = {other.pk: other for other in _candidates(case, actor)}
    found = alike(_traits(case, actor), (_traits(other, actor) for other in compared.values()), MOST)
    texts = dict(
        Complaint.objects.filter(pk__in=[each.key for each in found]).values_list("pk", "description")
    )
    shown = with_names((compared[each.key] for each in found), ("agency",))
    return [_shown(other, each, texts[each.key], actor) for other, each in zip(shown, found, strict=True)]


def _candidates(case: Complaint, actor: User) -> Complaints:
    """Open wholes of the same kind that came within these weeks, and lie in the same ward, near it, or where either has
    no ward are of the same category."""
    cases = Complaint.objects.visible_to(actor).exclude(pk=case.pk)
    cases = cases.filter(
        lane__in=list(Lane),  # open and ours: an index holds these alone, however many are over
        kind=case.kind,
        parent=None,
        received_at__gte=case.received_at - RECENT,
        received_at__lte=case.received_at + RECENT,
    )
    where = Q(pk__in=[])
    if case.area_id is not None:
        where |= Q(area=case.area_id)
    if case.category_id is not None:
        same = Q(category=case.category_id)
        where |= same if case.area_id is None else same & Q(area=None)
    if case.latitude is not None and case.longitude is not None:
        # Where a case lies whose heading alone may be read is not found out by asking what lies near.
        near = cases.with_words_for(actor).filter(_around(case.latitude, case.longitude))
        where |= Q(pk__in=near.values("pk"))
    return cases.filter(where).only(*READ).order_by("-received_at", "-id")[:MOST_COMPARED]


def _around(latitude: float, longitude: float) -> Q:
    """A square that holds whatever is near."""
    high = NEAR / METRES_A_DEGREE
    wide = high / max(cos(radians(latitude)), 0.01)
    return Q(
        latitude__range=(latitude - high, latitude + high),
        longitude__range=(longitude - wide, longitude + wide),
    )


def _traits(case: Complaint, actor: User) -> Traits:
    """Of words and position nothing where only the heading may be read: a hit would betray them."""
    reads = may(actor, Act.READ_WORDS, case)
    has_position = reads and case.latitude is not None and case.longitude is not None
    return Traits(
        case.pk,
        case.received_at,
        case.category_id,
        case.area_id,
        (case.latitude, case.longitude) if has_position else None,  # type: ignore[arg-type]
        telling_words(case.search_text) if reads else None,
    )


def _shown(other: Complaint, why: Alike, description: str, actor: User) -> Duplicate:
    reads = may(actor, Act.READ_WORDS, other)
    agency = other.agency.local_name if other.agency else ""
    return Duplicate(
        number=other.number,
        url=reverse("complaints:case-detail", args=[other.number]),
        title=other.subject if reads else "",
        reasons=" · ".join(_reasons(why)),
        under=" · ".join(
            part for part in (other.get_state_display(), agency, moment(other.received_at)) if part
        ),
        place=other.location if reads else "",
        words=_beginning(description) if reads else "",
    )


def _beginning(text: str) -> str:
    return text if len(text) <= PREVIEW else text[:PREVIEW].rsplit(" ", 1)[0] + " …"


def _reasons(why: Alike) -> list[str]:
    reasons: list[Any] = []
    if why.same_category:
        reasons.append(_("same category"))
    if why.same_ward:
        reasons.append(_("same ward"))
    if why.metres is not None:
        reasons.append(_("%(count)d m away") % {"count": why.metres})
    if why.words:
        reasons.append(_("words: %(words)s") % {"words": ", ".join(why.words)})
    return [*reasons, _when(why.days)]


def _when(days: int) -> str:
    if days == 0:
        return _("on the same day")
    words = (
        ngettext("%(count)d day later", "%(count)d days later", days)
        if days > 0
        else ngettext("%(count)d day earlier", "%(count)d days earlier", -days)
    )
    return words % {"count": abs(days)}
