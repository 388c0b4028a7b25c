"""Which cases somebody may reach, and the named sets of cases that lists, sweep and tests share."""

from datetime import date, datetime
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Func, Prefetch, Q

from accounts.actors import Actor, Citizen, role_of
from accounts.models import Agency, User, represented_by
from accounts.roles import Role
from complaints.aside import cases_about_inspectorate, cases_against
from complaints.states import ACTIVE, OPEN, OVERSIGHT, STORED, WITH_AGENCY, State

PLACE = ExpressionWrapper(F("agency_id") + 0, BigIntegerField())
# As the index `complaint_unassigned` says it. SQLite takes that one only where a statement says the same with the
# values in it; values of a list that come beside the statement it does not compare.
UNASSIGNED = Func(
    F("state"),
    template=f"%(expressions)s IN ('{State.AWAITING_CITIZEN}', '{State.SUBMITTED}')",
    output_field=BooleanField(),
)
Case = TypeVar("Case", bound=models.Model, covariant=True)  # the model stands above

# How an open case breaks the invariant by itself: nobody looks at it again, or nobody has it. Whether those whose it
# is are there, complaints/watching.py asks.
UNWATCHED = (
    Q(next_action_at__isnull=True)
    | Q(next_level__isnull=True)
    | Q(agency__isnull=True)
    & ~Q(state=State.SUBMITTED)
    & ~Q(state=State.AWAITING_CITIZEN, returns_to=State.SUBMITTED)
)


def _parties() -> Any:
    """The reported parties; their model stands above this module."""
    return apps.get_model("complaints", "ReportedParty").objects.all()


def scope_of(user: User) -> tuple[Any, ...]:
    """All by which `visible_to` tells members of staff apart: with the same it makes the same query."""
    return (user.pk, role_of(user), user.agency_id, tuple(user.agency_scope), user.sees_oversight)


