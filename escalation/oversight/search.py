"""The supervisors' search over every case. Each filter and order names its column here, never a visitor."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints import choices
from complaints.clock.kept import ENDED_OTHERWISE, Kept
from complaints.clock.kept_in_sql import kept as kept_in_sql
from complaints.desk.filters import QueueFilter
from complaints.models import Complaint, Event, EventKind
from complaints.models.complaint import Complaints
from complaints.paging import Order
from complaints.states import ACTIVE
from escalation.ladder.models import Decision, Escalation, Level
from escalation.stays.counting import stands
from escalation.stays.models import KeptStay
from escalation.stays.words import STAY_WORDS

ANY = _("any")
WAITING, EVER, EXTENDED = "waiting", "ever", "extended"
ESCALATED = [
    (WAITING, _("waiting for a decision")),
    *((str(level.value), level.label) for level in Level),
    (EVER, _("at any time")),
    (EXTENDED, _("more time was given")),
]
STANDINGS = [("unanswered", _("not answered yet")), ("answered", _("answered or ended"))]
PROMISES = [
    ("met", _("kept")),
    ("late", _("missed")),
    ("ahead", _("still to come")),
    ("still", _("standing still: waits for the citizen")),
    ("none", _("none")),
    ("not_needed", _("not needed: ended otherwise")),
]
STANDS: dict[str, tuple[Kept, ...]] = {
    "met": (Kept.ON_TIME,),
    "late": (Kept.LATE,),
    "ahead": (Kept.NOT_YET_DUE,),
    "still": (Kept.STANDING_STILL,),
    "none": (Kept.NO_TARGET,),
    "not_needed": ENDED_OTHERWISE,
}
PROTECTED = [("anonymous", _("anonymous")), ("confidential", _("confidential"))]
ORDERS = {
    "newest": Order("received_at", newest_first=True),
    "oldest": Order("received_at"),
    "due": Order("due_at"),
}
ORDER_NAMES = [("newest", _("newest first")), ("oldest", _("oldest first")), ("due", _("by due date"))]


def handed_back_by(cases: Complaints, agency: str) -> Complaints:
    """Cases that the agency with this code gave back, wherever they are now."""
    events = Event.objects.filter(kind=EventKind.HANDED_BACK, data__agency=agency)
    # The count on the case is asked first: the history is read of few cases only.
    return cases.filter(hand_backs__gt=0, pk__in=events.values("complaint_id"))


def _pick(options: Any, **more: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(empty_label=ANY, choices=options, **more)


class OversightFilter(QueueFilter):
    """The queue's filters and those that only a supervisor needs."""

    queue = None
    standing = _pick(STANDINGS, label=_("Answered"), method="by_standing")
    promise = _pick(PROMISES, label=_("Promised date"), method="by_promise")
    escalated = _pick(ESCALATED, label=_("Escalated"), method="by_escalation")
    disputed = django_filters.BooleanFilter(
        label=_("Disputed"), widget=forms.CheckboxInput, method="only_disputed"
    )
    handed_back = _pick(choices.agency_choices, label=_("Handed back by"), method="by_hand_back")
    was_with = _pick(choices.agency_choices, label=_("Was with"), method="by_time_with")
    time = _pick(list(STAY_WORDS.items()), label=_("The time there"), method="by_time_with")
    protected = _pick(PROTECTED, label=_("Identity"), method="by_protection")
    whole = django_filters.BooleanFilter(
        label=_("Without the parts of shared cases"), widget=forms.CheckboxInput, method="only_whole"
    )
    order = django_filters.ChoiceFilter(
        label=_("Order"), choices=ORDER_NAMES, empty_label=None, method="in_order"
    )

    def __init__(self, data: Any, *, actor: User, now: datetime) -> None:
        super().__init__(data, Complaint.objects.visible_to(actor), actor=actor, now=now)

    def by_standing(self, cases: Complaints, name: str, value: str) -> Complaints:
        active = sorted(ACTIVE)
        return cases.filter(state__in=active) if value == "unanswered" else cases.exclude(state__in=active)

    def by_promise(self, cases: Complaints, name: str, value: str) -> Complaints:
        """By the first promise of each round, as reports count it."""
        return cases.alias(kept=kept_in_sql(self.now)).filter(kept__in=STANDS[value])

    def by_escalation(self, cases: Complaints, name: str, value: str) -> Complaints:
        raised = Escalation.objects.counted().order_by()
        if value == EXTENDED:
            raised = raised.filter(decision=Decision.EXTEND)
        elif value != EVER:
            raised = raised.open()
            raised = raised if value == WAITING else raised.filter(level=int(value))
        return cases.filter(pk__in=raised.values("complaint_id"))

    def only_disputed(self, cases: Complaints, name: str, on: bool) -> Complaints:
        return cases.filter(disputed_at__isnull=False) if on else cases

    def by_hand_back(self, cases: Complaints, name: str, code: str) -> Complaints:
        return handed_back_by(cases, code)

    def by_time_with(self, cases: Complaints, name: str, value: str) -> Complaints:
        """An agency and how its time stands are of one time, and asked together."""
        agency, part = self.form.cleaned_data.get("was_with"), self.form.cleaned_data.get("time")
        if name == "time" and agency:
            return cases
        times = KeptStay.objects.filter(agency__code=agency) if agency else KeptStay.objects.all()
        if part:
            times = times.alias(stands=stands("promised_at", self.now)).filter(stands=part)
        return cases.filter(pk__in=times.order_by().values("complaint"))

    def by_protection(self, cases: Complaints, name: str, value: str) -> Complaints:
        return cases.filter(**{f"is_{value}": True})

    def only_whole(self, cases: Complaints, name: str, on: bool) -> Complaints:
        return cases.filter(parent__isnull=True) if on else cases

    def in_order(self, cases: Complaints, name: str, value: str) -> Complaints:
        """Rows are ordered by the page; by due date only those that have one can stand."""
        return cases.filter(due_at__isnull=False) if value == "due" else cases

    @property
    def sorting(self) -> Order:
        chosen = self.form.cleaned_data.get("order") if self.form.is_valid() else ""
        return ORDERS[chosen or "newest"]
