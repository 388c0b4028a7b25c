"""What recommendations and commitments write into the history of a case, and how it is told."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.clock.dates import day_words
from complaints.history.kinds import EventType, Names
from complaints.models import Event


class PromiseEvent(models.TextChoices):
    """Kinds of events."""

    RECOMMENDED = "recommended", gettext_lazy("Recommendation issued")
    RECOMMENDATION_ANSWERED = "recommendation_answered", gettext_lazy("Recommendation answered")
    RECOMMENDATION_JUDGED = "recommendation_judged", gettext_lazy("Compliance with a recommendation judged")
    RECOMMENDATION_MOVED = "recommendation_moved", gettext_lazy("Recommendation goes to another agency")
    COMMITMENT_MOVED = "commitment_moved", gettext_lazy("Commitment goes to another agency")
    COMMITMENT_MADE = "commitment_made", gettext_lazy("Commitment made")
    COMMITMENT_KEPT = "commitment_kept", gettext_lazy("Commitment kept")
    COMMITMENT_BROKEN = "commitment_broken", gettext_lazy("Commitment broken")


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


def _recommendation_moved(event: Event, names: Names) -> str:
    about = _promise(event, names, "recommendation") | {"before": names.agency(event.data, "from")}
    return _("%(before)s was closed: %(agency)s has recommendation %(number)s now") % about


def _commitment_moved(event: Event, names: Names) -> str:
    about = _promise(event, names, "commitment") | {"before": names.agency(event.data, "from")}
    return _("%(before)s was closed: %(agency)s keeps its promise %(number)s") % about


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


EVENTS = (
    EventType(
        PromiseEvent.RECOMMENDED, _recommended, "flag", "warning", is_public=True, words_for_staff=True
    ),
    EventType(PromiseEvent.RECOMMENDATION_ANSWERED, _recommendation_answered, "chat", "info"),
    EventType(
        PromiseEvent.RECOMMENDATION_JUDGED,
        _recommendation_judged,
        "check",
        "info",
        is_public=True,
        words_for_staff=True,
    ),
    EventType(PromiseEvent.COMMITMENT_MADE, _commitment_made, "calendar", "info", is_public=True),
    EventType(
        PromiseEvent.RECOMMENDATION_MOVED, _recommendation_moved, "arrow-right", "info", is_public=True
    ),
    EventType(PromiseEvent.COMMITMENT_MOVED, _commitment_moved, "arrow-right", "info", is_public=True),
    EventType(PromiseEvent.COMMITMENT_KEPT, _commitment_kept, "check-circle", "success", is_public=True),
    EventType(PromiseEvent.COMMITMENT_BROKEN, _commitment_broken, "late", "danger", is_public=True),
)