class ComplaintQuerySet(models.QuerySet[Case]):
    """`visible_to` is the only door by which pages, exports, searches, files and services reach cases."""

    def visible_to(self, actor: Actor, *, agency: int | None = None, by_agency: bool = True) -> Self:
        """The cases in the scope of `actor`; to all others the case does not exist (404).

        `agency`: of the staff of agencies only what lies with this one of theirs. `by_agency=False`: where another
        condition finds the few that are meant, the same asked so that no index of the agency's cases is taken for it.
        """
        role = role_of(actor)
        if role == Role.SYSTEM:
            return self.all()
        if isinstance(actor, Citizen):
            return self.filter(pk=actor.complaint_id)
        assert actor is not None
        if role in (Role.SUPERVISOR, Role.VERIFIER):
            return self.not_about(actor)
        if role == Role.CLERK:
            return self.filter(entered_by=actor).not_about(actor)
        if role in (Role.OFFICER, Role.AGENCY_HEAD):
            scope = [pk for pk in actor.agency_scope if agency in (None, pk)]
            within = (
                self.filter(agency_id__in=scope)
                if by_agency
                else self.alias(place=PLACE).filter(place__in=scope)
            )
            return within._of_its_kind(actor).not_about(actor)
        return self.none()

    def not_about(self, user: User) -> Self:
        """Without those in which this person, their agency or one above it is a reported party.

        NOT IN over a small list that is read once: the queues keep their index and their order.
        """
        return self.exclude(pk__in=cases_against(user))

    def about(self, user: User) -> Self:
        """The rest: the few that do not exist for somebody who sees all others."""
        return self.filter(pk__in=cases_against(user))

    def kept_from(self, user: User) -> Self:
        """Those that do not exist for somebody in whose scope they would lie otherwise: what is taken off a sum, lest
        it tell of them."""
        hidden = Q(pk__in=cases_against(user))
        if role_of(user) in (Role.OFFICER, Role.AGENCY_HEAD) and not user.sees_oversight:
            hidden |= Q(kind=OVERSIGHT) & ~Q(pk__in=cases_about_inspectorate())
        return self.filter(hidden)

    def _of_its_kind(self, user: User) -> Self:
        """Oversight complaints are the inspectorate's alone, unless the inspectorate is complained about."""
        if user.sees_oversight:
            return self
        return self.filter(~Q(kind=OVERSIGHT) | Q(pk__in=cases_about_inspectorate()))

    def readable_by(self, actor: Actor) -> Self:
        """Those whose words `actor` may read: `permissions.may(actor, Act.READ_WORDS, case)` as a condition.

        A search over words goes through here, lest a hit betray what the page would not show.
        """
        return self.visible_to(actor).with_words_for(actor)

    def with_words_for(self, actor: Actor) -> Self:
        """Of cases in scope those whose words `actor` may read."""
        return self.waiting_for_verifiers() if role_of(actor) == Role.VERIFIER else self

    def counted_once(self, agency: Agency | None) -> Self:
        """Those of an agency and the ones below it, or of all: a case shared between agencies is one, and its parts
        are left out wherever the whole is counted."""
        if agency is None:
            return self.filter(parent__isnull=True)
        scope = agency.with_descendants()
        return self.filter(Q(parent__isnull=True) | ~Q(parent__agency_id__in=scope), agency_id__in=scope)

    def open(self) -> Self:
        return self.filter(state__in=sorted(OPEN))

    def not_over(self) -> Self:
        """Open, for its own citizen: a merged case is so as long as the case it was merged into is."""
        return self.filter(Q(state__in=sorted(OPEN)) | Q(merged_into__state__in=sorted(OPEN)))

    def active(self) -> Self:
        """Not answered yet."""
        return self.filter(state__in=sorted(ACTIVE))

    def waiting_for_verifiers(self) -> Self:
        """The verifiers' queue: unassigned, and asked back before assignment; along the index of these."""
        return self.filter(UNASSIGNED, Q(state=State.SUBMITTED) | Q(returns_to=State.SUBMITTED))

    def waiting_for_agency(self) -> Self:
        """An agency's queue: with it, or waiting for the citizen's answer to its question."""
        return self.filter(
            Q(state__in=sorted(WITH_AGENCY))
            | Q(state=State.AWAITING_CITIZEN, returns_to__in=sorted(WITH_AGENCY))
        )

    def left_at(self, agency: Agency) -> Self:
        """What an agency that closed still has to do."""
        return self.open().active().filter(agency=agency, is_live=True)

    def referred_unanswered(self) -> Self:
        """Past the day on which a referral is looked at again, and nobody has said what became of it."""
        asked = {"outside_asked__gt": 0, "outside_answer": ""}
        return self.filter(state=State.REFERRED, is_live=True, **asked)

    def overdue(self, now: datetime) -> Self:
        return self.filter(state__in=sorted(ACTIVE), due_at__lt=now)

    def due_within(self, now: datetime, until: datetime) -> Self:
        return self.filter(state__in=sorted(ACTIVE), due_at__gte=now, due_at__lt=until)

    def needing_action(self, now: datetime) -> Self:
        """What the sweep has to look at, oldest first. Set-aside cases come again an hour later."""
        return self.filter(next_action_at__lte=now).order_by("next_action_at", "id")

    def raised_and_answered(self) -> Self:
        """Whose open escalations, if any, are to be lifted, along the index of what is raised: in the order of keys a
        large city's whole table is walked to find that there are none."""
        return self.filter(is_raised=True, state__in=sorted(STORED - ACTIVE)).order_by("state", "id")

    def for_list(self) -> Self:
        """What a row of a list shows; names come from `names.with_names`."""
        return self.defer(
            "description",
            "policy",
            "receipt_digest",
            "submission_digest",
            "last_event_hash",
            "lane",
            "search_text",
        )

    def handled_by(self, user: User, day: date) -> Self:
        """Named to this person, or to somebody absent on that day for whom they stand in."""
        return self.filter(handler__in=represented_by(user, day))

    def with_everything(self) -> Self:
        parties = Prefetch("reported_parties", _parties().select_related("user", "agency"))
        return self.prefetch_related(parties, "attachments").select_related(
            "category",
            "service",
            "agency",
            "area",
            "area__parent",
            "handler",
            "entered_by",
            "parent",
            "merged_into",
            "complainant",  # sealed; who may read it is asked where it is opened
        )

    def update(self, **values: Any) -> int:
        """Refuses to write the state: only a transition does (fsm's guard does not cover this path)."""
        if "state" in values:
            raise ValueError("the state is changed by a transition only")
        return super().update(**values)
