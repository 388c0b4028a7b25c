"""The filters of the queue. Each names its column in code; what a visitor sends is a value, never a column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import Agency, User, stands_for
from accounts.roles import Role
from complaints import choices
from complaints.catalogue import catalogue
from complaints.clock.city_time import day_of, start_of
from complaints.clock.kept import Kept
from complaints.clock.kept_in_sql import kept
from complaints.desk.queues import count_found
from complaints.models import Complaint
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel, Complaints, StateChoice
from complaints.numbers import is_number
from complaints.paging import COUNT_CAP, Order, Page, first_page, first_page_with_count
from complaints.permissions import Act, role_may
from complaints.search import Hits, hits
from complaints.shares import kept_words
from complaints.states import ACTIVE, Verb

LONGEST_SEARCH = 200
ME = "me"
ROWS = ("agency", "category", "area")
SENSIBLE_DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


def _agencies() -> list[choices.Choice]:
    return choices.agency_choices()


def _day(**options: Any) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=SENSIBLE_DAYS, **options
    )


def _pick(**options: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(empty_label=_("any"), **options)


def _tick(**options: Any) -> django_filters.BooleanFilter:
    return django_filters.BooleanFilter(widget=forms.CheckboxInput, **options)


def standing_choices() -> list[choices.Choice]:
    """How a case stands, as the figures count it; over, or still open, whatever was promised."""
    return [
        ("ended", str(_("answered or over"))),
        ("open", str(_("not answered yet"))),
        *((each.value, kept_words(each)) for each in Kept),
    ]


@dataclass(frozen=True)
class Unfiltered:
    """A list of which nothing is asked: what `QueueFilter` says of it, without making a form."""

    whole: Callable[[], Complaints]
    is_active: bool = False
    has_errors: bool = False

    @property
    def found(self) -> Complaints:
        return self.whole()

    def count(self) -> int:
        return count_found(self.found)

    def found_in(self, strands: list[Complaints]) -> list[Complaints]:
        return strands


class QueueFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`QueueFilter(request.GET, queryset, actor=…, now=…)`; unknown parameters are not looked at."""

    counted = django_filters.CharFilter(widget=forms.HiddenInput, method="by_counted", max_length=40)
    row = django_filters.CharFilter(widget=forms.HiddenInput, method="by_row", max_length=80)
    queue = django_filters.CharFilter(widget=forms.HiddenInput, method="in_queue")
    q = django_filters.CharFilter(
        label=_("Number or words"), method="by_words", max_length=LONGEST_SEARCH, strip=True
    )
    state = _pick(label=_("State"), choices=StateChoice.choices)
    kind = _pick(label=_("Kind"), choices=Kind.choices)
    category = _pick(label=_("Category"), choices=choices.category_choices, method="by_category")
    area = _pick(label=_("District or ward"), choices=choices.area_choices, method="by_area")
    agency = _pick(label=_("Agency"), choices=_agencies, method="by_agency")
    handler = _pick(label=_("Handled by"), choices=(), method="by_handler")
    channel = _pick(label=_("Channel"), choices=Channel.choices)
    standing = _pick(label=_("Promise"), choices=standing_choices, method="by_standing")
    received_from = _day(label=_("Received from"), method="from_day")
    received_to = _day(label=_("Received until"), method="to_day")
    overdue = _tick(label=_("Overdue"), method="only_overdue")
    unassigned = _tick(label=_("Nobody works on it yet"), method="only_unassigned")

    def __init__(self, data: Any, queryset: Complaints, *, actor: User, now: datetime) -> None:
        super().__init__(data, queryset)
        self.actor, self.now = actor, now
        self.tries_some = False
        if actor.agency_id is None:
            del self.filters["handler"]
        else:
            names = [(ME, _("Me"))] if role_may(role_of(actor), Verb.ACCEPT) else []
            officers = [(str(pk), name) for pk, name in choices.officers(actor.agency_scope)]
            self.filters["handler"].extra["choices"] = names + officers
        if len(actor.agency_scope) == 1 or not role_may(role_of(actor), Act.READ_STAFF):
            del self.filters["agency"]

    @classmethod
    def of(
        cls, data: Mapping[str, str], whole: Callable[[], Complaints], *, actor: User, now: datetime
    ) -> "QueueFilter | Unfiltered":
        """The filter of the cases that `whole` gives, where anything of it is set: to make its form takes longer than
        the list."""
        if any(data.get(name) for name in cls.base_filters if name != "queue"):
            return cls(data, whole(), actor=actor, now=now)
        return Unfiltered(whole)

    def in_queue(self, cases: Complaints, name: str, code: str) -> Complaints:
        """The page has chosen the queue already; here it is only carried along."""
        return cases

    def by_words(self, cases: Complaints, name: str, text: str) -> Complaints:
        """A whole number finds any case in scope; words only those that this person may read."""
        if is_number(text):
            return cases.filter(number=text.upper())
        cases = cases.with_words_for(self.actor)
        return self.hits.some_among(cases) if self.tries_some else self.hits.among(cases)

    def by_category(self, cases: Complaints, name: str, code: str) -> Complaints:
        return cases.filter(category_id__in=choices.with_children(catalogue().categories, code))

    def by_area(self, cases: Complaints, name: str, code: str) -> Complaints:
        return cases.filter(area_id__in=choices.with_children(catalogue().areas, code))

    def by_agency(self, cases: Complaints, name: str, code: str) -> Complaints:
        return cases.filter(agency_id__in=[row.id for row in choices.agencies() if row.code == code])

    def by_handler(self, cases: Complaints, name: str, value: str) -> Complaints:
        return cases.filter(handler_id__in=self._mine if value == ME else [int(value)])

    def by_standing(self, cases: Complaints, name: str, standing: str) -> Complaints:
        """The cases behind a figure."""
        if standing == "open":
            return cases.active()
        if standing == "ended":
            return cases.exclude(state__in=sorted(ACTIVE))
        return cases.annotate(standing=kept(self.now)).filter(standing=standing)

    def by_counted(self, cases: Complaints, name: str, scope: str) -> Complaints:
        """Each shared case once, as a figure of the city or of an agency counts them; a page of figures links here."""
        if scope == "city":
            return cases.counted_once(None)
        agency = Agency.objects.filter(code=scope).first()
        return cases.counted_once(agency) if agency else cases.none()

    def by_row(self, cases: Complaints, name: str, row: str) -> Complaints:
        """Exactly the cases of a row of figures, such as `agency:DINSOS`, or `agency:` of those without one: of what is
        not offered any more as well, and without those that the row of a ward below it counts."""
        dimension, _sign, code = row.partition(":")
        if not code and dimension in (*ROWS, "district"):
            column = "area" if dimension == "district" else dimension
            return cases.filter(**{f"{column}__isnull": True})
        if dimension == "district":
            return cases.filter(Q(area__code=code) | Q(area__parent__code=code))
        return cases.filter(**{f"{dimension}__code": code}) if dimension in ROWS else cases.none()

    def from_day(self, cases: Complaints, name: str, day: date) -> Complaints:
        return cases.filter(received_at__gte=start_of(day))

    def to_day(self, cases: Complaints, name: str, day: date) -> Complaints:
        return cases.filter(received_at__lt=start_of(day + timedelta(days=1)))

    def only_overdue(self, cases: Complaints, name: str, on: bool) -> Complaints:
        return cases.overdue(self.now) if on else cases

    def only_unassigned(self, cases: Complaints, name: str, on: bool) -> Complaints:
        """Among an agency's cases: without a handler; else: without an agency."""
        if not on:
            return cases
        if self.actor.agency_id is not None:
            return cases.filter(handler__isnull=True)
        return cases.filter(agency__isnull=True)

    @cached_property
    def hits(self) -> Hits:
        """What the words find, asked once."""
        return hits(self.form.cleaned_data["q"], self.actor.agency_scope)

    @property
    def has_words(self) -> bool:
        text = self.form.cleaned_data.get("q", "") if self.form.is_valid() else ""
        return bool(text) and not is_number(text)

    @property
    def _few_are_theirs(self) -> bool:
        """Of all cases the words of which a verifier may read are few."""
        return role_of(self.actor) == Role.VERIFIER

    def first_page(self, rows: Complaints, order: Order, size: int) -> tuple[Page[Complaint], int] | None:
        """Of what words find, and how many there are, up to one past COUNT_CAP; None where the list is walked as it is
        without words. `rows`: the list without the filters."""
        if not self.has_words or (self.hits.many and not self._few_are_theirs):
            return None
        if self.hits.has_more and not self._few_are_theirs:
            return first_page(self.found, rows, order, size), self.count()
        return first_page_with_count(self.found, rows, order, size)

    def count(self) -> int:
        """How many fit, up to one past COUNT_CAP; where words find many, first some are tried, which is enough unless
        the other filters leave few of them."""
        if self.has_words and self.hits.has_more and not self._few_are_theirs:
            self.tries_some = True
            count = count_found(self.filter_queryset(self.queryset.all()))
            self.tries_some = False
            if count > COUNT_CAP:
                return count
        return count_found(self.found)

    @cached_property
    def _mine(self) -> list[int]:
        """Read first, so that the list keeps the order of its index."""
        return stands_for(self.actor, day_of(self.now))

    def found_in(self, strands: list[Complaints]) -> list[Complaints]:
        """What fits, of each."""
        if not self.form.is_valid():
            return [Complaint.objects.none()]
        return [self.filter_queryset(strand) for strand in strands]

    @property
    def has_errors(self) -> bool:
        """Whether a value makes no sense (`form.errors` says which)."""
        return bool(self.form.errors)

    @property
    def is_active(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in self.filters if name != "queue")

    @property
    def found(self) -> Complaints:
        """What fits; nothing when a value makes no sense (`form.errors` says which)."""
        cases: Complaints = self.qs if self.form.is_valid() else Complaint.objects.none()
        return cases
