"""Services and counters of a closed agency go to whoever took over, with their standards (decision 0055): what a
service promises is changed by the head of the agency that gives it now."""

from datetime import datetime
from typing import Any

from django.utils.translation import ngettext

from accounts.models import Agency
from complaints.ledger.settings import recording_settings
from complaints.models import Service
from surveys.standards.models import Counter

MODELS: tuple[Any, ...] = (Service, Counter)


def hand_over_services(now: datetime) -> int:
    """How many services and counters it moved. The pledge is the successor's own; dated changes stay as they are."""
    moved = 0
    for agency in Agency.objects.handed_over().select_related("successor"):
        successor = agency.who_took_over()
        if successor is None or not any(_of(agency, model).exists() for model in MODELS):
            continue
        with recording_settings(actor=None, now=now):
            moved += sum(_of(agency, model).update(agency=successor) for model in MODELS)
    return moved


def missing(now: datetime) -> dict[str, str]:
    """For the administration: services of agencies that are closed and have no successor (accounts/leaving.py)."""
    found = {}
    for agency in Agency.objects.filter(is_active=False, is_external=False).select_related("successor"):
        count = _of(agency, Service).filter(is_active=True).count() if agency.who_took_over() is None else 0
        if count:
            words = ngettext(
                "%(agency)s still has %(count)d service in the catalogue.",
                "%(agency)s still has %(count)d services in the catalogue.",
                count,
            )
            found[f"services:{agency.pk}"] = words % {"agency": agency.local_name, "count": count}
    return found


def _of(agency: Agency, model: Any) -> Any:
    return model.objects.filter(agency=agency).order_by("pk")
